import { setTimeout as sleep } from "node:timers/promises";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { inspectContainer, lastLines, type Inspection } from "../docker/containers";
import type { Host } from "../docker/host";
import { withoutValues, type Hidden } from "./hidden";

const POLL_MS = 200;
/** A program that cannot run ends within a moment. */
const STABLE_MS = 400;
/** One that ended before has to hold out longer. */
const STABLE_AFTER_RESTART_MS = 5_000;
const SHOWN_LINES = 20;

/**
 * Waits until the machine runs and, if its image has a health check, is healthy; throws why not, with its last lines.
 *
 * @returns the container as it was found then
 */
export async function machineReady(
    host: Host,
    id: string,
    { name, readySeconds }: Pick<VirtualMachineState, "name" | "readySeconds">,
    hidden: Hidden,
    progress: (message: string) => void,
): Promise<Inspection> {
    const started = Date.now();
    let run = { startedAt: "", seen: started };
    let exitCode: number | undefined;
    for (;;) {
        const container = await inspectContainer(host, id);
        if (!container) throw new Error(`container ${name} was removed while it started`);
        const now = Date.now();
        const { StartedAt, Restarting, ExitCode } = container.State;
        if (StartedAt !== run.startedAt) run = { startedAt: StartedAt, seen: startOf(StartedAt, now) };
        if (Restarting) exitCode = ExitCode;
        const runsForMs = now - run.seen;
        const { reason: said, final } = judge(container, runsForMs, exitCode);
        const reason = said && withoutValues(said, hidden);
        if (reason === undefined) return container;
        const seconds = Math.round((now - started) / 1000);
        if (final || seconds >= readySeconds) {
            const after = final ? "" : ` after ${readySeconds} s`;
            throw new Error(`${name} is not ready${after}: ${reason}${await quote(host, id, hidden)}`);
        }
        if (seconds > 0) progress(`waiting for ${name}: ${reason} (${seconds} s of ${readySeconds} s)`);
        await sleep(pauseFor(container, runsForMs));
    }
}

/** Why a container is not ready, and whether that is final; no reason when it is. */
export function judge(
    { State, RestartCount }: Pick<Inspection, "State" | "RestartCount">,
    runsForMs: number,
    lastExitCode?: number,
): { reason?: string; final?: boolean } {
    const code = lastExitCode === undefined ? "" : `exit code ${lastExitCode}, `;
    const unsteady = { reason: `it does not stay up (${code}restarted ${RestartCount} times)` };
    if (State.Restarting) return unsteady;
    if (!State.Running) {
        const why = State.Error ? ` (${State.Error})` : State.OOMKilled ? " (out of memory)" : "";
        return { reason: `it ended with exit code ${State.ExitCode}${why}`, final: true };
    }
    if (State.Health && State.Health.Status !== "healthy" && State.Health.Status !== "none") {
        const said = State.Health.Log?.at(-1)?.Output?.trim();
        return { reason: `its health check says ${State.Health.Status}${said ? `: ${said}` : ""}` };
    }
    if (runsForMs >= (RestartCount > 0 ? STABLE_AFTER_RESTART_MS : STABLE_MS)) return {};
    return RestartCount > 0 ? unsteady : { reason: "it has just started" };
}

/** One that has just started is looked at once more, when it has been up for long enough; one that ends, more often, to be seen ended. */
function pauseFor({ RestartCount }: Inspection, runsForMs: number): number {
    return RestartCount > 0 ? POLL_MS : Math.max(POLL_MS, STABLE_MS - runsForMs);
}

const LARGER_THAN_CLOCKS_DIFFER_MS = 60_000;

/** When a run started. A Docker host's clock is its own, so what is recent is measured here, from when it was seen. */
function startOf(startedAt: string, now: number): number {
    const start = Date.parse(startedAt);
    return now - start > LARGER_THAN_CLOCKS_DIFFER_MS ? start : now;
}

async function quote(host: Host, id: string, hidden: Hidden): Promise<string> {
    const lines = await lastLines(host, id, SHOWN_LINES).catch(() => []);
    return lines.length === 0 ? "; it wrote nothing" : `; its last lines:\n${withoutValues(lines.join("\n"), hidden)}`;
}
