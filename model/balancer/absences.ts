import type { BalancerConfiguration, Member } from "./configuration";
import type { AgentStatus, MemberStatus } from "./control";
import { takesNew } from "./receivers";

/** A member that a set does without. */
export interface Absentee {
    readonly name: string;
    readonly container: string;
    readonly reason: string;
}

/** A set that would miss a machine. */
export interface SetAtRisk {
    readonly set: string;
    /** How many members it has that are to receive connections, the machine's own among them. */
    readonly size: number;
    /** The machine's own part, while that is away. */
    readonly own: Absentee | undefined;
    /** The others that are away. */
    readonly absent: readonly Absentee[];
}

/** The sets in which a machine is to receive connections, and who of them is away now. */
export function setsOf(container: string, configuration: BalancerConfiguration, status: AgentStatus): SetAtRisk[] {
    return Object.entries(configuration.loadBalancedSets).flatMap(([set, { members }]) => {
        const wanted = Object.entries(members).filter(([, member]) => member.state === "running" && takesNew(member));
        if (!wanted.some(([, member]) => member.container === container)) return [];
        const seen = status.loadBalancedSets[set]?.members ?? {};
        const away = wanted.flatMap(([name, member]) => absentee(name, member, seen[name]) ?? []);
        return [
            {
                set,
                size: wanted.length,
                own: away.find((absent) => absent.container === container),
                absent: away.filter((absent) => absent.container !== container),
            },
        ];
    });
}

function absentee(
    name: string,
    { container, adminState }: Member,
    status: MemberStatus | undefined,
): Absentee | undefined {
    if (status === undefined) return { name, container, reason: "not known yet" };
    // One that is up by order receives whatever its probe says.
    if (status.status === "healthy" || (adminState === "up" && status.status !== "stopped")) return undefined;
    return { name, container, reason: status.reason || status.status };
}
