/**
 * A member that goes down again and again would break connections each time that it comes back. Azure makes such a
 * member wait longer, without saying how long; here the wait begins with one interval of the probe and doubles.
 */

/** Healthy for so long, a member has recovered: its next fall is its first. */
const RECOVERED_MS = 5 * 60 * 1000;

export interface HoldDown {
    /** How often it went down without having recovered in between. */
    readonly falls: number;
    /** Until then it does not come back, whatever its probe says: milliseconds since the epoch. */
    readonly heldUntil: number;
}

export interface HoldDownTiming {
    readonly intervalSeconds: number;
    readonly longestHoldDownSeconds: number;
}

export function holdDownSeconds(falls: number, { intervalSeconds, longestHoldDownSeconds }: HoldDownTiming): number {
    return falls < 2 ? 0 : Math.min(longestHoldDownSeconds, intervalSeconds * 2 ** (falls - 2));
}

/** A member that was healthy since then goes down now. */
export function fall(before: HoldDown, healthySince: number, timing: HoldDownTiming, now: number): HoldDown {
    const falls = now - healthySince >= RECOVERED_MS ? 1 : before.falls + 1;
    return { falls, heldUntil: now + holdDownSeconds(falls, timing) * 1000 };
}

/** `went down 3 times without 5 healthy minutes in between, so it waits 30 s` */
export function whyHeld({ falls }: HoldDown, timing: HoldDownTiming): string {
    const seconds = Math.round(holdDownSeconds(falls, timing) * 10) / 10;
    return `went down ${falls} times without 5 healthy minutes in between, so it waits ${seconds} s`;
}
