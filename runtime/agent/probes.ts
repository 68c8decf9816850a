import http from "node:http";
import net from "node:net";
import type { ProbeResult } from "../../model/balancer/health";
import type { ActiveProbe } from "../../model/balancer/probe";

export interface Target {
    readonly address: string;
    readonly port: number;
}

export type Ask = (probe: ActiveProbe, target: Target, timeoutSeconds: number) => Promise<ProbeResult>;

/** Bodies are read to their end, so that the machine sees a polite client, but not for ever. */
const LONGEST_BODY = 64 * 1024;

/** Asks a machine once; the answer tells in words what was seen. */
export const askMachine: Ask = (probe, target, timeoutSeconds) =>
    probe.protocol === "tcp" ? shakeHands(target, timeoutSeconds) : get(probe.path, target, timeoutSeconds);

function shakeHands(target: Target, timeoutSeconds: number): Promise<ProbeResult> {
    return new Promise((resolve) => {
        const where = `${target.address}:${target.port}`;
        const socket = net.connect({ host: target.address, port: target.port });
        const finish = (result: ProbeResult) => {
            clearTimeout(timer);
            socket.destroy();
            resolve(result);
        };
        const timer = afterSilence(timeoutSeconds, () => finish(noAnswer(where, timeoutSeconds)));
        socket.on("connect", () => finish({ outcome: "success" }));
        socket.on("error", (error) => finish(failure(error, target, where)));
    });
}

function get(path: string, target: Target, timeoutSeconds: number): Promise<ProbeResult> {
    return new Promise((resolve) => {
        const host = `${target.address}:${target.port}`;
        const url = `http://${host}${path}`;
        const request = http.request({
            host: target.address,
            port: target.port,
            path,
            agent: false,
            headers: { Host: host, "User-Agent": "switchyard-probe", Accept: "*/*", Connection: "close" },
        });
        const timer = afterSilence(timeoutSeconds, () => {
            resolve(noAnswer(url, timeoutSeconds));
            request.destroy();
        });
        request.on("response", (response) => {
            resolve(
                response.statusCode === 200
                    ? { outcome: "success" }
                    : { outcome: "refusal", reason: `${response.statusCode} from ${url}` },
            );
            let length = 0;
            response.on("data", (chunk: Buffer) => {
                length += chunk.length;
                if (length > LONGEST_BODY) request.destroy();
            });
        });
        request.on("error", (error) => resolve(failure(error, target, url)));
        request.on("close", () => {
            clearTimeout(timer);
            resolve({ outcome: "refusal", reason: `connection closed without an answer from ${url}` });
        });
        request.end();
    });
}

/** A busy agent finds out late that time is over: sockets have their turn first, for what arrived meanwhile. */
function afterSilence(timeoutSeconds: number, judge: () => void): NodeJS.Timeout {
    return setTimeout(() => setImmediate(judge), timeoutSeconds * 1000);
}

function noAnswer(where: string, timeoutSeconds: number): ProbeResult {
    return { outcome: "silence", reason: `no answer from ${where} within ${timeoutSeconds} s` };
}

function failure(error: NodeJS.ErrnoException, { address, port }: Target, asked: string): ProbeResult {
    const code = error.code ?? "";
    if (code === "ECONNREFUSED") return { outcome: "refusal", reason: `connection refused on ${address}:${port}` };
    if (code === "ECONNRESET") return { outcome: "refusal", reason: `connection reset by ${address}:${port}` };
    if (code === "EHOSTUNREACH") return { outcome: "silence", reason: `${address} cannot be reached` };
    if (code.startsWith("HPE_")) return { outcome: "refusal", reason: `no valid HTTP in the answer from ${asked}` };
    return { outcome: "silence", reason: `no answer from ${asked}: ${error.message}` };
}
