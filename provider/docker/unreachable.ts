import { adviceToForget, type Engine } from "./engine";
import { isNoAnswer, reasonOf, statusOf } from "./errors";
import type { Target } from "./target";

/** Docker cannot be asked anything. */
export class Unreachable extends Error {
    constructor(
        private readonly address: string,
        private readonly reason: string,
        private readonly story = { isTold: false },
    ) {
        super(`cannot reach Docker at ${address}: ${reason}`);
    }

    /** The same, with what to do where `engine` had something. */
    whereHad(engine: Engine): Unreachable {
        return new Unreachable(this.address, `${this.reason}; or, ${adviceToForget(engine)}`, this.story);
    }

    /** What a user is told: the whole story once, the resources that meet the same only refer to it. Many who meet it tell nobody. */
    tell(): string {
        if (this.story.isTold) return `cannot reach Docker at ${this.address} either: see the other error`;
        this.story.isTold = true;
        return this.message;
    }
}

/** What is wrong, by the code of Node's or OpenSSL's error. */
const BY_CODE: readonly [codes: RegExp, reason: (target: Target) => string][] = [
    [/^ENOTFOUND$/, ({ address }) => `there is no host of the name ${hostIn(address)}`],
    [/^EAI_AGAIN$/, ({ address }) => `the name ${hostIn(address)} cannot be looked up now`],
    [/^ENOENT$/, () => "there is no such socket; start Docker there"],
    [/^ECONNREFUSED$/, () => "nobody listens there (connection refused); start Docker there"],
    [/^(EACCES|EPERM)$/, () => "permission denied; add your user to the group that the socket belongs to (docker)"],
    [/^(EHOSTUNREACH|ENETUNREACH)$/, () => "there is no route to it"],
    [/^ETIMEDOUT$/, () => "no answer"],
    [/^CERT_HAS_EXPIRED$/, () => "its certificate has expired"],
    [/^CERT_NOT_YET_VALID$/, () => "its certificate is not valid yet"],
    [/^ERR_TLS_CERT_ALTNAME_INVALID$/, ({ address }) => `its certificate is for another name than ${hostIn(address)}`],
    [
        /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_.*|CERT_SIGNATURE_FAILURE)$/,
        () => "its certificate is not signed by the authority given (caMaterial, ca.pem)",
    ],
    [
        /_ALERT_|^ERR_SSL_TLSV1/,
        () => "it does not accept the client's certificate (certMaterial and keyMaterial, cert.pem and key.pem)",
    ],
    [/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$|^EPROTO$/, () => "it does not speak TLS there"],
    [/^ERR_OSSL_|^ERR_CRYPTO/, () => "the certificate or key given for it cannot be read, or one is not the other's"],
    [/^HPE_/, () => "what answers there is not Docker"],
];

/** What ssh, or the docker command at its other end, says last. */
const BY_SSH: readonly [said: RegExp, advice: string][] = [
    [/Host key verification failed/, "its host key is not the known one, or not known yet: connect once with ssh"],
    [/docker: (command )?not found/, "the docker command is not there for that user"],
    [/docker daemon socket/i, "that user may not use Docker there"],
];

export function whyUnreachable(error: unknown, target: Target, silenceMs: number): string {
    if (isNoAnswer(error)) return `no answer within ${silenceMs / 1000} s`;
    const reason = reasonOf(error);
    const status = statusOf(error);
    if (status !== undefined) {
        if (/HTTP request to an HTTPS server/.test(reason))
            return "it wants TLS; give certPath, or caMaterial, certMaterial and keyMaterial, or set DOCKER_TLS_VERIFY";
        return `what answers there is not Docker (status ${status})`;
    }
    const code = codeOf(error);
    const known = BY_CODE.find(([codes]) => codes.test(code));
    if (known) return known[1](target);
    const advice = BY_SSH.find(([said]) => said.test(reason))?.[1];
    return advice ? `${reason} (${advice})` : reason;
}

function codeOf(error: unknown): string {
    if (error instanceof AggregateError) return codeOf(error.errors[0]);
    return String((error as Partial<NodeJS.ErrnoException> | undefined)?.code ?? "");
}

function hostIn(address: string): string {
    return new URL(address).hostname;
}
