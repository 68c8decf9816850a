import type { LoadBalancedSet } from "./configuration";
import { isForgiving } from "./forgiving";
import { remembered, type Memory } from "./memory";
import { memberKey, type Observation, type Observations } from "./observation";
import type { Destination, Table } from "./plan";
import { portRange } from "./ports";
import { isUp, receivers, servingPriority, takesNew, type Observe } from "./receivers";
import { affinityGroups } from "./shares";
import { slotTable, weightsByPosition, type SlotMember } from "./slots";
import { slotCount } from "./stages";

/** Where the connections of a set go now. */
export interface SetTable {
    readonly table: Table;
    /** Members of weight 0 keep the connections that they have. */
    readonly keeping: readonly Destination[];
    readonly resetting: readonly Destination[];
    /** Whether a client that a member refuses is to try again. */
    readonly isForgiving: boolean;
}

/** The tables of sets of which one client has one slot in all of them: it must have one member there too. */
type Group = readonly [string, LoadBalancedSet][];

/** What is known of all members, and of each set: where the connections go. */
export function setTables(
    sets: Readonly<Record<string, LoadBalancedSet>>,
    observations: Pick<Observations, "get">,
): ReadonlyMap<string, SetTable> {
    const tables = new Map<string, SetTable>();
    for (const { group, keys } of remembered(groupings, sets, [], () => groupsOf(sets))) {
        const from = keys.map((key) => observations.get(key));
        const made = remembered(groupTables, group, from, () => tablesOf(group, from), sameObservation);
        for (const [name, table] of made) tables.set(name, table);
    }
    return tables;
}

interface KeyedGroup {
    readonly group: Group;
    /** Of all members of its sets. */
    readonly keys: readonly string[];
}

const groupings: Memory<readonly KeyedGroup[]> = new WeakMap();
/** By the first of its sets: a group outlives the configuration, as its sets do. */
const keyedGroups: Memory<KeyedGroup> = new WeakMap();
const groupTables: Memory<readonly (readonly [string, SetTable])[], Observation | undefined> = new WeakMap();

/** In all that decides where connections go. */
function sameObservation(one: Observation | undefined, other: Observation | undefined): boolean {
    return (
        one === other ||
        (one?.address === other?.address &&
            one?.status === other?.status &&
            one?.lastAddress === other?.lastAddress &&
            one?.refusesSome === other?.refusesSome)
    );
}

/** Sets of one affinity group together, each of the others alone. */
function groupsOf(sets: Readonly<Record<string, LoadBalancedSet>>): readonly KeyedGroup[] {
    const groups = [...affinityGroups(sets).values()];
    const inGroups = new Set(groups.flatMap((group) => group.map(([name]) => name)));
    const alone = Object.entries(sets).filter(([name]) => !inGroups.has(name));
    return [...groups, ...alone.map((entry) => [entry])].map((group) =>
        remembered(keyedGroups, group[0]![1], group.flat(), () => ({ group, keys: keysOf(group) })),
    );
}

function keysOf(group: Group): string[] {
    return group.flatMap(([name, { members }]) => Object.keys(members).map((member) => memberKey("set", name, member)));
}

/** @param known of all members of all its sets, in their order */
function tablesOf(group: Group, known: readonly (Observation | undefined)[]): (readonly [string, SetTable])[] {
    let next = 0;
    const bySet = new Map(
        group.map(([name, { members }]) => [
            name,
            new Map(Object.keys(members).map((member) => [member, known[next++]])),
        ]),
    );
    const observe: Observe = (set, member) => bySet.get(set)!.get(member);
    const receiving = receivers(Object.fromEntries(group), observe);
    const [, leader] = group[0]!;
    return group.map(([name, set]) => [
        name,
        {
            table: table(name, set, leader, receiving.get(name)!, observe),
            keeping: keeping(name, set, observe),
            resetting: resetting(name, set, receiving.get(name)!, observe),
            isForgiving: isForgiving(name, set, receiving.get(name)!, observe),
        },
    ]);
}

/** The table is the same while the same members receive, whatever else becomes of them and of others. */
const slotTables: Memory<Table> = new WeakMap();

function table(
    name: string,
    set: LoadBalancedSet,
    { members: leading }: LoadBalancedSet,
    receiving: ReadonlySet<string>,
    observe: Observe,
): Table {
    const addresses = [...receiving].map((member) => observe(name, member)!.address!);
    return remembered(slotTables, set, [leading, ...receiving, ...addresses], () => {
        const { first: port } = portRange(set.privatePort);
        const destinations = new Map<number | undefined, Destination>(
            [...receiving].map((member, index) => [leading[member]!.position, { address: addresses[index]!, port }]),
        );
        const positions = slotTable(tier(leading, servingPriority(leading, receiving), receiving));
        // The rules hold the number of slots, and health must not change it.
        const factor = mostSlots(leading) / positions.length;
        const slots = Array.from({ length: positions.length * factor }, (_, slot) => Math.floor(slot / factor));
        return slots.map((slot) => destinations.get(positions[slot]));
    });
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
