import { byName } from "../names";
import type { Protocol } from "../schema/fields";
import type { BalancerConfiguration, LoadBalancedSet } from "./configuration";
import { accessOf, type FrontendSettings } from "./frontend";
import { remembered, type Memory } from "./memory";
import type { GatewayNetwork } from "./network";
import { memberKey, type Observations } from "./observation";
import { firstSlot, type Frontend, type Plan, type Source, type Table } from "./plan";
import { portRange, type Ports } from "./ports";
import { resetsOnDown, setTables, type SetTable } from "./tables";

/**
 * The plan that serves this configuration as far as health allows: a pure function, equal on every gateway.
 *
 * Of one configuration object it makes a part anew only where what is known of its members has changed, and hands out the
 * same object otherwise: so one member's failure among 1,000 sets costs a comparison of the others.
 */
export function compile(
    configuration: BalancerConfiguration,
    network: GatewayNetwork,
    observations: Pick<Observations, "get">,
): Plan {
    const { endpoints, loadBalancedSets } = configuration;
    const frontends: Frontend[] = [];
    const tables = new Map<string, Table>();
    const refusing = new Set<string>();
    const forgiving = new Set<string>();
    const keeping: SideTable = new Map();
    const resetting: SideTable = new Map();

    const serve = (name: string, settings: Settings, table: Table, sharing: () => Sharing) => {
        frontends.push(frontendOf(name, settings, network, table.length, sharing));
        tables.set(name, table);
        if (table.every((slot) => !slot)) refusing.add(name);
    };

    for (const [name, endpoint] of inOrder(endpoints)) {
        const address = observations.get(memberKey("endpoint", name))?.address;
        const table = remembered(endpointTables, endpoint, [address], () => {
            const { first: port } = portRange(endpoint.privatePort);
            return [address === undefined ? undefined : { address, port }];
        });
        serve(`endpoint/${name}`, endpoint, table, () => ({}));
    }
    const setsNow = setTables(loadBalancedSets, observations);
    for (const [name, set] of inOrder(loadBalancedSets)) {
        const now = setsNow.get(name)!;
        const frontend = `set/${name}`;
        serve(frontend, set, now.table, () => sharingOf(set));
        if (now.isForgiving) forgiving.add(frontend);
        if (now.keeping.length > 0) keeping.set(frontend, now.keeping);
        if (now.resetting.length > 0) resetting.set(frontend, now.resetting);
    }
    const countsPackets = configuration.metrics !== undefined;
    return { network, frontends, tables, refusing, forgiving, keeping, resetting, countsPackets };
}

type SideTable = Map<string, SetTable["keeping"]>;

const endpointTables: Memory<Table> = new WeakMap();
const frontendsBySettings: Memory<Frontend> = new WeakMap();
const orders: Memory<readonly [string, unknown][]> = new WeakMap();

function inOrder<T>(map: Readonly<Record<string, T>>): readonly [string, T][] {
    return remembered(orders as Memory<[string, T][]>, map, [], () => byName(map));
}

interface Settings extends FrontendSettings {
    readonly protocol: Protocol;
    readonly publicPort: Ports;
    readonly privatePort: Ports;
    readonly internal?: boolean;
}

function frontendOf(
    name: string,
    settings: Settings,
    network: GatewayNetwork,
    slotCount: number,
    sharing: () => Sharing,
): Frontend {
    const { internalVirtualIp, virtualIp } = network;
    return remembered(frontendsBySettings, settings, [name, virtualIp, internalVirtualIp, slotCount], () => {
        const { protocol, publicPort, privatePort, internal = false } = settings;
        const { first: port, count: portCount } = portRange(publicPort);
        return {
            name,
            protocol,
            internal,
            address: internal ? internalVirtualIp : virtualIp,
            port,
            portCount,
            privatePort: portRange(privatePort).first,
            firstSlot: firstSlot(protocol, port, internal),
            slotCount,
            ...sharing(),
            ...accessOf(settings),
        };
    });
}

type Sharing = Pick<Frontend, "source" | "resetsOnDown">;

function sharingOf(set: LoadBalancedSet): Sharing {
    return { ...sourceOf(set), ...(resetsOnDown(set) && { resetsOnDown: true }) };
}

function sourceOf({ distribution, sourcePrefixLength = 32 }: LoadBalancedSet): { source?: Source } {
    if (distribution === "fiveTuple") return {};
    return { source: { prefixLength: sourcePrefixLength, byProtocol: distribution === "sourceIPProtocol" } };
}
