import { percent } from "../model/dns/explain/text";
import type { Explanation } from "../model/dns/explanation";

/** Something of which servers tell different things. */
export interface Difference {
    readonly what: string;
    /** What each one tells, in their order. */
    readonly told: readonly string[];
}

/** How explanations of the same question by several servers differ. Times are each server's own, and do not count. */
export function differences(explanations: readonly Explanation[]): Difference[] {
    const all = explanations.map(facts);
    const whats = new Set(all.flatMap((one) => [...one.keys()]));
    return [...whats]
        .filter((what) => new Set(all.map((one) => one.get(what)?.compared)).size > 1)
        .map((what) => ({ what, told: all.map((one) => one.get(what)?.shown ?? "-") }));
}

interface Fact {
    readonly compared: string;
    readonly shown: string;
}

function facts({ ttlSeconds, answers, otherwise, steps }: Explanation): Map<string, Fact> {
    const facts = new Map<string, Fact>();
    const add = (what: string, compared: string, shown = compared) => facts.set(what, { compared, shown });
    const told = answers.map(({ type, data, odds }) => `${type} ${data} ${percent(odds)}`).sort();
    add("answer", told.join(", ") || (otherwise ?? "nothing"));
    add("TTL", `${ttlSeconds} s`);
    for (const { policy, method, status, notes, endpoints } of steps) {
        add(`policy ${policy}`, `${method}, ${status}`);
        add(`notes of ${policy}`, notes.join("; ") || "none");
        for (const { name, target, status, reason, eligible, odds } of endpoints) {
            const state = [target, status, eligible ? `eligible, ${percent(odds)}` : "not eligible"].join(", ");
            add(`endpoint ${name} of ${policy}`, state, reason ? `${state} (${reason})` : state);
        }
    }
    return facts;
}
