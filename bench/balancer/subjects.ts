import type { Goal } from "../report";
import type { Bar } from "../support/bars";
import { medianOf } from "../support/statistics";
import { bulk, datagrams, keepAlive, newConnections, type Rate } from "./measures";
import type { Way } from "./way";

/** Whom Switchyard is compared with. */
export const DIRECT = "direct";
export const LIMIT = "plain routing";
export const TRACKED = "tracked routing";
export const BARE = "bare rules";
export const OURS = "Switchyard";
const LIMITS = [DIRECT, LIMIT, TRACKED, BARE];

export function kindOf(name: string): Bar["kind"] {
    return name === OURS ? "ours" : LIMITS.includes(name) ? "limit" : "other";
}

/** What is measured of each way. */
export interface Subject {
    readonly title: string;
    readonly unit: string;
    readonly digits: number;
    /** Microseconds of the processors for one unit, or, of Gbit, milliseconds. */
    readonly cpu: { readonly unit: string; readonly factor: number };
    /** Share of the limit that Switchyard is to reach. */
    readonly goal: number;
    /** Why it does not, where it does not. */
    readonly why?: string;
    measure(way: Way, seconds: number): Promise<Rate>;
}

const MICROSECONDS = { unit: "CPU µs", factor: 1 };
export const SUBJECTS: readonly Subject[] = [
    {
        title: "Requests over kept connections",
        unit: "requests/s",
        digits: 0,
        cpu: MICROSECONDS,
        goal: 0.97,
        why: "as far as the bare rules fall short too, this is the kernel's: it finds the connection of each packet and translates its addresses, and tracking alone, which Docker turns on in every container, has its part in that. Runs of one contestant differ by some hundredths. The next idea is a flowtable, where the kernel has it: packets of known connections pass on before any rule.",
        measure: keepAlive,
    },
    {
        title: "New connections",
        unit: "connections/s",
        digits: 0,
        cpu: MICROSECONDS,
        goal: 0.95,
        why: "as far as the bare rules fall short too, this is what the kernel asks for NAT: each new connection makes an entry with two tuples, one for each direction, that plain routing does not have, and each of its packets is translated. The next idea is a flowtable (offload), which passes packets of known connections on before any rule; this kernel has none, and the entry is made all the same.",
        measure: newConnections,
    },
    {
        title: "Bulk",
        unit: "Gbit/s",
        digits: 1,
        cpu: { unit: "CPU ms", factor: 1e-3 },
        goal: 0.97,
        why: "what is missing is less than what runs of one contestant differ by; the bare rules, and tracking alone, are as near. The next idea is to measure more and longer runs.",
        measure: bulk,
    },
    {
        title: "Datagrams of 64 bytes",
        unit: "packets/s",
        digits: 0,
        cpu: MICROSECONDS,
        goal: 0.95,
        why: "as far as the bare rules fall short too, this is what the kernel asks for NAT: each packet's connection is looked up and the packet translated, and of 64 bytes there is little else to do. What lies between the bare rules and Switchyard is one more chain: a rule for each packet, and some more in the first two seconds of a conversation, until the kernel calls it assured. The next idea is a flowtable here, too, where the kernel has it: known connections pass no rule at all.",
        measure: datagrams,
    },
];

/** Medians as shares of the limit's. */
export function timesLimit(rates: ReadonlyMap<string, readonly Rate[]>): Map<string, number> {
    const median = (name: string) => medianOf(rates.get(name)!.map(({ perSecond }) => perSecond));
    return new Map([...rates.keys()].map((name) => [name, median(name) / median(LIMIT)]));
}

/** The share that is asked for, and more than every other balancer reaches. */
export function goalOf({ title, goal, why }: Subject, rates: ReadonlyMap<string, readonly Rate[]>): Goal {
    const shares = timesLimit(rates);
    const ours = shares.get(OURS)!;
    const others = [...shares.keys()].filter((name) => kindOf(name) === "other");
    return {
        what: title,
        goal: `≥ ${goal} × ${LIMIT}; above the others`,
        found: [OURS, BARE, ...others].map((name) => `${name} ${shares.get(name)!.toFixed(2)}`).join(", "),
        met: ours >= goal && others.every((name) => ours > shares.get(name)!),
        why,
    };
}
