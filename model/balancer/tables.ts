import type { LoadBalancedSet } from "./configuration";
import type { Destination } from "./plan";
import { portRange } from "./ports";
import { isUp, receivers, servingPriority, takesNew, type Observe } from "./receivers";
import { affinityGroups } from "./shares";
import { slotTable, weightsByPosition, type SlotMember } from "./slots";
import { slotCount } from "./stages";

/** Where the connections of a set go now. */
export interface SetTable {
    /** Destinations by slot. */
    readonly table: readonly (Destination | undefined)[];
    /** Members of weight 0 keep the connections that they have. */
    readonly keeping: readonly Destination[];
    readonly resetting: readonly Destination[];
}

export function setTables(
    sets: Readonly<Record<string, LoadBalancedSet>>,
    observe: Observe,
): ReadonlyMap<string, SetTable> {
    const receiving = receivers(sets, observe);
    // One client has one slot in all sets of a group: it must have one member there too.
    const leaders = new Map(
        [...affinityGroups(sets).values()].flatMap(([first, ...others]) => others.map(([name]) => [name, first![1]])),
    );
    return new Map(
        Object.entries(sets).map(([name, set]) => [
            name,
            {
                table: table(name, set, leaders.get(name) ?? set, receiving.get(name)!, observe),
                keeping: keeping(name, set, observe),
                resetting: resetting(name, set, receiving.get(name)!, observe),
            },
        ]),
    );
}

/** The last table of each set and what it was made of: a change of one member's health concerns few sets of many. */
const tables = new WeakMap<LoadBalancedSet, { from: string; table: SetTable["table"] }>();

function table(
    name: string,
    set: LoadBalancedSet,
    { members: leading }: LoadBalancedSet,
    receiving: ReadonlySet<string>,
    observe: Observe,
): SetTable["table"] {
    const addresses = new Map(
        [...receiving].map((member) => [leading[member]!.position, observe(name, member)!.address!]),
    );
    const from = Object.entries(leading)
        .map(([member, { position }]) => `${member} ${position} ${addresses.get(position)}`)
        .join("\n");
    const before = tables.get(set);
    if (before?.from === from) return before.table;

    const { first: port } = portRange(set.privatePort);
    const positions = slotTable(tier(leading, servingPriority(leading, receiving), receiving));
    // The rules hold the number of slots, and health must not change it.
    const parts = Array.from({ length: mostSlots(leading) / positions.length });
    const made = positions.flatMap((position) => {
        const address = position === undefined ? undefined : addresses.get(position);
        return parts.map(() => (address === undefined ? undefined : { address, port }));
    });
    tables.set(set, { from, table: made });
    return made;
}

type Members = LoadBalancedSet["members"];

/** Those of other priorities have no share, or what they leave to those that serve would be uneven. */
function tier(members: Members, priority: number | undefined, receiving: ReadonlySet<string>): SlotMember[] {
    return Object.entries(members).map(([name, member]) => ({
        position: member.position,
        weight: takesNew(member) && member.priority === priority ? member.weight : 0,
        healthy: receiving.has(name),
    }));
}

function mostSlots(members: Members): number {
    const priorities = new Set([undefined, ...Object.values(members).map(({ priority }) => priority)]);
    const counts = [...priorities].map((priority) => slotCount(weightsByPosition(tier(members, priority, new Set()))));
    return Math.max(...counts);
}

function keeping(name: string, { members, privatePort }: LoadBalancedSet, observe: Observe): Destination[] {
    return Object.entries(members).flatMap(([member, settings]) => {
        const observation = observe(name, member);
        if (settings.weight > 0 || !isUp(settings, observation)) return [];
        return [{ address: observation!.address!, port: portRange(privatePort).first }];
    });
}

/** A udp flow cannot be reset, and moves anyway. */
export function resetsOnDown({ protocol, resetOnDown }: LoadBalancedSet): boolean {
    return resetOnDown && protocol === "tcp";
}

/** Who is down, and is to lose its connections: what an operator has taken out keeps them. */
function resetting(
    name: string,
    set: LoadBalancedSet,
    receiving: ReadonlySet<string>,
    observe: Observe,
): Destination[] {
    if (!resetsOnDown(set)) return [];
    const { members, privatePort } = set;
    const addresses = new Set(Object.keys(members).map((member) => observe(name, member)?.address));
    return Object.entries(members).flatMap(([member, { adminState }]) => {
        const observation = observe(name, member);
        if (adminState === "down" || observation === undefined) return [];
        const { status, address, lastAddress } = observation;
        // Whose admin state is `up` is not down because of its probe.
        const isDown = status === "unhealthy" && adminState === "auto" && !receiving.has(member);
        const lost = [
            ...(isDown && address !== undefined ? [address] : []),
            // Another machine may have it by now.
            ...(lastAddress !== undefined && !addresses.has(lastAddress) ? [lastAddress] : []),
        ];
        return lost.map((address) => ({ address, port: portRange(privatePort).first }));
    });
}
