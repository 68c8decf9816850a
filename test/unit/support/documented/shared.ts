/** Where something is. */
export interface Address {
    /** The street. */
    readonly street: string;
}

/** What it looks like. */
export type Colour = "red" | "green";

/** What everybody paints: a `hedge` is green. */
export const wellKnown = {
    /** A barn. */
    barn: { colour: "red" },
    hedge: { colour: "green" },
} as const;

/**
 * Paints something.
 *
 * @returns what is painted
 * @deprecated Call a painter.
 */
export function paint(what: string): string {
    return what;
}
