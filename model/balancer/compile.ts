import type { BalancerConfiguration, LoadBalancedSet } from "./configuration";
import { accessOf, type FrontendSettings } from "./frontend";
import type { GatewayNetwork } from "./network";
import { memberKey, type Observations } from "./observation";
import type { Destination, Frontend, Plan, Source } from "./plan";
import { portRange, type Ports } from "./ports";
import { resetsOnDown, setTables, type SetTable } from "./tables";
import { byName } from "../names";
import type { Protocol } from "../schema/fields";

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
    const keeping = new Map<string, readonly Destination[]>();
    const resetting = new Map<string, readonly Destination[]>();

    const serve = (name: string, settings: Settings, table: SetTable["table"], rest: Sharing = {}) => {
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
            ...rest,
            ...accessOf(settings),
        });
        table.forEach((destination, slot) => destination && slots.set(first + slot, destination));
        if (table.every((slot) => !slot)) refusing.add(name);
    };

    for (const [name, endpoint] of byName(configuration.endpoints)) {
        const address = observations.get(memberKey("endpoint", name))?.address;
        const { first: port } = portRange(endpoint.privatePort);
        const destination = address === undefined ? undefined : { address, port };
        serve(`endpoint/${name}`, endpoint, [destination]);
    }
    const tables = setTables(configuration.loadBalancedSets, (set, member) =>
        observations.get(memberKey("set", set, member)),
    );
    for (const [name, set] of byName(configuration.loadBalancedSets)) {
        const { table, ...connections } = tables.get(name)!;
        const frontend = `set/${name}`;
        serve(frontend, set, table, sharingOf(set));
        if (connections.keeping.length > 0) keeping.set(frontend, connections.keeping);
        if (connections.resetting.length > 0) resetting.set(frontend, connections.resetting);
    }
    const countsPackets = configuration.metrics !== undefined;
    return { network, frontends, slots, refusing, keeping, resetting, countsPackets };
}

interface Settings extends FrontendSettings {
    readonly protocol: Protocol;
    readonly publicPort: Ports;
    readonly privatePort: Ports;
    readonly internal?: boolean;
}

type Sharing = Pick<Frontend, "source" | "resetsOnDown">;

function sharingOf(set: LoadBalancedSet): Sharing {
    return { ...sourceOf(set), ...(resetsOnDown(set) && { resetsOnDown: true }) };
}

function sourceOf({ distribution, sourcePrefixLength = 32 }: LoadBalancedSet): { source?: Source } {
    if (distribution === "fiveTuple") return {};
    return { source: { prefixLength: sourcePrefixLength, byProtocol: distribution === "sourceIPProtocol" } };
}
