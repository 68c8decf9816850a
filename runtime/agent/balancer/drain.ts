import type { MachinePorts } from "../../balancer";
import type { Kernel } from "./kernel";
import type { Member } from "./members";
import type { MemberWatch } from "./watch";

/** A machine that left an endpoint or a set and may have connections left. */
export interface Departure {
    readonly name: string;
    readonly container: string;
    readonly machine: MachinePorts;
    readonly drainSeconds: number;
}

/** Counting reads the whole table of connections. */
const COUNT_EVERY_MS = 500;
const REPORT_EVERY_MS = 1_000;

export function departures(serving: ReadonlyMap<string, MemberWatch>, next: readonly Member[]): Departure[] {
    const place = ({ frontend, container }: Member) => `${frontend} ${container}`;
    const staying = new Set(next.map(place));
    return [...serving.values()].flatMap(({ member, known: { address } }) => {
        if (address === undefined || staying.has(place(member))) return [];
        const { name, container, protocol, privatePorts, drainSeconds } = member;
        return [{ name, container, machine: { protocol, address, ports: privatePorts }, drainSeconds }];
    });
}

/** Waits until the machines that left have no connections any more, or have had their time. */
export async function drain(
    left: readonly Departure[],
    kernel: Kernel,
    report: (message: string) => void,
    givenUp: AbortSignal,
): Promise<void> {
    const begin = Date.now();
    let reported = 0;
    let draining = left;
    while (!givenUp.aborted) {
        const passed = Date.now() - begin;
        const due = draining.filter(({ drainSeconds }) => passed < drainSeconds * 1000);
        const counts = await kernel.countConnections(due.map(({ machine }) => machine));
        const busy = due
            .map((departure, index) => ({ departure, count: counts[index]! }))
            .filter(({ count }) => count > 0);
        if (busy.length === 0) return;
        draining = busy.map(({ departure }) => departure);
        if (Date.now() - begin >= reported) {
            report(progress(busy, Date.now() - begin));
            reported += REPORT_EVERY_MS;
        }
        await new Promise((resolve) => setTimeout(resolve, COUNT_EVERY_MS));
    }
}

function progress(busy: readonly { departure: Departure; count: number }[], passed: number): string {
    const names = [...new Set(busy.map(({ departure }) => departure.name))].join(", ");
    const connections = busy.reduce((sum, { count }) => sum + count, 0);
    const longest = Math.max(...busy.map(({ departure }) => departure.drainSeconds));
    const left = Math.max(0, Math.ceil(longest - passed / 1000));
    return `draining ${names}: ${connections} ${connections === 1 ? "connection" : "connections"}, ${left} s left`;
}
