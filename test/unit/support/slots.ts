import type { SlotMember } from "../../../model/balancer/slots";

type Table = readonly (number | undefined)[];

/** Members of weight 1 at positions 0 … count-1, without those in `removed`; those in `failed` are not healthy. */
export function equalMembers(
    count: number,
    failed: Iterable<number> = [],
    removed: Iterable<number> = [],
): SlotMember[] {
    const down = new Set(failed);
    const gone = new Set(removed);
    return positions(count)
        .filter((position) => !gone.has(position))
        .map((position) => ({ position, weight: 1, healthy: !down.has(position) }));
}

export function positions(count: number): number[] {
    return Array.from({ length: count }, (_, position) => position);
}

/** How many slots each owner has, by position; owners without any are left out. */
export function slotsPerOwner(table: Table): Map<number, number> {
    const counts = new Map<number, number>();
    for (const owner of table) if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    return new Map([...counts].sort(([a], [b]) => a - b));
}

/** The largest share, where 1 is the average of `owners` owners. */
export function largestShare(table: Table, owners: number): number {
    return Math.max(...slotsPerOwner(table).values()) / (table.length / owners);
}

/** The same table on more slots, as the kernel's scaled hash sees it. */
export function stretch<T>(table: readonly T[], length: number): T[] {
    return table.flatMap((owner) => new Array<T>(length / table.length).fill(owner));
}

export interface Move {
    readonly slot: number;
    readonly from: number | undefined;
    readonly to: number | undefined;
}

/** Slots whose owner differs; tables of different stages are compared at the finer one. */
export function moves(before: Table, after: Table): Move[] {
    const length = Math.max(before.length, after.length);
    const to = stretch(after, length);
    return stretch(before, length)
        .map((from, slot) => ({ slot, from, to: to[slot] }))
        .filter((move) => move.from !== move.to);
}

/** `0×20 1×20 2×20`: runs of one owner. */
export function runs(table: Table): string {
    const runs: { owner: number | undefined; length: number }[] = [];
    for (const owner of table) {
        const last = runs.at(-1);
        if (last?.owner === owner && last) last.length++;
        else runs.push({ owner, length: 1 });
    }
    return runs.map(({ owner, length }) => `${owner ?? "-"}×${length}`).join(" ");
}
