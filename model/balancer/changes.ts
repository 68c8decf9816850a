import type { Destination, Frontend, Plan } from "./plan";
import { portsOf } from "./ports";

/** How one plan becomes another without touching a rule. */
export interface ElementChanges {
    readonly slotsToClear: readonly number[];
    readonly slotsToSet: ReadonlyMap<number, Destination>;
    readonly toRefuse: readonly string[];
    readonly toAccept: readonly string[];
    readonly toForgive: readonly string[];
    readonly toPassOn: readonly string[];
    /** Destinations that may no longer speak on connections which were reset, and those that may again. */
    readonly toSilence: readonly Destination[];
    readonly toHear: readonly Destination[];
}

/** The smallest change of elements from one plan to the other; undefined when the rules differ too. */
export function elementChanges(from: Plan, to: Plan): ElementChanges | undefined {
    if (!sameRules(from, to)) return undefined;
    const slotsToClear: number[] = [];
    const slotsToSet = new Map<number, Destination>();
    for (const { name, firstSlot } of to.frontends) {
        const [before, after] = [from.tables.get(name)!, to.tables.get(name)!];
        if (before === after) continue;
        after.forEach((destination, slot) => {
            if (sameDestination(before[slot], destination)) return;
            if (before[slot]) slotsToClear.push(firstSlot + slot);
            if (destination) slotsToSet.set(firstSlot + slot, destination);
        });
    }
    const [silentBefore, silent] = [silenced(from), silenced(to)];
    return {
        slotsToClear,
        slotsToSet,
        toRefuse: without(to.refusing, from.refusing),
        toAccept: without(from.refusing, to.refusing),
        toForgive: without(to.forgiving, from.forgiving),
        toPassOn: without(from.forgiving, to.forgiving),
        toSilence: [...silent].flatMap(([key, destination]) => (silentBefore.has(key) ? [] : [destination])),
        toHear: [...silentBefore].flatMap(([key, destination]) => (silent.has(key) ? [] : [destination])),
    };
}

export function isEmptyChange(changes: ElementChanges): boolean {
    return [
        changes.slotsToClear.length,
        changes.slotsToSet.size,
        changes.toRefuse.length,
        changes.toAccept.length,
        changes.toForgive.length,
        changes.toPassOn.length,
        changes.toSilence.length,
        changes.toHear.length,
    ].every((n) => n === 0);
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
    return [...names].filter((name) => !others.has(name));
}

/** Whether the two plans have the same rules, and differ in elements at most. */
export function sameRules(from: Plan, to: Plan): boolean {
    return (
        sameText(from.network, to.network) &&
        from.countsPackets === to.countsPackets &&
        from.frontends.length === to.frontends.length &&
        from.frontends.every((frontend, index) => sameFrontend(frontend, to.frontends[index]!))
    );
}

function sameFrontend(frontend: Frontend, other: Frontend): boolean {
    return frontend === other || sameText(frontend, other);
}

function sameText(one: unknown, other: unknown): boolean {
    return JSON.stringify(one) === JSON.stringify(other);
}

/** All whose connections are reset, by address and port: several frontends may have one. */
export function silenced(plan: Plan): ReadonlyMap<string, Destination> {
    const all = plan.frontends.flatMap(({ name, portCount }) =>
        (plan.resetting.get(name) ?? []).flatMap(({ address, port: first }) =>
            [...portsOf({ first, count: portCount })].map((port) => [`${address}:${port}`, { address, port }] as const),
        ),
    );
    return new Map(all);
}

export function sameDestination(a: Destination | undefined, b: Destination | undefined): boolean {
    return a?.address === b?.address && a?.port === b?.port;
}
