/**
 * `next`, made of the same objects as `before` wherever the two are equal: what was made of those need not be made anew
 * (memory.ts).
 */
export function reuse<T>(before: unknown, next: T): T {
    if (!isObject(before) || !isObject(next) || Array.isArray(before) !== Array.isArray(next)) return next;
    const [had, has] = [Object.keys(before), Object.keys(next)];
    const parts = has.map((key) => reuse(Object.hasOwn(before, key) ? before[key] : undefined, next[key]));
    const isSame = had.length === has.length && has.every((key, n) => key === had[n] && before[key] === parts[n]);
    if (isSame) return before as T;
    return Array.isArray(next) ? (parts as T) : (Object.fromEntries(has.map((key, n) => [key, parts[n]])) as T);
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null;
}
