import { readdirSync, readFileSync } from "node:fs";

/** What /proc says of a process. */
export interface Seen {
    readonly parent: number;
    readonly command: string;
    readonly cpuSeconds: number;
    /** Of its children that have ended and that it has waited for, and of theirs. */
    readonly cpuSecondsWaitedFor: number;
    readonly megabytes: number;
}

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

export function seen(pid: number | "self"): Seen | undefined {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        // The name in brackets may hold anything.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const field = (index: number) => Number(fields[index]);
        return {
            parent: field(1),
            command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim(),
            cpuSeconds: (field(11) + field(12)) / TICKS_PER_SECOND,
            cpuSecondsWaitedFor: (field(13) + field(14)) / TICKS_PER_SECOND,
            megabytes: (field(21) * PAGE_BYTES) / 2 ** 20,
        };
    } catch {
        return undefined;
    }
}

export function allSeen(): Map<number, Seen> {
    const all = new Map<number, Seen>();
    for (const entry of readdirSync("/proc")) {
        const pid = Number(entry);
        const process = Number.isInteger(pid) ? seen(pid) : undefined;
        if (process) all.set(pid, process);
    }
    return all;
}

/** What all processors of this machine have done so far, for whomever. */
export function cpuSecondsOfMachine(): number {
    const [user, nice, system, , , irq, softirq] = readFileSync("/proc/stat", "utf8")
        .split(/\s+/, 9)
        .slice(1)
        .map(Number);
    return (user! + nice! + system! + irq! + softirq!) / TICKS_PER_SECOND;
}
