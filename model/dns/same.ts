import type { Chosen, Decision } from "./decision";

/** Whether clients could not tell the two decisions apart, nor who asks for the reasons. */
export function sameDecision(one: Decision, other: Decision): boolean {
    if (one === other) return true;
    if (one.kind === "endpoint") return other.kind === "endpoint" && sameChosen(one, other);
    if (one.kind === "random")
        return (
            other.kind === "random" &&
            sameList(one.choices, other.choices, (a, b) => a.weight === b.weight && sameChosen(a.of, b.of))
        );
    if (one.kind === "several")
        return other.kind === "several" && one.atMost === other.atMost && sameList(one.of, other.of, sameChosen);
    if (one.kind === "byClient") {
        if (other.kind !== "byClient" || one.classifier !== other.classifier) return false;
        const names = Object.keys(one.cases);
        return (
            names.length === Object.keys(other.cases).length &&
            names.every((name) => {
                const same = other.cases[name];
                return same !== undefined && sameDecision(one.cases[name]!, same);
            })
        );
    }
    return other.kind === "nothing";
}

function sameChosen(one: Chosen, other: Chosen): boolean {
    return (
        one === other || (one.endpoint === other.endpoint && sameList(one.policies, other.policies, (a, b) => a === b))
    );
}

function sameList<T>(one: readonly T[], other: readonly T[], same: (a: T, b: T) => boolean): boolean {
    return one.length === other.length && one.every((entry, index) => same(entry, other[index]!));
}
