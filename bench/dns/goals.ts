import type { Goal } from "../report";
import type { Bar } from "../support/bars";
import { medianOf } from "../support/statistics";
import type { Answered } from "./asks";
import type { DnsControl } from "./verdicts";

export const LIMIT = "gdnsd, a plain record";
export const OURS = "Switchyard: ";
export const ECHO = "an echo (perl)";

/** Printed where answers cost more than they should. */
const WHY =
    "an answer that is the same for everyone is a plain record here too, so what such a row misses is the spread of the runs: those of one server differ by up to a third. The next idea is to measure more and longer runs.";

/** What is asked of this many policies. */
const MANY = 1000;

/** Medians as shares of the limit's. */
export function timesLimit(most: ReadonlyMap<string, readonly Answered[]>): Map<string, number> {
    const median = (name: string) => medianOf(most.get(name)!.map(({ perCpuSecond }) => perCpuSecond));
    return new Map([...most.keys()].map((name) => [name, median(name) / median(LIMIT)]));
}

export function kindOf(name: string): Bar["kind"] {
    return name.startsWith(OURS) ? "ours" : name === LIMIT || name === ECHO ? "limit" : "other";
}

export function goalsOf(
    most: ReadonlyMap<string, readonly Answered[]>,
    control: ReadonlyMap<number, DnsControl>,
): Goal[] {
    const shares = timesLimit(most);
    const ours = [...shares].filter(([name]) => kindOf(name) === "ours");
    const others = [...shares].filter(([name]) => kindOf(name) === "other");
    const least = Math.min(...ours.map(([, share]) => share));
    const text = ([name, share]: readonly [string, number]) => `${name} ${share.toFixed(2)}`;
    const answers = {
        what: "Answers per CPU second, by every method",
        goal: `≥ 0.9 × ${LIMIT}; above the others`,
        found: [...ours.map(([name, share]) => [name.slice(OURS.length), share] as const), ...others]
            .map(text)
            .join("; "),
        met: least >= 0.9 && others.every(([, share]) => least > share),
        why: WHY,
    };
    const many = control.get(MANY);
    if (!many) return [answers];
    const verdict = medianOf(many.verdicts);
    return [
        answers,
        {
            what: "From a verdict to the changed answer, among 1,000 policies",
            goal: "≤ 50 ms",
            found: `${verdict.toFixed(0)} ms, at most ${Math.max(...many.verdicts).toFixed(0)} ms`,
            met: verdict <= 50,
        },
    ];
}
