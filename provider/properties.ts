import { isDeepStrictEqual } from "node:util";
import { containsUnknown } from "../model/schema/unknown";

/** A resource's properties as Pulumi hands them over. */
export type Properties = Record<string, unknown>;

/** Without the keys that Pulumi and the adapter keep for themselves (`__provider`, `__urn`, …). */
export function withoutHidden(properties: object): Record<string, unknown> {
    return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

/** Pulumi's wire format has no `undefined`; what is unset is absent, at any depth. */
export function withoutUndefined<T>(value: T): T {
    if (Array.isArray(value)) return value.map(withoutUndefined) as T;
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(entries.map(([key, inner]) => [key, withoutUndefined(inner)])) as T;
}

/** Whether an input changes. What is not known yet may. */
export function differs(old: unknown, now: unknown): boolean {
    return containsUnknown(now) || !isDeepStrictEqual(withoutUndefined(old), withoutUndefined(now));
}
