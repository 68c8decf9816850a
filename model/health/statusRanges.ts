import { z } from "zod";
import { list } from "../schema/kit";
import { containsUnknown } from "../schema/unknown";

/** Statuses of final answers (RFC 9110, 15): those below 200 announce another. */
const LOWEST = 200;
const HIGHEST = 599;

interface Range {
    readonly from: number;
    readonly to: number;
}

type Written = number | string;

/** `204`, `"204"` or `"200-299"`. */
function parse(written: Written): Range | undefined {
    const [, first, last] = /^(\d{3})(?:-(\d{3}))?$/.exec(String(written)) ?? [];
    if (first === undefined) return undefined;
    const range = { from: Number(first), to: Number(last ?? first) };
    return range.from >= LOWEST && range.to <= HIGHEST && range.from <= range.to ? range : undefined;
}

/** Sorted, and ranges that touch made one, so that two lists which mean the same are the same. */
function canonical(written: Written[]): Written[] {
    if (containsUnknown(written)) return written;
    const merged: Range[] = [];
    for (const range of written.map((one) => parse(one)!).sort((a, b) => a.from - b.from)) {
        const last = merged.at(-1);
        if (!last || range.from > last.to + 1) merged.push(range);
        else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    }
    return merged.map(({ from, to }) => (from === to ? from : `${from}-${to}`));
}

const statusRange = z
    .union([z.int(), z.string()])
    .refine((written) => parse(written), `must be a status from ${LOWEST} to ${HIGHEST}, or a range such as "200-299"`);

export const statusRanges = list(statusRange).min(1, "must have at least one status").transform(canonical);

export function includesStatus(ranges: readonly Written[], status: number): boolean {
    return ranges.some((written) => {
        const { from, to } = parse(written)!;
        return status >= from && status <= to;
    });
}
