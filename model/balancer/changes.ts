import type { Destination, Plan } from "./plan";

/** How one plan becomes another without touching a rule. */
export interface ElementChanges {
    readonly slotsToClear: readonly number[];
    readonly slotsToSet: ReadonlyMap<number, Destination>;
    readonly toRefuse: readonly string[];
    readonly toAccept: readonly string[];
}

/** The smallest change of elements from one plan to the other; undefined when the rules differ too. */
export function elementChanges(from: Plan, to: Plan): ElementChanges | undefined {
    if (!sameRules(from, to)) return undefined;
    const slotsToSet = new Map(
        [...to.slots].filter(([slot, destination]) => !sameDestination(from.slots.get(slot), destination)),
    );
    return {
        slotsToClear: [...from.slots.keys()].filter((slot) => !to.slots.has(slot) || slotsToSet.has(slot)),
        slotsToSet,
        toRefuse: [...to.refusing].filter((name) => !from.refusing.has(name)),
        toAccept: [...from.refusing].filter((name) => !to.refusing.has(name)),
    };
}

export function isEmptyChange(changes: ElementChanges): boolean {
    return [
        changes.slotsToClear.length,
        changes.slotsToSet.size,
        changes.toRefuse.length,
        changes.toAccept.length,
    ].every((n) => n === 0);
}

/** Whether the two plans have the same rules, and differ in elements at most. */
export function sameRules(from: Plan, to: Plan): boolean {
    const rules = (plan: Plan) => JSON.stringify([plan.network, plan.frontends]);
    return rules(from) === rules(to);
}

export function sameDestination(a: Destination | undefined, b: Destination | undefined): boolean {
    return a?.address === b?.address && a?.port === b?.port;
}
