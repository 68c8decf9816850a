/** What was last made of an object, and what else it was made of. */
export type Memory<Made, From = unknown> = WeakMap<object, { readonly from: readonly From[]; readonly made: Made }>;

/**
 * What `make` makes of the object and of these values: made anew only when one of them is another than last time.
 * @param isSame for values that are made anew each time
 */
export function remembered<Made, From>(
    memory: Memory<Made, From>,
    of: object,
    from: readonly From[],
    make: () => Made,
    isSame: (one: From, other: From) => boolean = Object.is,
): Made {
    const last = memory.get(of);
    if (last && areSame(last.from, from, isSame)) return last.made;
    const made = make();
    memory.set(of, { from, made });
    return made;
}

/** A loop: this is asked for each part of a large configuration, after each probe's verdict. */
function areSame<From>(some: readonly From[], others: readonly From[], isSame: (one: From, other: From) => boolean) {
    if (some.length !== others.length) return false;
    for (let index = 0; index < some.length; index++) if (!isSame(some[index]!, others[index]!)) return false;
    return true;
}
