import { z } from "zod";
import { byName } from "../names";
import { wholeNumber } from "../schema/fields";
import { refuse } from "../schema/kit";
import { isUnknown } from "../schema/unknown";

/** Who receives which share of a set's new connections. */

/** What of a connection decides which member it goes to. Two connections of equal value go to the same one. */
export const distribution = z.enum(["fiveTuple", "sourceIP", "sourceIPProtocol"]);
export type Distribution = z.infer<typeof distribution>;

export const adminState = z.enum(["auto", "up", "down"]);
export type AdminState = z.infer<typeof adminState>;

/** A member's part in its set. */
export const memberShare = {
    /** Relative to the others'; 0 takes no new connection, and keeps those it has. */
    weight: wholeNumber(0, 1000).default(1),
    /** `auto` follows the probe; `up` and `down` do not ask it. */
    adminState: adminState.default("auto"),
    /** Those of the lowest number serve of whom anybody can. */
    priority: wholeNumber(1, 1000).default(1),
};
export type MemberShare = z.infer<z.ZodObject<typeof memberShare>>;

/** How a set shares its connections. */
export const setShares = {
    distribution: distribution.default("fiveTuple"),
    /** Clients whose addresses agree in so many bits count as one. */
    sourcePrefixLength: wholeNumber(1, 32).optional(),
    /** Sets of one name send a client to the same member. */
    affinityGroup: z.string().min(1, "must not be empty").optional(),
    resetOnDown: z.boolean().default(false),
};

interface SetShares {
    readonly distribution: Distribution;
    readonly sourcePrefixLength?: number | undefined;
    readonly affinityGroup?: string | undefined;
}

/** What goes by the client's address needs a distribution that does. */
export function refuseSharesWithoutSource<Set extends SetShares>(context: z.core.ParsePayload<Set>): void {
    if (context.value.distribution !== "fiveTuple") return;
    for (const property of ["sourcePrefixLength", "affinityGroup"] as const) {
        if (context.value[property] === undefined) continue;
        refuse(context, [property], 'needs distribution "sourceIP" or "sourceIPProtocol"');
    }
}

type Member = MemberShare & { readonly container: string };

export interface GroupableSet extends SetShares {
    readonly members: Readonly<Record<string, Member>>;
}

interface Problem {
    readonly path: string[];
    readonly message: string;
}

/** Sets by affinity group, each group's in the order of their names: the first is whom the others must equal. */
export function affinityGroups<Set extends GroupableSet>(
    sets: Readonly<Record<string, Set>>,
): Map<string, [string, Set][]> {
    const groups = new Map<string, [string, Set][]>();
    for (const [name, set] of byName(sets)) {
        const group = isUnknown(set) ? undefined : set.affinityGroup;
        if (group === undefined || isUnknown(group)) continue;
        groups.set(group, [...(groups.get(group) ?? []), [name, set]]);
    }
    return groups;
}

/** One client can have one member in several sets only where all of them share alike. */
export function differencesInGroups(sets: Readonly<Record<string, GroupableSet>>): Problem[] {
    if (isUnknown(sets)) return [];
    return [...affinityGroups(sets)].flatMap(([group, [first, ...others]]) =>
        others.flatMap(([name, set]) =>
            differences(first![1], set).map(({ path, message }) => ({
                path: ["loadBalancedSets", name, ...path],
                message: `${message} as in set ${first![0]}, which is of affinity group ${group} too`,
            })),
        ),
    );
}

function differences(first: GroupableSet, set: GroupableSet): Problem[] {
    const problems: Problem[] = [];
    for (const property of ["distribution", "sourcePrefixLength"] as const)
        if (differ(first[property], set[property]))
            problems.push({ path: [property], message: `must be ${text(first[property])}` });
    if (isUnknown(first.members) || isUnknown(set.members)) return problems;
    for (const [name, member] of Object.entries(set.members)) {
        const same = Object.hasOwn(first.members, name) ? first.members[name] : undefined;
        if (same === undefined) problems.push({ path: ["members", name], message: "must be left out" });
        if (same === undefined || isUnknown(same) || isUnknown(member)) continue;
        for (const property of ["container", "weight", "adminState", "priority"] as const)
            if (differ(same[property], member[property]))
                problems.push({ path: ["members", name, property], message: `must be ${text(same[property])}` });
    }
    const missing = Object.keys(first.members).filter((name) => !Object.hasOwn(set.members, name));
    return [
        ...problems,
        ...missing.map((name) => ({ path: ["members"], message: `must have ${JSON.stringify(name)}` })),
    ];
}

function differ(one: unknown, other: unknown): boolean {
    return one !== other && !isUnknown(one) && !isUnknown(other);
}

function text(value: unknown): string {
    return value === undefined ? "left out" : JSON.stringify(value);
}
