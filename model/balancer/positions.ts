/**
 * Gives each member of a set its position. Members keep the one they had, so that removing one in the middle moves only
 * its own connections; newcomers fill the lowest gaps, in the order in which the program lists them.
 */
export function assignPositions(
    names: readonly string[],
    previous: Readonly<Record<string, number>>,
): Record<string, number> {
    const before = new Map(Object.entries(previous));
    const taken = new Set(names.flatMap((name) => before.get(name) ?? []));
    const positions: Record<string, number> = {};
    let lowest = 0;
    for (const name of names) {
        const kept = before.get(name);
        if (kept !== undefined) {
            positions[name] = kept;
            continue;
        }
        while (taken.has(lowest)) lowest++;
        positions[name] = lowest;
        taken.add(lowest);
    }
    return positions;
}
