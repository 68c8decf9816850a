import type { BalancerConfiguration, LoadBalancedSet } from "./configuration";
import type { HealthStatus } from "./health";
import type { GatewayNetwork } from "./network";
import type { Destination, Frontend, Plan } from "./plan";
import { portRange, type Ports } from "./ports";
import { slotTable, type SlotMember } from "./slots";
import type { Protocol } from "../schema/fields";

/** What is known of a member besides its configuration. */
export interface Observation {
    /** Absent while no machine of that name runs. */
    readonly address?: string;
    readonly status: HealthStatus;
}

/** Observations by member key (`memberKey`). */
export type Observations = ReadonlyMap<string, Observation>;

/** Names one member of the whole configuration: `endpoint/ssh` or `set/http/web1`. */
export function memberKey(kind: "endpoint" | "set", name: string, member?: string): string {
    const parts = member === undefined ? [name] : [name, member];
    // Names may hold slashes too.
    return [kind, ...parts.map((part) => part.replaceAll("%", "%25").replaceAll("/", "%2F"))].join("/");
}

/** More than any frontend has. */
const SLOTS_PER_PORT = 8192;

/**
 * Slot numbers travel as packet marks, where 0 means none. Each belongs to one protocol and port for ever, so that a
 * packet which got its mark just before a new configuration finds no other frontend's machine just after.
 */
function firstSlot(protocol: Protocol, port: number, internal: boolean): number {
    return ((internal ? 131_072 : 0) + (protocol === "udp" ? 65_536 : 0) + port) * SLOTS_PER_PORT;
}

/** The slot at which the frontend of this one begins. */
export function firstSlotOf(slot: number): number {
    return slot - (slot % SLOTS_PER_PORT);
}

/** The plan that serves this configuration as far as health allows: a pure function, equal on every gateway. */
export function compile(
    configuration: BalancerConfiguration,
    network: GatewayNetwork,
    observations: Observations,
): Plan {
    const frontends: Frontend[] = [];
    const slots = new Map<number, Destination>();
    const refusing = new Set<string>();

    const serve = (name: string, settings: Settings, table: Table, refuses: boolean) => {
        const { protocol, publicPort, privatePort, internal = false } = settings;
        const { first: port, count: portCount } = portRange(publicPort);
        const first = firstSlot(protocol, port, internal);
        frontends.push({
            name,
            protocol,
            internal,
            address: internal ? network.internalVirtualIp : network.virtualIp,
            port,
            portCount,
            privatePort: portRange(privatePort).first,
            firstSlot: first,
            slotCount: table.length,
        });
        table.forEach((destination, slot) => destination && slots.set(first + slot, destination));
        if (refuses) refusing.add(name);
    };

    for (const [name, endpoint] of byName(configuration.endpoints)) {
        const address = observations.get(memberKey("endpoint", name))?.address;
        const { first: port } = portRange(endpoint.privatePort);
        const destination = address === undefined ? undefined : { address, port };
        serve(`endpoint/${name}`, endpoint, [destination], !destination);
    }
    for (const [name, set] of byName(configuration.loadBalancedSets)) {
        const table = setTable(name, set, observations);
        const refuses = table.every((slot) => !slot);
        serve(`set/${name}`, set, table, refuses);
    }
    return { network, frontends, slots, refusing };
}

interface Settings {
    readonly protocol: Protocol;
    readonly publicPort: Ports;
    readonly privatePort: Ports;
    readonly internal?: boolean;
}

type Table = readonly (Destination | undefined)[];

/** The last table of each set and what it was made of: a change of one member's health concerns few sets of many. */
const tables = new WeakMap<LoadBalancedSet, { from: string; table: Table }>();

/** Destinations of a set's slots. Where nobody is healthy, `allUp` sends to every machine that runs. */
function setTable(name: string, set: LoadBalancedSet, observations: Observations): Table {
    const observed = Object.entries(set.members).map(([member, { position }]) => {
        const observation = observations.get(memberKey("set", name, member));
        return { position, address: observation?.address, status: observation?.status ?? "unknown" };
    });
    const running = observed.filter((member) => member.address !== undefined);
    const healthy = running.filter((member) => member.status === "healthy");
    // A member that answers, however long it should wait, is better than none.
    const answering = healthy.length > 0 ? healthy : running.filter((member) => member.status === "flapping");
    const eligible = answering.length > 0 || set.allDown === "reject" ? answering : running;
    const addresses = new Map(eligible.map((member) => [member.position, member.address!]));
    const from = [...addresses].join(" ");
    const before = tables.get(set);
    if (before?.from === from) return before.table;
    const members: SlotMember[] = observed.map(({ position }) => ({
        position,
        weight: 1,
        healthy: addresses.has(position),
    }));
    const { first: port } = portRange(set.privatePort);
    const table = slotTable(members).map((position) =>
        position === undefined ? undefined : { address: addresses.get(position)!, port },
    );
    tables.set(set, { from, table });
    return table;
}

function byName<T>(map: Readonly<Record<string, T>>): [string, T][] {
    return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
