/** What was last made of an object, and what else it was made of. */
export type Memory<Made> = WeakMap<object, { readonly from: readonly unknown[]; readonly made: Made }>;

/** What `make` makes of the object and of these values: made anew only when one of them is another than last time. */
export function remembered<Made>(memory: Memory<Made>, of: object, from: readonly unknown[], make: () => Made): Made {
    const last = memory.get(of);
    if (last?.from.length === from.length && last.from.every((value, index) => value === from[index])) return last.made;
    const made = make();
    memory.set(of, { from, made });
    return made;
}
