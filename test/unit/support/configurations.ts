import fc from "fast-check";
import { memberKey, type Observation, type Observations } from "../../../model/balancer/observation";
import { balancerConfiguration, type BalancerConfiguration } from "../../../model/balancer/configuration";
import type { GatewayNetwork } from "../../../model/balancer/network";
import { slotsOf, type Destination, type Plan } from "../../../model/balancer/plan";
import { formatPorts, portRange, portsOf, type Ports } from "../../../model/balancer/ports";
import type { HealthStatus } from "../../../model/health/health";
import { aclsOf } from "./acl";

export const network: GatewayNetwork = {
    virtualIp: "10.224.7.46",
    publicSubnet: "10.224.7.0/24",
    privateSubnet: "10.80.1.0/24",
    privateGateway: "10.80.1.1",
    internalVirtualIp: "10.80.1.253",
};

/** Keys of all members, endpoints' too. */
export function memberKeys(configuration: BalancerConfiguration): string[] {
    return [
        ...Object.keys(configuration.endpoints).map((name) => memberKey("endpoint", name)),
        ...Object.entries(configuration.loadBalancedSets).flatMap(([set, { members }]) =>
            Object.keys(members).map((member) => memberKey("set", set, member)),
        ),
    ];
}

/** Where the connections of each slot go, by its number. */
export function slotsIn(plan: Plan): Map<number, Destination> {
    return new Map(plan.frontends.flatMap((frontend) => slotsOf(plan, frontend)));
}

/** What a test says of members by key: `healthy 10.80.1.2`, `unhealthy 10.80.1.3`, `stopped`. */
export function observed(texts: Readonly<Record<string, string>>): Observations {
    return new Map(
        Object.entries(texts).map(([key, text]) => {
            const [status, address] = text.split(" ") as [HealthStatus, string | undefined];
            return [key, address === undefined ? { status } : { status, address }];
        }),
    );
}

const names = fc.constantFrom("http", "ssh", "dns", "a/b", "a", "constructor", "Ünïcode name", "web%2F1");
const protocols = fc.constantFrom("tcp", "udp");
/** From few, so that udp and tcp often share one, and sometimes ranges of them. */
const ports = fc
    .record({
        publicFirst: fc.integer({ min: 1, max: 12 }),
        privateFirst: fc.oneof(fc.integer({ min: 1, max: 65_000 }), fc.integer({ min: 1, max: 12 })),
        count: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 5 })),
    })
    .map(({ publicFirst, privateFirst, count }) => ({
        publicPort: formatPorts({ first: publicFirst, count }),
        privatePort: formatPorts({ first: privateFirst, count }),
    }));

/** Mostly none of its own. */
const share = fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    fc.record({
        weight: fc.constantFrom(0, 1, 1, 2, 7, 1000),
        adminState: fc.constantFrom("auto", "auto", "up", "down"),
        priority: fc.constantFrom(1, 1, 2, 3),
    }),
);

/** What endpoints and sets have in common; mostly nothing. */
const rate = fc.record({ perSecond: fc.integer({ min: 1, max: 50 }), burst: fc.integer({ min: 1, max: 50 }) });
const access = fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    fc.record(
        {
            acl: aclsOf(4),
            idleTimeoutMinutes: fc.integer({ min: 4, max: 30 }),
            maxConnections: fc.integer({ min: 1, max: 100_000 }),
            maxConnectionRatePerSource: rate,
        },
        { requiredKeys: [] },
    ),
);

const source = fc.oneof(
    fc.constant({}),
    fc.record(
        {
            distribution: fc.constantFrom("sourceIP", "sourceIPProtocol"),
            sourcePrefixLength: fc.integer({ min: 1, max: 32 }),
        },
        { requiredKeys: ["distribution"] },
    ),
);

const set = fc
    .record({
        protocol: protocols,
        ports,
        internal: fc.boolean(),
        allDown: fc.constantFrom("reject", "allUp"),
        access,
        // Positions with holes, in any order.
        positions: fc.uniqueArray(fc.nat({ max: 15 }), { maxLength: 9 }),
        shares: fc.infiniteStream(share),
        source,
        resetOnDown: fc.boolean(),
        isProbed: fc.boolean(),
    })
    .map(({ positions, ports, access, shares, source, isProbed, ...rest }) => ({
        ...rest,
        ...ports,
        ...access,
        ...source,
        probe: { protocol: isProbed && rest.protocol === "tcp" ? "tcp" : "none" },
        members: Object.fromEntries(
            positions.map((position, index) => [
                `web${index}`,
                { container: `web${index}-1`, position, ...shares.next().value },
            ]),
        ),
    }));

const endpoint = fc
    .record({ protocol: protocols, ports, access, container: fc.constant("web0-1") })
    .map(({ ports, access, ...rest }) => ({ ...rest, ...ports, ...access }));

/** Valid configurations: of those that claim the same port, the first has it. */
export const configurations: fc.Arbitrary<BalancerConfiguration> = fc
    .record({
        endpoints: fc.dictionary(names, endpoint, { maxKeys: 4, noNullPrototype: true }),
        loadBalancedSets: fc.dictionary(names, set, { maxKeys: 4, noNullPrototype: true }),
    })
    .map(({ endpoints, loadBalancedSets }) => {
        const owned = new Set<string>();
        const first = ([, frontend]: [string, { protocol: string; publicPort: Ports; internal?: boolean }]) => {
            const { protocol, publicPort, internal = false } = frontend;
            const keys = [...portsOf(portRange(publicPort))].map((port) => `${internal} ${protocol} ${port}`);
            if (keys.some((key) => owned.has(key))) return false;
            for (const key of keys) owned.add(key);
            return true;
        };
        return balancerConfiguration.parse({
            endpoints: Object.fromEntries(Object.entries(endpoints).filter(first)),
            loadBalancedSets: Object.fromEntries(Object.entries(loadBalancedSets).filter(first)),
        });
    });

/** Any observations of a configuration's members: running or not, probed or not, some never seen. */
export function observationsOf(configuration: BalancerConfiguration): fc.Arbitrary<Observations> {
    const keys = memberKeys(configuration);
    const observation = (address: string): fc.Arbitrary<Observation | undefined> =>
        fc.oneof(
            { weight: 4, arbitrary: fc.constant<Observation>({ status: "healthy", address }) },
            fc.constantFrom<HealthStatus>("unhealthy", "unknown", "stopped").map((status) => ({ status, address })),
            fc.constantFrom<HealthStatus>("healthy", "stopped", "unknown").map((status) => ({ status })),
            fc.constant(undefined),
        );
    return fc
        .tuple(...keys.map((_, index) => observation(`10.80.1.${index + 2}`)))
        .map((found) => new Map(keys.flatMap((key, index) => (found[index] ? [[key, found[index]]] : []))));
}

/** A configuration with two states of its members' health. */
export const twoStates = configurations.chain((configuration) =>
    fc.record({
        configuration: fc.constant(configuration),
        before: observationsOf(configuration),
        after: observationsOf(configuration),
    }),
);
