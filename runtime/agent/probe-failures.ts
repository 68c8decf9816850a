import type { ProbeResult } from "../../model/health/health";
import { hostAndPort, type Target } from "./target";
import { tlsFailure } from "./tls-failures";

/** A busy agent finds out late that time is over: sockets have their turn first, for what arrived meanwhile. */
export function afterSilence(timeoutSeconds: number, judge: () => void): NodeJS.Timeout {
    return setTimeout(() => setImmediate(judge), timeoutSeconds * 1000);
}

export function noAnswer(where: string, timeoutSeconds: number): ProbeResult {
    return { outcome: "silence", reason: `no answer from ${where} within ${Number(timeoutSeconds.toFixed(3))} s` };
}

/** What a failed connection says of the machine: whoever answers, however wrongly, is not silent. */
export function failure(error: NodeJS.ErrnoException, target: Target, asked: string): ProbeResult {
    const code = error.code ?? "";
    if (code === "ECONNREFUSED") return { outcome: "refusal", reason: `connection refused on ${hostAndPort(target)}` };
    if (code === "ECONNRESET") return { outcome: "refusal", reason: `connection reset by ${hostAndPort(target)}` };
    if (code === "EHOSTUNREACH" || code === "ENETUNREACH")
        return { outcome: "silence", reason: `${target.address} cannot be reached` };
    if (code.startsWith("HPE_")) return { outcome: "refusal", reason: `no valid HTTP in the answer from ${asked}` };
    const refused = tlsFailure(error, asked);
    if (refused !== undefined) return { outcome: "refusal", reason: refused };
    return { outcome: "silence", reason: `no answer from ${asked}: ${error.message}` };
}
