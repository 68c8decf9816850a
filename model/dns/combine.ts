import { classesOf, isTotal } from "./classes";
import type { ByClient, Chosen, Classifier, Decision, Nothing } from "./decision";
import { sameDecision } from "./same";
import { multiplied, reduced, type Shared } from "./weights";

/** How decisions are put together so that the result is in normal form (decision.ts) again. */

export const NOTHING: Nothing = { kind: "nothing" };

/** One case for each class of clients; no choice at all where all get the same. */
export function byClient(classifier: Classifier, decide: (clientClass: string) => Decision): Decision {
    const all = classesOf(classifier).map((name) => [name, restricted(decide(name), classifier, name)] as const);
    const first = all[0]?.[1] ?? NOTHING;
    if (isTotal(classifier) && all.every(([, decision]) => sameDecision(decision, first))) return first;
    const answered = all.filter(([, { kind }]) => kind !== "nothing");
    return answered.length === 0 ? NOTHING : { kind: "byClient", classifier, cases: Object.fromEntries(answered) };
}

/** What a class of clients gets. Classes are called as endpoints are, which may be called `constructor`. */
export function caseOf({ cases }: ByClient, clientClass: string): Decision {
    return Object.hasOwn(cases, clientClass) ? cases[clientClass]! : NOTHING;
}

/** What is left of a decision for clients whose class is known. */
function restricted(decision: Decision, classifier: Classifier, clientClass: string): Decision {
    if (decision.kind !== "byClient") return decision;
    if (decision.classifier === classifier) return restricted(caseOf(decision, clientClass), classifier, clientClass);
    return byClient(decision.classifier, (name) => restricted(caseOf(decision, name), classifier, clientClass));
}

export interface Share {
    readonly weight: number;
    readonly of: Decision;
}

/** One of them by weight; of those alone that have an answer for the client. */
export function random(shares: readonly Share[]): Decision {
    const answering = shares.filter(({ of }) => of.kind !== "nothing");
    if (answering.length <= 1) return answering[0]?.of ?? NOTHING;
    for (const { of } of answering) {
        if (of.kind !== "byClient") continue;
        // Inside out: the client first, and chance for each class of clients.
        return byClient(of.classifier, (name) =>
            random(answering.map((share) => ({ weight: share.weight, of: restricted(share.of, of.classifier, name) }))),
        );
    }
    if (answering.every(isChosen)) return { kind: "random", choices: reduced(answering) };
    return { kind: "random", choices: multiplied(answering.map(flattened)) };
}

function isChosen(share: Share): share is { weight: number; of: Chosen } {
    return share.of.kind === "endpoint";
}

function flattened({ weight, of }: Share): Shared<Chosen> {
    if (of.kind === "endpoint") return { weight, of: [{ weight: 1, of }] };
    if (of.kind === "random") return { weight, of: of.choices };
    throw new Error(`a decision of kind ${of.kind} cannot be one of several: MultiValue policies do not nest`);
}

/** The decision, and `other` for whom it has no answer. */
export function orElse(decision: Decision, other: Decision): Decision {
    if (decision.kind === "nothing") return other;
    if (decision.kind !== "byClient") return decision;
    return byClient(decision.classifier, (name) => orElse(caseOf(decision, name), other));
}

/** A nested policy's decision, as the policy `parent` passes it on. */
export function through(parent: string, decision: Decision): Decision {
    switch (decision.kind) {
        case "nothing":
            return decision;
        case "endpoint":
            return reached(parent, decision);
        case "random":
            return { ...decision, choices: decision.choices.map((c) => ({ ...c, of: reached(parent, c.of) })) };
        case "several":
            return { ...decision, of: decision.of.map((chosen) => reached(parent, chosen)) };
        case "byClient": {
            const cases = Object.entries(decision.cases).map(([name, of]) => [name, through(parent, of)] as const);
            return { ...decision, cases: Object.fromEntries(cases) };
        }
    }
}

function reached(parent: string, chosen: Chosen): Chosen {
    return { ...chosen, policies: [parent, ...chosen.policies] };
}
