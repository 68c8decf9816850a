/** The string that stands for a value not yet known while Pulumi previews, at any depth of a resource's inputs. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): boolean {
    return value === UNKNOWN;
}

/** Whether the value, or anything inside it, is unknown. */
export function containsUnknown(value: unknown): boolean {
    if (isUnknown(value)) return true;
    if (typeof value !== "object" || value === null) return false;
    return Object.values(value).some(containsUnknown);
}
