const LEAST_OF_A_NAME = 3;

/** A property that nobody knows, and the one that was meant, if it is only misspelt. */
export interface UnknownProperty {
    readonly meant: string | undefined;
    readonly sentence: string;
}

/** What is said of each property that is not one of those allowed: most are misspelt, and the rest belong elsewhere. */
export function unknownProperties(given: object, allowed: readonly string[]): UnknownProperty[] {
    const free = allowed.filter((name) => !Object.hasOwn(given, name)).sort();
    return Object.keys(given)
        .filter((key) => !allowed.includes(key))
        .map((key) => {
            const meant = nearest(key, free);
            const others = free.filter((name) => name !== meant).join(", ");
            const question = meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
            const list = others && ` (${meant === undefined ? "allowed" : "others"}: ${others})`;
            return { meant, sentence: `has unknown property ${JSON.stringify(key)}${question}${list}` };
        });
}

/** The name that was meant: one that holds what was given, or differs from it in at most every third letter. */
function nearest(given: string, names: readonly string[]): string | undefined {
    const key = given.toLowerCase();
    const ranked = names
        .map((name) => ({ name, lower: name.toLowerCase() }))
        .map(({ name, lower }) => ({ name, lower, far: distance(key, lower) }))
        .filter(
            ({ lower, far }) =>
                far <= Math.max(key.length, lower.length) / 3 ||
                (key.length >= LEAST_OF_A_NAME && lower.length >= LEAST_OF_A_NAME && holds(key, lower)),
        )
        .sort((a, b) => a.far - b.far);
    return ranked[0]?.name;
}

function holds(one: string, other: string): boolean {
    return one.includes(other) || other.includes(one);
}

/** Letters to insert, remove, replace or swap with their neighbour. */
function distance(from: string, to: string): number {
    const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
    for (let row = 1; row <= from.length; row++) {
        const next = [row];
        for (let column = 1; column <= to.length; column++) {
            const above = rows[row - 1]!;
            const replaced = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
            const isSwap = row > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
            const swapped = isSwap ? rows[row - 2]![column - 2]! + 1 : Infinity;
            next.push(Math.min(replaced, swapped, above[column]! + 1, next[column - 1]! + 1));
        }
        rows.push(next);
    }
    return rows[from.length]![to.length]!;
}
