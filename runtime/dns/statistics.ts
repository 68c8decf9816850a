/** Numbers by the way to them, but for `stats`, which holds what matters: `noerror`, `udp.reqs`. */
export function flattened(value: unknown, path: readonly string[] = []): Record<string, number> {
    if (typeof value === "number") return { [path.filter((part) => part !== "stats").join(".")]: value };
    if (typeof value !== "object" || value === null) return {};
    const parts = Object.entries(value).flatMap(([key, inner]) => Object.entries(flattened(inner, [...path, key])));
    return Object.fromEntries(parts);
}
