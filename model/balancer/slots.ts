import { homeTable } from "./home";
import { drawLot } from "./lots";
import { slotsByOwner } from "./owners";
import { slotCount } from "./stages";

/**
 * The table of a load-balanced set: which member each slot belongs to. A connection's hash names a slot.
 *
 * A pure function of the configured members and of who is healthy, so that two balancers agree without talking:
 * - All healthy: every member has its share of the slots, the largest of equals within 3 % of the average.
 * - A member fails: its slots are dealt to the others by weight. Nobody else's slot moves, however many fail.
 * - A member is appended to equals: it takes an equal part of every other's slots, and no slot moves between the others.
 * - A weight changes: little more moves than what the new shares need.
 * - A member is removed: as if it had failed for good; the next new member takes over its position.
 */

export interface SlotMember {
    /** The member's number in the configuration; a number that nobody has is a hole. */
    readonly position: number;
    /** Share of the set's connections, relative to the other members'. */
    readonly weight: number;
    readonly healthy: boolean;
}

/** How often a slot is dealt again when its heir has failed too; then it wanders, which is cheap and nearly as even. */
const DEALS = 3;
/** Without a common factor with any stage. */
const STEPS = [7, 11, 13, 17, 19, 23, 29, 31] as const;
/** A hole's former weight is not known any more; machines of a set are usually equal. */
const HOLE_WEIGHT = 1;

/** Owner (a position) of each slot; undefined where nobody is healthy. */
export function slotTable(members: readonly SlotMember[]): (number | undefined)[] {
    const weights = weightsByPosition(members);
    const healthy = new Set(
        members.filter((member) => member.healthy && member.weight > 0).map((member) => member.position),
    );
    if (healthy.size === 0) return new Array<undefined>(slotCount(weights)).fill(undefined);
    const home = homeTable(weights);
    const table = [...home];
    if (home.every((owner) => healthy.has(owner))) return table;
    const owned = slotsByOwner(home);
    for (const [position, slots] of owned) {
        if (!healthy.has(position)) deal(table, slots, { weights, healthy, home, owned, failed: [position] });
    }
    return table;
}

/** Weights in the order of positions, which may have holes. */
export function weightsByPosition(members: readonly SlotMember[]): number[] {
    const length = Math.max(-1, ...members.map((member) => member.position)) + 1;
    const weights = new Array<number>(length).fill(HOLE_WEIGHT);
    for (const member of members) weights[member.position] = member.weight;
    return weights;
}

interface Deal {
    readonly weights: readonly number[];
    readonly healthy: ReadonlySet<number>;
    readonly home: readonly number[];
    readonly owned: ReadonlyMap<number, readonly number[]>;
    /** The positions whose failures led here, first the owner of the slots at home. */
    readonly failed: readonly number[];
}

/**
 * Deals a failed member's slots to all others, whether they are healthy or not; what falls on a failed one is dealt
 * again. So who inherits a slot depends only on the failures on its own path, and further ones move nobody else.
 */
function deal(table: number[], slots: readonly number[], state: Deal): void {
    const { weights, healthy, home, owned, failed } = state;
    const latest = failed.at(-1)!;
    // From the failed member on, so that ties fall on another one after each.
    const heirs = weights
        .map((_, index) => (latest + index) % weights.length)
        .filter((position) => weights[position]! > 0 && !failed.includes(position));
    // Only the first deal can know what its heirs have; further ones draw lots, or all would fall on the same heir.
    const need = (heir: number, part: number) =>
        failed.length === 1 ? (owned.get(heir)?.length ?? 0) + part : drawLot([...failed, heir]);
    const parts = divide(slots.length, heirs, weights, need);
    let next = 0;
    for (const heir of heirs) {
        const part = slots.slice(next, (next += parts.get(heir)!));
        if (part.length === 0) continue;
        if (healthy.has(heir)) for (const slot of part) table[slot] = heir;
        else if (failed.length < DEALS) deal(table, part, { ...state, failed: [...failed, heir] });
        else for (const slot of part) table[slot] = wander(slot, home, healthy);
    }
}

/** Divides by weight; what does not divide goes to whoever has least (of `need`) for its weight. */
function divide(
    count: number,
    heirs: readonly number[],
    weights: readonly number[],
    need: (heir: number, part: number) => number,
): Map<number, number> {
    const total = sum(heirs.map((heir) => weights[heir]!));
    const parts = new Map(heirs.map((heir) => [heir, Math.floor((count * weights[heir]!) / total)]));
    const left = count - sum([...parts.values()]);
    if (left === 0) return parts;
    const fullness = new Map(heirs.map((heir) => [heir, need(heir, parts.get(heir)!) / weights[heir]!]));
    const neediest = [...heirs].sort((a, b) => fullness.get(a)! - fullness.get(b)!).slice(0, left);
    for (const heir of neediest) parts.set(heir, parts.get(heir)! + 1);
    return parts;
}

/** The first healthy owner on a walk over the home table that is the slot's own and reaches every other slot. */
function wander(slot: number, home: readonly number[], healthy: ReadonlySet<number>): number {
    const start = drawLot([slot]);
    const step = STEPS[start % STEPS.length]!;
    let at = Math.floor(start / STEPS.length) % home.length;
    while (!healthy.has(home[at]!)) at = (at + step) % home.length;
    return home[at]!;
}

function sum(numbers: readonly number[]): number {
    return numbers.reduce((total, number) => total + number, 0);
}
