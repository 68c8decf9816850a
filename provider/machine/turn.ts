import { setTimeout as sleep } from "node:timers/promises";
import { setsOf, type SetAtRisk } from "../../model/balancer/absences";
import { DEFAULT_STOP_GRACE_SECONDS } from "../../model/resources/machine/stop";
import { DEFAULT_MAX_UNAVAILABLE, type VirtualMachineState } from "../../model/resources/virtualMachine";
import { answeringAgent, unlessDown } from "../control/agents";
import { quiesce } from "../control/gateways";
import { GATEWAY } from "../control/runtimes";
import type { Host } from "../docker/host";

const POLL_MS = 250;
/** What a machine needs beside the seconds that it is given: to be removed, made, found and asked. */
const MARGIN_SECONDS = 10;

/** One machine of a gateway at a time looks whether it may go, and goes. */
const turns = new Map<string, Promise<unknown>>();
/** Machines, by container, that made room in this run, and why what was to take their place did not come back. */
const lost = new Map<string, string>();

type Machine = Pick<VirtualMachineState, "alias" | "name" | "gateway">;
type Progress = (message: string) => void;

/**
 * Takes a machine that makes room for its replacement out of its sets, once each of them can do without it: no more than
 * `maxUnavailable` of a set are away at a time, whoever else is replaced in this run or another. One that is away anyway
 * need not wait.
 */
export async function leaveInTurn(
    host: Host,
    { alias, name, gateway }: Machine,
    successor: VirtualMachineState,
    progress: Progress,
): Promise<void> {
    const { readySeconds, stopGraceSeconds = DEFAULT_STOP_GRACE_SECONDS } = successor;
    const patience = (readySeconds + stopGraceSeconds + MARGIN_SECONDS) * 1000;
    let [seen, since] = ["", Date.now()];
    for (;;) {
        const short = await inTurn(`${host.address} ${gateway}`, async () => {
            const sets = (await setsNow(host, gateway, name)).filter((set) => isShort(set, successor));
            if (sets.length === 0) await quiesce(host, gateway, name);
            return sets;
        });
        if (short.length === 0) return;
        const away = describe(short);
        if (away !== seen) [seen, since] = [away, Date.now()];
        const failed = short.flatMap(({ absent }) => absent).find(({ container }) => lost.has(container));
        if (failed) {
            throw new Error(
                `${alias} (${name}) stays as it is: ${failed.name} did not come back (${lost.get(failed.container)})`,
            );
        }
        if (Date.now() - since > patience) {
            throw new Error(
                `${alias} (${name}) stays as it is, because ${away}; bring that back first, or let more of a set's machines go at a time (maxUnavailable, now ${limitOf(successor)})`,
            );
        }
        progress(`waiting for its turn: ${away}`);
        await sleep(POLL_MS);
    }
}

/** Waits until a machine that took the place of another serves as that one did; a set that goes all at once does not count on it. */
export async function backInSets(host: Host, machine: VirtualMachineState, progress: Progress): Promise<void> {
    const { alias, name, gateway, readySeconds } = machine;
    const begin = Date.now();
    for (;;) {
        const sets = await setsNow(host, gateway, name);
        const waiting = sets.find(({ own, size }) => own !== undefined && size > limitOf(machine));
        if (!waiting) return;
        const seconds = Math.round((Date.now() - begin) / 1000);
        const missing = `load-balanced set ${waiting.set}: ${waiting.own!.reason}`;
        if (seconds >= readySeconds) {
            throw new Error(
                `${alias} (${name}) runs but is not healthy after ${readySeconds} s in ${missing}; machines of the set that wait for their turn stay as they are. ` +
                    "If the set is to ask something else from now on (port, probe), change that in an update of its own",
            );
        }
        if (seconds > 0) progress(`waiting for ${name} in ${missing} (${seconds} s of ${readySeconds} s)`);
        await sleep(POLL_MS);
    }
}

/** What was to take a machine's place did not come: nobody need wait for it. */
export function lose({ name }: Machine, reason: string): void {
    lost.set(name, reason.split("\n")[0]!);
}

/** Whether a set that the machine leaves would do without more than it may. */
function isShort({ own, absent }: SetAtRisk, successor: VirtualMachineState): boolean {
    return own === undefined && absent.length >= limitOf(successor);
}

function limitOf({ maxUnavailable = DEFAULT_MAX_UNAVAILABLE }: VirtualMachineState): number {
    return maxUnavailable;
}

/** Nothing where the gateway is gone or stopped. */
async function setsNow(host: Host, gateway: string, container: string): Promise<SetAtRisk[]> {
    const answers = async () => {
        const { agent, status } = await answeringAgent(host, GATEWAY, gateway);
        return setsOf(container, (await agent.configuration()).configuration, status);
    };
    return (await unlessDown(gateway, answers())) ?? [];
}

function describe(sets: readonly SetAtRisk[]): string {
    return sets
        .map(({ set, absent }) => {
            const names = absent.map(({ name, reason }) => `${name} (${reason})`).join(", ");
            return `load-balanced set ${set} does without ${names}`;
        })
        .join(" and ");
}

function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (turns.get(key) ?? Promise.resolve()).then(work);
    turns.set(
        key,
        result.catch(() => undefined),
    );
    return result;
}
