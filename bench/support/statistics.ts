/** What repeated measurements of one thing come to. */
export interface Spread {
    readonly median: number;
    readonly least: number;
    readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
    const sorted = [...values].sort((a, b) => a - b);
    if (sorted.length === 0) throw new Error("nothing was measured");
    const middle = sorted.length >> 1;
    const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    return { median, least: sorted[0]!, most: sorted.at(-1)! };
}

export function medianOf(values: readonly number[]): number {
    return spreadOf(values).median;
}

/** The same of one figure of each. */
export function textBy<T>(all: readonly T[], of: (one: T) => number, digits = 1): string {
    return textOf(all.map(of), digits);
}

/** `median (least–most)`, as a cell of a table. */
export function textOf(values: readonly number[], digits = 1): string {
    const { median, least, most } = spreadOf(values);
    const text = (value: number) =>
        value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return values.length === 1 ? text(median) : `${text(median)} (${text(least)}–${text(most)})`;
}
