import net from "node:net";
import type { ProbeResult } from "../../model/health/health";
import type { ActiveProbe } from "../../model/health/probe";
import { hostAndPort, type Target } from "./target";
import { get } from "./http-probe";
import { afterSilence, failure, noAnswer } from "./probe-failures";

export type Ask = (probe: ActiveProbe, target: Target, timeoutSeconds: number) => Promise<ProbeResult>;

/** Asks a machine once; the answer tells in words what was seen. */
export const askMachine: Ask = (probe, target, timeoutSeconds) =>
    probe.protocol === "tcp" ? shakeHands(target, timeoutSeconds) : get(probe, target, timeoutSeconds);

function shakeHands(target: Target, timeoutSeconds: number): Promise<ProbeResult> {
    return new Promise((resolve) => {
        const where = hostAndPort(target);
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
