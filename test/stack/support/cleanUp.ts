interface Removable {
    remove(): Promise<void> | void;
}

/** Removes one after the other, also behind one that fails; what a failed `beforeAll` never made is left out. */
export async function removeAll(...things: (Removable | undefined)[]): Promise<void> {
    const failures: unknown[] = [];
    for (const thing of things) {
        try {
            await thing?.remove();
        } catch (error) {
            failures.push(error);
        }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("\n"));
}
