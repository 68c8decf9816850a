/** The slots of each owner, in order; owners in the order of their first. */
export function slotsByOwner(table: readonly number[]): Map<number, number[]> {
    const owned = new Map<number, number[]>();
    table.forEach((owner, slot) => {
        const slots = owned.get(owner);
        if (slots) slots.push(slot);
        else owned.set(owner, [slot]);
    });
    return owned;
}
