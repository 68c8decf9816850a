import { z } from "zod";

const UNITS = ["b", "k", "m", "g", "t"] as const;
const FORM = /^(\d+(?:\.\d+)?)\s*(?:([bkmgt])|([kmgt])i?b|bytes?)?$/i;
/** Docker's own lower bound. */
const SMALLEST = 6 * 1024 ** 2;

/**
 * Bytes meant by a number or a text. Units are powers of 1024 in every spelling (`512m`, `512MB`, `512MiB`), as in Docker.
 */
export function parseMemory(value: unknown): number | undefined {
    if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
    if (typeof value !== "string") return undefined;
    const match = FORM.exec(value.trim());
    if (!match) return undefined;
    const unit = (match[2] ?? match[3] ?? "b").toLowerCase() as (typeof UNITS)[number];
    const bytes = Number(match[1]) * 1024 ** UNITS.indexOf(unit);
    return Number.isSafeInteger(Math.round(bytes)) ? Math.round(bytes) : undefined;
}

/** The largest unit in which the amount is whole: `512MiB`, `2GiB`, `1536MiB`. */
export function formatMemory(bytes: number): string {
    for (const [power, unit] of [
        [4, "TiB"],
        [3, "GiB"],
        [2, "MiB"],
        [1, "KiB"],
    ] as const) {
        if (bytes > 0 && bytes % 1024 ** power === 0) return `${bytes / 1024 ** power}${unit}`;
    }
    return `${bytes}B`;
}

/** An amount of bytes of at least `smallest`, in one spelling however it was given. */
export function amount(smallest: number, allowed: string) {
    return z.union([z.string(), z.number()]).transform((value, context): string => {
        const bytes = parseMemory(value);
        if (bytes !== undefined && bytes >= smallest) return formatMemory(bytes);
        context.addIssue(bytes === undefined ? allowed : `must be at least ${formatMemory(smallest)}`);
        return z.NEVER;
    });
}

export const memory = amount(SMALLEST, 'must be an amount of memory such as "512MiB" or "2GiB", or a number of bytes');
