import fc from "fast-check";
import { dnsConfiguration, type DnsConfiguration } from "../../../model/dns/configuration";
import { endpointKey, type EndpointHealth } from "../../../model/dns/observation";
import { given, policy } from "./dns";

/** Random trees of policies over addresses of 198.51.100.0/24. */

export const SUBNETS = ["192.0.2.0/25", "192.0.2.128-192.0.2.255", "198.51.100.0/24", "2001:db8::/32"];
const PLACES = [["DE"], ["US-CA", "JP"], ["GEO-NA", "GEO-EU"], ["WORLD"]];
export const LOCATIONS = ["eastus", "westus", "westeurope", "eastus"];
export const LATENCIES = {
    "192.0.2.0/25": { eastus: 90, westus: 120, westeurope: 5 },
    "192.0.2.128/25": { eastus: 7, westus: 7 },
    "198.51.100.0/24": { westus: 3, westeurope: 80 },
};

const METHODS = ["RoundRobin", "Weighted", "Failover", "Performance", "Geographic", "Subnet"] as const;
const HEALTHS = ["online", "degraded", "checking"] as const;

interface Drawn {
    readonly weight: number;
    readonly enabled: boolean;
    readonly alwaysServe: boolean;
    readonly child: number | undefined;
}

/** Up to four endpoints; what a method needs is dealt by their numbers. */
const drawnPolicy = fc.record({
    method: fc.constantFrom(...METHODS),
    enabled: fc.nat({ max: 5 }).map((value) => value > 0),
    fallback: fc.nat({ max: 3 }),
    minChildEndpoints: fc.integer({ min: 1, max: 2 }),
    endpoints: fc.array(
        fc.record<Drawn>({
            weight: fc.nat({ max: 3 }),
            enabled: fc.nat({ max: 4 }).map((value) => value > 0),
            alwaysServe: fc.nat({ max: 9 }).map((value) => value === 0),
            child: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
        }),
        { minLength: 1, maxLength: 4 },
    ),
});

/** Five policies, of which each leads only to later ones. */
const configurations = fc
    .array(drawnPolicy, { minLength: 5, maxLength: 5 })
    .map((drawn) => {
        const policies = drawn.map((one, index) => {
            const led = new Set<string>();
            const endpoints = one.endpoints.map((endpoint, number): [string, object] => {
                const child = endpoint.child === undefined ? undefined : `p${index + 1 + endpoint.child}`;
                const nests = child !== undefined && index + 1 + endpoint.child! < drawn.length && !led.has(child);
                if (nests) led.add(child);
                const target = nests
                    ? {
                          policy: child,
                          minChildEndpoints: Math.min(
                              one.minChildEndpoints,
                              drawn[index + 1 + endpoint.child!]!.endpoints.length,
                          ),
                      }
                    : { address: `198.51.100.${index * 10 + number + 1}`, alwaysServe: endpoint.alwaysServe };
                const argument = {
                    RoundRobin: {},
                    Weighted: { weight: endpoint.weight },
                    Failover: { priority: 10 - number },
                    Performance: { location: LOCATIONS[number] },
                    Geographic: { places: PLACES[number] },
                    Subnet: number < 3 ? { subnets: [SUBNETS[number]] } : {},
                }[one.method];
                return [`e${number}`, { ...target, ...argument, enabled: endpoint.enabled }];
            });
            const fallback = one.fallback === 0 ? { fallback: { address: `203.0.113.${index + 1}` } } : {};
            const rest = { enabled: one.enabled, ...fallback };
            return [`p${index}`, policy(`p${index}`, one.method, Object.fromEntries(endpoints), rest)];
        });
        return dnsConfiguration.safeParse(given(Object.fromEntries(policies) as never, { latencies: LATENCIES }));
    })
    .filter(({ success }) => success)
    .map(({ data }) => data!);

function keysOf(configuration: DnsConfiguration): string[] {
    return Object.entries(configuration.policies).flatMap(([name, { endpoints }]) =>
        Object.keys(endpoints).map((endpoint) => endpointKey(name, endpoint)),
    );
}

const healthOf = fc.constantFrom<EndpointHealth>(...HEALTHS);
/** A configuration, what monitors say of its endpoints, and what they say after that. */
export const observed = configurations.chain((configuration) => {
    const keys = keysOf(configuration);
    return fc.record({
        configuration: fc.constant(configuration),
        healths: fc
            .array(healthOf, { minLength: keys.length, maxLength: keys.length })
            .map((list) => new Map(list.map((health, index) => [keys[index]!, health]))),
        walk: fc
            .array(fc.tuple(fc.nat({ max: keys.length - 1 }), healthOf), { maxLength: 20 })
            .map((steps) => steps.map(([index, health]) => [keys[index]!, health] as const)),
    });
});
