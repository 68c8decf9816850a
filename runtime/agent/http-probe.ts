import http from "node:http";
import https from "node:https";
import tls from "node:tls";
import { bodyMatches, LONGEST_BODY_READ } from "../../model/health/bodyMatch";
import type { ProbeResult } from "../../model/health/health";
import { DEFAULT_EXPECTED_STATUS } from "../../model/health/httpProbe";
import { serverNameOf, type HttpProbe, type HttpsProbe } from "../../model/health/probe";
import { includesStatus } from "../../model/health/statusRanges";
import { verifies } from "../../model/health/tlsProbe";
import { afterSilence, failure, noAnswer } from "./probe-failures";
import { hostAndPort, type Target } from "./target";

/** Bodies are read to their end, so that the machine sees a polite client, but not for ever. */
const LONGEST_BODY = 64 * 1024;

export function get(probe: HttpProbe, target: Target, timeoutSeconds: number): Promise<ProbeResult> {
    const host = hostAndPort(target);
    const url = `${probe.protocol}://${host}${probe.path}`;
    return new Promise((resolve) => {
        const options = {
            host: target.address,
            port: target.port,
            path: probe.path,
            agent: false,
            headers: headersOf(probe, host),
        };
        let request: http.ClientRequest;
        try {
            request =
                probe.protocol === "https"
                    ? https.request({ ...options, ...tlsOptions(probe) })
                    : http.request(options);
        } catch (error) {
            return resolve({ outcome: "refusal", reason: unusable(error as NodeJS.ErrnoException) });
        }
        const timer = afterSilence(timeoutSeconds, () => {
            resolve(noAnswer(url, timeoutSeconds));
            request.destroy();
        });
        request.on("response", (response) => {
            const { statusCode: status = 0 } = response;
            const isExpected = includesStatus(probe.expectedStatus ?? DEFAULT_EXPECTED_STATUS, status);
            if (!isExpected) resolve({ outcome: "refusal", reason: `${status} from ${url}` });
            else if (!probe.body) resolve({ outcome: "success" });
            const judge = (beginning: string) => {
                if (!isExpected || !probe.body) return;
                resolve(
                    bodyMatches(probe.body, beginning)
                        ? { outcome: "success" }
                        : { outcome: "refusal", reason: `${status} from ${url}, but its body is not as expected` },
                );
            };
            readBeginning(response, judge, () => request.destroy());
        });
        request.on("error", (error) => resolve(failure(error, target, url)));
        request.on("close", () => {
            clearTimeout(timer);
            resolve({ outcome: "refusal", reason: `connection closed before the answer from ${url} was complete` });
        });
        request.end();
    });
}

/** Hands over what a body begins with, once that is all there, and lets go of one that does not end. */
function readBeginning(response: http.IncomingMessage, judge: (beginning: string) => void, letGo: () => void): void {
    const chunks: Buffer[] = [];
    let length = 0;
    let isJudged = false;
    const decide = () => {
        if (isJudged) return;
        isJudged = true;
        // What is not UTF-8 becomes U+FFFD.
        judge(Buffer.concat(chunks).subarray(0, LONGEST_BODY_READ).toString("utf8"));
    };
    response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (!isJudged) chunks.push(chunk);
        if (length >= LONGEST_BODY_READ) decide();
        if (length > LONGEST_BODY) letGo();
    });
    response.on("end", decide);
    // The request's own end says what that means.
    response.on("error", () => {});
}

/** The program's headers, and ours where it gives none of that name. */
function headersOf({ headers = {} }: HttpProbe, host: string): http.OutgoingHttpHeaders {
    const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const ours = { Host: host, "User-Agent": "switchyard-probe", Accept: "*/*", "Accept-Encoding": "identity" };
    const missing = Object.entries(ours).filter(([name]) => !given.has(name.toLowerCase()));
    return { ...Object.fromEntries(missing), ...headers, Connection: "close" };
}

/** Reading certificates takes longer than asking with them. */
const contexts = new WeakMap<HttpsProbe, tls.SecureContext>();

function tlsOptions(probe: HttpsProbe): tls.ConnectionOptions {
    const { ca, clientCertificate: cert, clientKey: key } = probe;
    const secureContext = contexts.get(probe) ?? tls.createSecureContext({ ca, cert, key });
    contexts.set(probe, secureContext);
    // Node.js itself would fall back to the Host header, and to the address, which is none.
    return { secureContext, servername: serverNameOf(probe) ?? "", rejectUnauthorized: verifies(probe) };
}

function unusable(error: NodeJS.ErrnoException): string {
    if (error.code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH")
        return "the probe's clientKey does not belong to its clientCertificate";
    return `the probe's ca, clientCertificate or clientKey cannot be read (${error.code ?? "no reason given"})`;
}
