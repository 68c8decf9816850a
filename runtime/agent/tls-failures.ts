interface TlsError extends NodeJS.ErrnoException {
    /** OpenSSL's words: `wrong version number`. */
    readonly reason?: string;
    /** Of a certificate that names others. */
    readonly host?: string;
    readonly cert?: { readonly subjectaltname?: string; readonly subject?: { readonly CN?: string } };
}

/** What Node.js calls the verdicts of OpenSSL on a chain of certificates (`X509_V_ERR_…`). */
const UNTRUSTED: Readonly<Record<string, string>> = {
    CERT_HAS_EXPIRED: "has expired",
    CERT_NOT_YET_VALID: "is not valid yet",
    CERT_REVOKED: "is revoked",
    CERT_UNTRUSTED: "is not trusted",
    CERT_REJECTED: "is rejected",
    CERT_SIGNATURE_FAILURE: "has a wrong signature",
    CERT_CHAIN_TOO_LONG: "has too long a chain",
    DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
    SELF_SIGNED_CERT_IN_CHAIN: "is signed by an unknown authority",
    UNABLE_TO_GET_ISSUER_CERT: "is signed by an unknown authority",
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "is signed by an unknown authority",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "is signed by an unknown authority",
    INVALID_CA: "is signed by a certificate that is no authority's",
    INVALID_PURPOSE: "is not meant for a server",
    PATH_LENGTH_EXCEEDED: "has too long a chain",
};

/** Why a handshake failed, in words; undefined when it was not TLS that failed. */
export function tlsFailure(error: TlsError, asked: string): string | undefined {
    const code = error.code ?? "";
    if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
        return `the certificate of ${asked} is not for ${error.host}, but for ${namesOf(error)}`;
    if (UNTRUSTED[code]) return `the certificate of ${asked} ${UNTRUSTED[code]}`;
    if (code !== "EPROTO" && !code.startsWith("ERR_SSL_")) return undefined;
    const reason = error.reason ?? /SSL routines:[^:]*:([^:]+)/.exec(error.message)?.[1] ?? "";
    if (/wrong version number|packet length too long|http request/.test(reason))
        return `no TLS in the answer from ${asked}`;
    if (/certificate required/.test(reason) || /handshake failure/.test(reason))
        return `${asked} refused the handshake (${words(reason)}); it may want a client certificate`;
    if (/alert/.test(reason)) return `${asked} refused the handshake (${words(reason)})`;
    return `the TLS handshake with ${asked} failed (${words(reason) || code})`;
}

/** `sslv3 alert handshake failure` → `handshake failure` */
function words(reason: string): string {
    return reason
        .replace(/^(ssl|tls)v[\d.]+ alert /, "")
        .replace(/:.*$/s, "")
        .trim();
}

function namesOf({ cert }: TlsError): string {
    return cert?.subjectaltname?.replace(/(DNS|IP Address):/g, "") ?? cert?.subject?.CN ?? "nobody";
}
