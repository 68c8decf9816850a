/** Where something is. */
export interface Address {
    /** The street. */
    readonly street: string;
}

/** What it looks like. */
export type Colour = "red" | "green";

/** What everybody paints. */
export const wellKnown = {
    /** A barn. */
    barn: { colour: "red" },
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
