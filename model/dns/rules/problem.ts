import { isUnknown } from "../../schema/unknown";
import type { DnsConfiguration } from "../configuration";
import type { TrafficPolicy } from "../policy";

/** What contradicts what, and where. */
export interface Problem {
    readonly path: PropertyKey[];
    readonly message: string;
}

/** A configuration as previews have it too: anything may be unknown. Of the database it only counts whether there is one. */
export type Checked = Omit<DnsConfiguration, "geoDatabase"> & { readonly geoDatabase?: unknown };

/** Entries of which at least something is known. */
export function knownEntries<T>(map: Readonly<Record<string, T>>): [string, T][] {
    return isUnknown(map) ? [] : Object.entries(map).filter(([, value]) => !isUnknown(value));
}

export function known<T>(list: readonly T[]): T[] {
    return isUnknown(list) ? [] : list.filter((entry) => !isUnknown(entry));
}

/** Nothing can be said of a policy whose method is unknown. */
export function knownPolicies({ policies }: Checked): [string, TrafficPolicy][] {
    return knownEntries<TrafficPolicy>(policies).filter(([, { method }]) => !isUnknown(method));
}

/** Tells for each value whose it already is: of the first that claims it. */
export function claims(): (value: unknown, owner: string) => string | undefined {
    const owners = new Map<unknown, string>();
    return (value, owner) => {
        if (value === undefined || isUnknown(value)) return undefined;
        const earlier = owners.get(value);
        if (earlier === undefined) owners.set(value, owner);
        return earlier;
    };
}

/** Problems of a part, as the whole has them. */
export function below(path: readonly PropertyKey[], problems: readonly Problem[]): Problem[] {
    return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}

/** For a message: `a, b or c`, and `none` when there are none. */
export function oneOf(names: readonly string[]): string {
    if (names.length === 0) return "of which there is none";
    const shown = names.length > 10 ? [...names.slice(0, 10), `${names.length - 10} more`] : names;
    return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}
