/**
 * Gives each member of a set its position. Members keep the one they had, so that removing one in the middle moves only
 * its own connections; newcomers fill the lowest gaps, in the order in which the program lists them.
 */
export function assignPositions(
    names: readonly string[],
    previous: Readonly<Record<string, number>>,
): Record<string, number> {
    const kept = names.filter((name) => previous[name] !== undefined);
    const taken = new Set(kept.map((name) => previous[name]!));
    const positions: Record<string, number> = {};
    let lowest = 0;
    for (const name of names) {
        const before = previous[name];
        if (before !== undefined) {
            positions[name] = before;
            continue;
        }
        while (taken.has(lowest)) lowest++;
        positions[name] = lowest;
        taken.add(lowest);
    }
    return positions;
}
