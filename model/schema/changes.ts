import { formatPath, meets } from "./problems";

const LONGEST_SHOWN = 120;
const MOST_CHANGES = 100;

/**
 * How one configuration differs from another, a line a change: `policies.contoso.ttlSeconds: 300 => 30`. Values at a
 * path in `secret`, and below, are never shown.
 */
export function describeChanges(before: unknown, after: unknown, secret: readonly string[] = []): string[] {
    const changes = [...differences(before, after, [], secret)];
    const more = changes.length - MOST_CHANGES;
    return more > 0 ? [...changes.slice(0, MOST_CHANGES), `… and ${more} more`] : changes;
}

function* differences(before: unknown, after: unknown, path: string[], secret: readonly string[]): Generator<string> {
    if (before === after) return;
    if (isMap(before) && isMap(after)) {
        const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
        for (const key of [...keys].sort()) yield* differences(before[key], after[key], [...path, key], secret);
        return;
    }
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    const where = formatPath(path) || "configuration";
    const isSecret = secret.some((pattern) => path.length >= pattern.split(".").length && meets(pattern, path));
    const show = (value: unknown) => (isSecret || isMap(value) ? "…" : shortened(JSON.stringify(value)));
    if (isNone(before)) yield isMap(after) ? `${where}: added` : `${where}: added ${show(after)}`;
    else if (isNone(after)) yield isMap(before) ? `${where}: removed` : `${where}: removed (was ${show(before)})`;
    else yield isSecret ? `${where}: changed (secret)` : `${where}: ${show(before)} => ${show(after)}`;
}

function isMap(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNone(value: unknown): boolean {
    return value === undefined || value === null;
}

function shortened(text: string): string {
    return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
