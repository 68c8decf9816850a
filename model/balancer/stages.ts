/** Each stage is a multiple of the one before: the kernel's `hash mod M` scales, so growing by a whole factor moves nobody. */
const STAGES = [60, 240, 720, 2880] as const;
/** Up to this many equal members, a stage's largest share is within 3 % of the average, also with one member down. */
const STAGE_CAPACITY = [6, 13, 30] as const;
const TOLERANCE = 0.03;

/** Number of slots of a set with these weights, by position: enough that each member's share is within 3 %, if any is. */
export function slotCount(weights: readonly number[]): number {
    const slots = STAGES.slice(STAGES.indexOf(equalSlotCount(weights.length)));
    return slots.find((count) => areEqual(weights) || isExactEnough(weights, count)) ?? STAGES.at(-1)!;
}

/** Number of slots of a set of so many members of one weight. */
export function equalSlotCount(members: number): (typeof STAGES)[number] {
    const stage = STAGE_CAPACITY.findIndex((capacity) => members <= capacity);
    return STAGES.at(stage)!;
}

export function areEqual(weights: readonly number[]): boolean {
    return weights.every((weight) => weight === weights[0]);
}

function isExactEnough(weights: readonly number[], slots: number): boolean {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.every((weight) => {
        const share = (slots * weight) / total;
        return Math.abs(Math.round(share) - share) <= share * TOLERANCE;
    });
}
