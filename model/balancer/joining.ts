import { slotsByOwner } from "./owners";
import { equalSlotCount } from "./stages";

/** How the slots of a set of equals came to their owners: members join one after another. */
export interface Joining {
    /** Of each slot all owners so far, the present one last. */
    readonly owners: readonly number[][];
    /** Of each member all slots that it ever took, in the order in which it did. */
    readonly taken: readonly (readonly number[])[];
}

/**
 * Each newcomer takes its share from all before it, equally, at the resolution that a set of that size has; so sets of
 * all sizes agree about the earlier ones.
 */
export function joinAll(count: number): Joining {
    let joining: Joining = { owners: [[]], taken: [] };
    for (let newcomer = 0; newcomer < count; newcomer++) {
        const { owners, taken } = scale(joining, equalSlotCount(newcomer + 1));
        joining = { owners, taken: [...taken, admit(owners, newcomer)] };
    }
    return scale(joining, equalSlotCount(count));
}

/** The same on more slots. */
export function scale({ owners, taken }: Joining, count: number): Joining {
    if (owners.length === count) return { owners, taken };
    const factor = count / owners.length;
    const parts = Array.from({ length: factor }, (_, part) => part);
    return {
        owners: owners.flatMap((list) => parts.map(() => [...list])),
        taken: taken.map((slots) => slots.flatMap((slot) => parts.map((part) => slot * factor + part))),
    };
}

/** The newcomer takes its share slot by slot, each from whoever then has most; these are they. */
function admit(owners: readonly number[][], newcomer: number): number[] {
    const donors = [...slotsByOwner(owners.map((list) => list.at(-1)!)).values()];
    const share = newcomer === 0 ? owners.length : Math.round(owners.length / (newcomer + 1));
    const slots = Array.from({ length: share }, (_, slot) => {
        if (newcomer === 0) return slot;
        return donors.reduce((most, owned) => (owned.length > most.length ? owned : most)).pop()!;
    });
    for (const slot of slots) owners[slot]!.push(newcomer);
    return slots;
}
