import type { Observation } from "./observation";
import type { LoadBalancedSet, Member } from "./configuration";
import { affinityGroups } from "./shares";

/** What is known of a member of a set. */
export type Observe = (set: string, member: string) => Observation | undefined;

/**
 * The names of the members of each set that receive new connections now:
 * - of those that can, whoever has the lowest priority number;
 * - in an affinity group only who can in every set of it, unless nobody does;
 * - where nobody can, whoever answers, however long it should wait because it flaps;
 * - where nobody does that and the set says `allUp`, all that run; again of the lowest priority number.
 * A member of weight 0 or whose admin state is `down` never does.
 */
export function receivers(
    sets: Readonly<Record<string, LoadBalancedSet>>,
    observe: Observe,
): Map<string, ReadonlySet<string>> {
    const able = new Map(
        Object.entries(sets).map(([set, { members }]) => [
            set,
            namesOf(members, (member, name) => takesNew(member) && isUp(member, observe(set, name))),
        ]),
    );
    for (const group of affinityGroups(sets).values()) {
        const inAll = group.map(([set]) => able.get(set)!).reduce((all, names) => names.filter((n) => all.includes(n)));
        if (inAll.length > 0) for (const [set] of group) able.set(set, inAll);
    }
    return new Map(
        Object.entries(sets).map(([set, { members, allDown }]) => {
            const running = namesOf(members, (member, name) => takesNew(member) && runs(observe(set, name)));
            const flapping = running.filter((name) => observe(set, name)?.status === "flapping");
            const choices = [able.get(set)!, flapping, allDown === "allUp" ? running : []];
            return [set, lowestTier(members, choices.find((names) => names.length > 0) ?? [])];
        }),
    );
}

/** Whether the member would receive connections, if weight, priority and the others let it. */
export function isUp({ adminState }: Member, observation: Observation | undefined): boolean {
    if (adminState === "down" || !runs(observation)) return false;
    return adminState === "up" || observation?.status === "healthy";
}

/** The priority of those who serve; undefined where nobody does. */
export function servingPriority(members: LoadBalancedSet["members"], names: Iterable<string>): number | undefined {
    const priorities = [...names].map((name) => members[name]!.priority);
    return priorities.length === 0 ? undefined : Math.min(...priorities);
}

export function takesNew({ weight, adminState }: Pick<Member, "weight" | "adminState">): boolean {
    return weight > 0 && adminState !== "down";
}

function runs(observation: Observation | undefined): boolean {
    return observation?.address !== undefined;
}

function namesOf(members: LoadBalancedSet["members"], isOne: (member: Member, name: string) => boolean): string[] {
    return Object.entries(members).flatMap(([name, member]) => (isOne(member, name) ? [name] : []));
}

function lowestTier(members: LoadBalancedSet["members"], names: readonly string[]): ReadonlySet<string> {
    const serving = servingPriority(members, names);
    return new Set(names.filter((name) => members[name]!.priority === serving));
}
