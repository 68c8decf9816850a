/**
 * The table of a load-balanced set: which member each slot belongs to. A connection's hash names a slot.
 *
 * A pure function of the configured members and of who is healthy, so that two balancers agree without talking:
 * - All healthy: every member has its share of the slots, the largest within 3 % of the average.
 * - A member fails: its slots are dealt evenly to the others. Nobody else's slot moves, however many fail.
 * - A member is appended: it takes an equal part of every other's slots, and no slot moves between the others.
 * - A member is removed: as if it had failed for good; the next new member takes over its position.
 */

export interface SlotMember {
    /** The member's number in the configuration; a number that nobody has is a hole. */
    readonly position: number;
    /** Share of the set's connections, relative to the other members'. */
    readonly weight: number;
    readonly healthy: boolean;
}

/** Each stage is a multiple of the one before: the kernel's `hash mod M` scales, so growing by a whole factor moves nobody. */
const STAGES = [60, 240, 720, 2880] as const;
/** Up to this many equal members, a stage's largest share is within 3 % of the average, also with one member down. */
const STAGE_CAPACITY = [6, 13, 30] as const;
const TOLERANCE = 0.03;
/** A hole's former weight is not known any more; machines of a set are usually equal. */
const HOLE_WEIGHT = 1;

/** Number of slots of a set with these weights, by position. */
export function slotCount(weights: readonly number[]): number {
    return STAGES[Math.max(0, ...weights.map((_, index) => stageFor(weights.slice(0, index + 1))))]!;
}

/** Owner (a position) of each slot; undefined where nobody is healthy. */
export function slotTable(members: readonly SlotMember[]): (number | undefined)[] {
    const weights = weightsByPosition(members);
    const healthy = new Set(
        members.filter((member) => member.healthy && member.weight > 0).map((member) => member.position),
    );
    const table: (number | undefined)[] = homeTable(weights);
    if (healthy.size === 0) return table.fill(undefined);
    const home = slotsByOwner(table as number[]);
    for (const [position, slots] of home) {
        if (!healthy.has(position)) deal(table, slots, { weights, healthy, load: sizes(home), failed: [position] });
    }
    return table;
}

/** Who owns each slot while everyone is healthy: members join one after another, each taking its share from all before it. */
export function homeTable(weights: readonly number[]): number[] {
    let table: number[] = [];
    for (let joining = 0; joining < weights.length; joining++) {
        // Each joins at the resolution that a set of that size has, so that sets of all sizes agree about the earlier ones.
        const present = weights.slice(0, joining + 1);
        table = admit(scale(table, slotCount(present)), present, joining);
    }
    return table;
}

function weightsByPosition(members: readonly SlotMember[]): number[] {
    const length = Math.max(-1, ...members.map((member) => member.position)) + 1;
    const weights = new Array<number>(length).fill(HOLE_WEIGHT);
    for (const member of members) weights[member.position] = member.weight;
    return weights;
}

function stageFor(weights: readonly number[]): number {
    const carrying = weights.filter((weight) => weight > 0);
    const byCount = STAGE_CAPACITY.findIndex((capacity) => carrying.length <= capacity);
    const smallest = byCount === -1 ? STAGES.length - 1 : byCount;
    const total = sum(carrying);
    if (carrying.every((weight) => weight === carrying[0])) return smallest;
    const exactEnough = STAGES.findIndex(
        (slots, stage) =>
            stage >= smallest &&
            carrying.every((weight) => {
                const share = (slots * weight) / total;
                return Math.abs(Math.round(share) - share) <= share * TOLERANCE;
            }),
    );
    return exactEnough === -1 ? STAGES.length - 1 : exactEnough;
}

function scale(table: readonly number[], count: number): number[] {
    const factor = count / Math.max(1, table.length);
    return table.flatMap((owner) => new Array<number>(factor).fill(owner));
}

/** The newcomer takes its share slot by slot, each from whoever then has most beyond its own share. */
function admit(table: number[], weights: readonly number[], newcomer: number): number[] {
    const total = sum(weights);
    const weight = weights[newcomer]!;
    if (weight === 0) return table;
    if (total === weight) return new Array<number>(slotCount(weights)).fill(newcomer);
    const owned = slotsByOwner(table);
    const surplus = (position: number) => owned.get(position)!.length - (table.length * weights[position]!) / total;
    const share = Math.round((table.length * weight) / total);
    for (let taken = 0; taken < share; taken++) {
        const donor = [...owned.keys()].reduce((most, position) =>
            surplus(position) > surplus(most) ? position : most,
        );
        table[owned.get(donor)!.pop()!] = newcomer;
    }
    return table;
}

interface Deal {
    readonly weights: readonly number[];
    readonly healthy: ReadonlySet<number>;
    /** Slots that each position has so far on this path. */
    readonly load: ReadonlyMap<number, number>;
    /** The positions whose failures led here, first the owner of the slots at home. */
    readonly failed: readonly number[];
}

/**
 * Deals a failed member's slots to all others, whether they are healthy or not; what falls on a failed one is dealt
 * again. So who inherits a slot depends only on the failures on its own path, and further ones move nobody else.
 */
function deal(table: (number | undefined)[], slots: readonly number[], { weights, healthy, load, failed }: Deal): void {
    const heirs = weights
        .map((_, position) => position)
        .filter((position) => weights[position]! > 0 && !failed.includes(position));
    const parts = divide(slots.length, heirs, { weights, load, after: failed.at(-1)! });
    const loadBelow = new Map(heirs.map((heir) => [heir, (load.get(heir) ?? 0) + parts.get(heir)!]));
    let next = 0;
    for (const heir of heirs) {
        const part = slots.slice(next, (next += parts.get(heir)!));
        if (healthy.has(heir)) for (const slot of part) table[slot] = heir;
        else if (part.length > 0) deal(table, part, { weights, healthy, load: loadBelow, failed: [...failed, heir] });
    }
}

/** Divides by weight; what does not divide goes to whoever has least for its weight, counting from the failed member on. */
function divide(
    count: number,
    heirs: readonly number[],
    { weights, load, after }: { weights: readonly number[]; load: ReadonlyMap<number, number>; after: number },
): Map<number, number> {
    const total = sum(heirs.map((heir) => weights[heir]!));
    const parts = new Map(heirs.map((heir) => [heir, Math.floor((count * weights[heir]!) / total)]));
    const fullness = (heir: number) => ((load.get(heir) ?? 0) + parts.get(heir)!) / weights[heir]!;
    const distance = (heir: number) => (heir - after + weights.length) % weights.length;
    const byNeed = [...heirs].sort((a, b) => fullness(a) - fullness(b) || distance(a) - distance(b));
    const left = count - sum([...parts.values()]);
    for (const heir of byNeed.slice(0, left)) parts.set(heir, parts.get(heir)! + 1);
    return parts;
}

function slotsByOwner(table: readonly number[]): Map<number, number[]> {
    const owned = new Map<number, number[]>();
    table.forEach((owner, slot) => {
        const slots = owned.get(owner);
        if (slots) slots.push(slot);
        else owned.set(owner, [slot]);
    });
    return owned;
}

function sizes(owned: ReadonlyMap<number, readonly number[]>): Map<number, number> {
    return new Map([...owned].map(([position, slots]) => [position, slots.length]));
}

function sum(numbers: readonly number[]): number {
    return numbers.reduce((total, number) => total + number, 0);
}
