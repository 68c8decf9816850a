import type { Goal } from "../report";
import { medianOf } from "../support/statistics";
import type { Applies } from "./applies";
import type { Verdict } from "./verdicts";

/** What is asked of this many sets. */
const MANY = 1000;

/** Printed where a goal is missed: the reason, as profiles show it, and the next idea. */
const WHY = {
    applying:
        "the table has 60,000 elements, and nft takes a good part of the time to load them; before that the agent parses, checks and compiles the request, writes the rules' text and keeps its copy on disk. The next idea is to write elements straight to text, and the copy while nft loads.",
    change: "most of it is nft's, which reads the chains of the whole table for each line that it is given (Debian 12's 1.0.6, measured here, more slowly than the gateway image's 1.1.3), and the switches between it and the agent. Among many sets, compiling asks of each member whether anything is otherwise. The next idea is one object for what is known of a member, which only its own verdict replaces.",
    memory: "request, parsed configuration, plan and the text for nft are made one after the other, and not all of it has been given back. The next idea is to hand that text to nft piece by piece.",
};

export function goalsOf(
    applies: ReadonlyMap<string, readonly Applies[]>,
    verdicts: ReadonlyMap<number, readonly Verdict[]>,
): Goal[] {
    const many = applies.get(`${MANY} sets`);
    if (!many) return [];
    const applying = medianOf(many.map(({ first }) => first));
    const megabytes = medianOf(many.map(({ megabytes }) => megabytes));
    const changes = [...verdicts].map(([sets, all]) => ({ sets, milliseconds: medianOf(all.map(together)) }));
    return [
        {
            what: "Applying 1,000 sets of 5 members",
            goal: "< 1 s",
            found: `${(applying / 1000).toFixed(2)} s`,
            met: applying < 1000,
            why: WHY.applying,
        },
        {
            what: "From a verdict about one member to the kernel's table",
            goal: "< 2 ms, whatever the number of sets",
            found: changes
                .map(({ sets, milliseconds }) => `${sets.toLocaleString("en")} sets ${milliseconds.toFixed(1)} ms`)
                .join(", "),
            met: changes.every(({ milliseconds }) => milliseconds < 2),
            why: WHY.change,
        },
        {
            what: "The agent's memory after applying 1,000 sets",
            goal: "< 200 MB",
            found: `${megabytes.toFixed(0)} MB`,
            met: megabytes < 200,
            why: WHY.memory,
        },
    ];
}

export function together({ compiling, applying }: Verdict): number {
    return compiling + applying;
}
