import type { Joining } from "./joining";
import { drawLot } from "./lots";

/** As few as a set can have. */
const COARSE = 60;

/**
 * Owners of the slots by weight, as near to the owners among equals as can be.
 *
 * Each slot asks its owners, the last first, to take it, and then the others in an order of its own; each member takes up
 * to its quota, those that it had first, and sends the rest on. The outcome is the same in whichever order they ask, and
 * a quota that changes by some slots moves hardly more than those.
 */
export function byWeight({ owners, taken }: Joining, weights: readonly number[]): number[] {
    const present = owners.map((list) => list.at(-1)!);
    const quotas = quotasOf(weights, present);
    const takers = [...quotas.keys()].filter((position) => quotas[position]! > 0);
    const ranks = taken.map((slots) => new Map(slots.map((slot, rank) => [slot, rank])));
    // Sets of all sizes draw the same lots, or a weight that needs finer slots would move everything.
    const coarse = (slot: number) => Math.floor((slot * COARSE) / owners.length);
    const rank = (member: number, slot: number) =>
        ranks[member]!.get(slot) ?? owners.length + drawLot([member, coarse(slot)]);
    const orders = Array.from({ length: COARSE }, (_, part) => {
        const lots = new Map(takers.map((member) => [member, drawLot([member, part]) / weights[member]!]));
        return [...takers].sort((a, b) => lots.get(a)! - lots.get(b)! || a - b);
    });
    const choices = owners.map((before, slot) => {
        const others = () => orders[coarse(slot)]!.filter((member) => !before.includes(member));
        return inTurn([...before].reverse(), others);
    });

    const held = weights.map((): number[] => []);
    let asking = [...owners.keys()];
    while (asking.length > 0) {
        const asked = new Set<number>();
        for (const slot of asking) {
            const member = choices[slot]!.next().value!;
            held[member]!.push(slot);
            asked.add(member);
        }
        asking = [...asked].flatMap((member) => {
            if (held[member]!.length <= quotas[member]!) return [];
            const ranked = held[member]!.map((slot) => ({ slot, rank: rank(member, slot) }));
            const slots = ranked.sort((a, b) => a.rank - b.rank || a.slot - b.slot).map(({ slot }) => slot);
            held[member] = slots.slice(0, quotas[member]);
            return slots.slice(quotas[member]);
        });
    }
    held.forEach((slots, member) => slots.forEach((slot) => (present[slot] = member)));
    return present;
}

function* inTurn(first: readonly number[], then: () => readonly number[]): Generator<number, undefined> {
    yield* first;
    yield* then();
}

/** How many slots each member is due: its part of them, rounded, and at least one while there are enough. */
function quotasOf(weights: readonly number[], present: readonly number[]): number[] {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const due = weights.map((weight) => (present.length * weight) / total);
    const quotas = due.map((share) => (share > 0 ? Math.max(1, Math.floor(share)) : 0));
    const now = weights.map(() => 0);
    for (const owner of present) now[owner]!++;
    const missing = (position: number) => due[position]! - quotas[position]!;
    const change = (position: number, by: number) => (quotas[position]! += by);
    let left = present.length - quotas.reduce((sum, quota) => sum + quota, 0);
    const byNeed = [...weights.keys()].sort((a, b) => missing(b) - missing(a) || now[b]! - now[a]! || a - b);
    // Rounded down, nobody misses more than one.
    for (const position of byNeed.slice(0, Math.max(0, left))) change(position, 1);
    // Many of whom each got one slot more than its part cost those who have most.
    for (; left < 0; left++) change(quotas.indexOf(Math.max(...quotas)), -1);
    return quotas;
}
