import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dnsConfiguration } from "../../model/dns/configuration";
import { UNKNOWN } from "../../model/schema/unknown";
import { address, given, policy } from "./support/dns";
import { problems } from "./support/problems";

const east = { cloudService: "contoso-east" };
const west = { cloudService: "contoso-west" };
const A = { address: "198.51.100.1" };
const B = { address: "198.51.100.2" };
const SIX = { address: "2001:db8::1" };
const NAME = { hostName: "www.contoso.com" };

/** What is refused in a configuration with this policy `p` (and these others). */
function refused(
    method: string,
    endpoints: Record<string, object>,
    rest: object = {},
    others: Record<string, object> = {},
    more: object = {},
) {
    return problems(dnsConfiguration, given({ p: policy("p", method, endpoints, rest), ...others }, more));
}

const child = (name: string, endpoints: Record<string, object> = { a: A }, method = "RoundRobin") => ({
    [name]: policy(name, method, endpoints),
});

/** `p0 → p1 → … → p<count - 1>`, the last of which leads to an address, or back to `back`. */
function chain(count: number, back?: number) {
    return Object.fromEntries(
        Array.from({ length: count }, (_, index) => {
            const to = index < count - 1 ? index + 1 : back;
            const endpoint = to === undefined ? A : { policy: `p${to}` };
            return [`p${index}`, policy(`p${index}`, "Failover", { next: { ...endpoint, priority: 1 } })];
        }),
    );
}

describe("a policy", () => {
    test.each<[string, string, Record<string, object>, object, string[]]>([
        ["two cloud services", "RoundRobin", { east, west }, {}, []],
        ["addresses of one family", "Weighted", { a: A, b: { ...B, weight: 0 } }, {}, []],
        ["no endpoint at all", "RoundRobin", {}, { monitor: undefined }, []],
        ["nobody to be probed", "RoundRobin", { east: { ...east, alwaysServe: true } }, { monitor: undefined }, []],
        ["both families in MultiValue", "MultiValue", { a: A, six: SIX }, { fallback: B }, []],
        ["one without subnets", "Subnet", { east: { ...east, subnets: ["192.0.2.0/24"] }, west }, {}, []],
        [
            "neighbouring subnets",
            "Subnet",
            { east: { ...east, subnets: ["192.0.2.0/25"] }, west: { ...west, subnets: ["192.0.2.128/25"] } },
            {},
            [],
        ],
        [
            "codes of one place, the one within the other",
            "Geographic",
            { east: { ...east, places: ["US"] }, west: { ...west, places: ["us-ca", "GEO-NA", "WORLD"] } },
            {},
            [],
        ],
        [
            "an endpoint without a name",
            "RoundRobin",
            { "": A },
            {},
            ["policies.p.endpoints: must not have an empty name"],
        ],
        [
            "the same target twice",
            "RoundRobin",
            { a: A, b: A },
            {},
            ['policies.p.endpoints.b.address: is already where endpoint a leads (got "198.51.100.1")'],
        ],
        [
            "no monitor",
            "RoundRobin",
            { east: { ...east, alwaysServe: true }, west },
            { monitor: undefined },
            [
                "policies.p.monitor: is required, because endpoint west is to be probed (alwaysServe: true for one that is not)",
            ],
        ],
        [
            "equal priorities",
            "Failover",
            { east: { ...east, priority: 2 }, west: { ...west, priority: 2 } },
            {},
            ["policies.p.endpoints.west.priority: must differ from that of endpoint east (got 2)"],
        ],
        [
            "one code twice",
            "Geographic",
            { east: { ...east, places: ["DE", "DE"] }, west: { ...west, places: ["de"] } },
            {},
            ['policies.p.endpoints.west.places: must not have DE, which already belongs to endpoint east (got ["de"])'],
        ],
        [
            "a code of no country",
            "Geographic",
            { east: { ...east, places: ["XX-A"] } },
            {},
            [
                'policies.p.endpoints.east.places: must not have XX-A: there is no country XX (ISO 3166-1) (got ["XX-A"])',
            ],
        ],
        [
            "overlapping subnets",
            "Subnet",
            { east: { ...east, subnets: ["192.0.2.0/24"] }, west: { ...west, subnets: ["192.0.2.9-192.0.2.11"] } },
            {},
            [
                'policies.p.endpoints.west.subnets: must not have 192.0.2.9-192.0.2.11, which overlaps 192.0.2.0/24 of endpoint east (got ["192.0.2.9-192.0.2.11"])',
            ],
        ],
        [
            "two without subnets",
            "Subnet",
            { east, west: { ...west, subnets: [] } },
            {},
            [
                "policies.p.endpoints.west.subnets: are required, because endpoint east already is the one without subnets (got [])",
            ],
        ],
        [
            "names in MultiValue",
            "MultiValue",
            { a: A, east },
            { fallback: NAME },
            [
                'policies.p.endpoints.east.cloudService: must be an address: a MultiValue policy answers with several of them (got "contoso-east")',
                'policies.p.fallback.hostName: must be an address: a MultiValue policy answers with several of them (got "www.contoso.com")',
            ],
        ],
        [
            "an unknown cloud service",
            "RoundRobin",
            { east: { cloudService: "elsewhere" } },
            {},
            [
                'policies.p.endpoints.east.cloudService: must be a cloud service of the traffic manager: contoso-east or contoso-west (got "elsewhere")',
            ],
        ],
        [
            "an unknown policy",
            "RoundRobin",
            { q: { policy: "q" } },
            {},
            ['policies.p.endpoints.q.policy: must be a policy of the same traffic manager: p (got "q")'],
        ],
        [
            "a name of the policies' zone",
            "RoundRobin",
            { q: { hostName: "q.trafficmanager.example" } },
            {},
            [
                'policies.p.endpoints.q.hostName: must not be within trafficmanager.example: an endpoint leads to another policy of it by "policy" (got "q.trafficmanager.example")',
            ],
        ],
        [
            "names and addresses",
            "RoundRobin",
            { east, a: A },
            {},
            [
                'policies.p.endpoints.a.address: leads to an IPv4 address, but must lead to a name as endpoint east does (got "198.51.100.1")',
            ],
        ],
        [
            "both families",
            "RoundRobin",
            { a: A, six: SIX },
            {},
            [
                'policies.p.endpoints.six.address: leads to an IPv6 address, but must lead to an IPv4 address as endpoint a does (got "2001:db8::1")',
            ],
        ],
        [
            "a fallback of another kind",
            "RoundRobin",
            { a: A },
            { fallback: NAME },
            [
                'policies.p.fallback.hostName: leads to a name, but must lead to an IPv4 address as endpoint a does (got "www.contoso.com")',
            ],
        ],
        [
            "no location",
            "Performance",
            { east, name: NAME },
            {},
            ["policies.p.endpoints.name.location: is required by the method Performance"],
        ],
        [
            "an unknown location",
            "Performance",
            { east: { ...east, location: "constructor" } },
            {},
            [
                'policies.p.endpoints.east.location: must be one of the traffic manager\'s locations, or a region of Azure (australiacentral, australiacentral2, australiaeast …) (got "constructor")',
            ],
        ],
    ])("with %s", (_, method, endpoints, rest, expected) => {
        expect(refused(method, endpoints, rest)).toEqual(expected);
    });

    test("is refused more than one answer can choose among", () => {
        const many = (count: number) =>
            Object.fromEntries(Array.from({ length: count }, (_, index) => [`e${index}`, { address: address(index) }]));
        const weighted = (zero: number) =>
            Object.fromEntries(
                Object.entries(many(65)).map(([name, endpoint], index) => [
                    name,
                    { ...endpoint, weight: index < zero ? 0 : 1 },
                ]),
            );
        const message = (name: string) =>
            `policies.${name}.endpoints: must make at most 64 endpoints that one answer chooses among (these make 65, nested policies included)`;
        expect(refused("RoundRobin", many(64))).toEqual([]);
        expect(refused("RoundRobin", many(65))).toEqual([message("p")]);
        expect(refused("Weighted", weighted(1))).toEqual([]);
        expect(refused("Weighted", weighted(0))).toEqual([message("p")]);
        expect(refused("MultiValue", many(64))).toEqual([]);
        expect(refused("MultiValue", many(65))).toEqual([message("p")]);
        expect(refused("MultiValue", { ...many(64), six: SIX })).toEqual([]);
        expect(
            refused("RoundRobin", { q: { policy: "q" }, one: { address: "203.0.113.1" } }, {}, child("q", many(64))),
        ).toEqual([message("p")]);
    });

    test("is refused more classes of clients than the engine can tell apart", () => {
        const level = (name: string, below?: string) =>
            policy(
                name,
                "RoundRobin",
                Object.fromEntries(
                    Array.from({ length: 13 }, (_, index) => [`e${index}`, { policy: `${name}${index}` }]),
                ),
                below ? { below } : {},
            );
        const subnets = (index: number) =>
            policy(`p${index}`, "Subnet", {
                a: { address: address(2 * index), subnets: ["192.0.2.0/24"] },
                b: { address: address(2 * index + 1) },
            });
        const children = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`p${index}`, subnets(index)]));
        expect(problems(dnsConfiguration, given({ p: level("p"), ...children }))).toEqual([
            `policies.p.endpoints: must make at most 4096 combinations of classes of clients (these make ${3 ** 13}, nested policies included)`,
        ]);
    });
});

describe("networks that gdnsd takes for IPv4's", () => {
    test.each(["2002::/16", "2001::/32", "2001:0:1::/48", "64:ff9b::/96", "::ffff:0:c000:200/120", "2000::-2003::"])(
        "%s cannot be told apart",
        (network) => {
            const message = expect.stringContaining("whom an IPv4 network tells apart");
            expect(refused("Subnet", { a: { ...A, subnets: [network] }, b: B })).toEqual([message]);
            expect(refused("RoundRobin", { a: A }, {}, {}, { latencies: { [network]: { eastus: 3 } } })).toEqual([
                message,
            ]);
        },
    );
    test.each(["::/0", "2000::/3", "2001::/16", "2001:db8::/32", "::1"])("%s can", (network) => {
        expect(refused("Subnet", { a: { ...A, subnets: [network] }, b: B })).toEqual([]);
    });
});

describe("nesting", () => {
    test("finds every kind of loop and names it", () => {
        expect(problems(dnsConfiguration, given(chain(1, 0)))).toEqual([
            "policies.p0.endpoints: must not lead back to the policy itself: p0 → p0",
        ]);
        expect(problems(dnsConfiguration, given(chain(3, 1)))).toEqual([
            "policies.p1.endpoints: must not lead back to the policy itself: p1 → p2 → p1",
        ]);
    });

    test("finds a loop exactly where there is one", () => {
        const edges = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), { maxLength: 8 });
        fc.assert(
            fc.property(edges, (edges) => {
                const policies = Object.fromEntries(
                    [0, 1, 2, 3, 4, 5].map((from) => {
                        const to = [...new Set(edges.filter((edge) => edge[0] === from).map((edge) => edge[1]))];
                        return [
                            `p${from}`,
                            policy(
                                `p${from}`,
                                "RoundRobin",
                                Object.fromEntries(to.map((to) => [`e${to}`, { policy: `p${to}` }])),
                            ),
                        ];
                    }),
                );
                const reach = new Set(edges.map(([from, to]) => `${from}${to}`));
                for (const k of [0, 1, 2, 3, 4, 5])
                    for (const i of [0, 1, 2, 3, 4, 5])
                        for (const j of [0, 1, 2, 3, 4, 5])
                            if (reach.has(`${i}${k}`) && reach.has(`${k}${j}`)) reach.add(`${i}${j}`);
                const loops = problems(dnsConfiguration, given(policies)).filter((text) => text.includes("lead back"));
                expect(loops.length > 0).toBe([0, 1, 2, 3, 4, 5].some((i) => reach.has(`${i}${i}`)));
            }),
        );
    });

    test("goes ten policies deep, also when thousands do not", () => {
        expect(problems(dnsConfiguration, given(chain(10)))).toEqual([]);
        const chained = "p0 → p1 → p2 → p3 → p4 → p5 → p6 → p7 → p8 → p9 → p10";
        expect(problems(dnsConfiguration, given(chain(11)))).toEqual([
            `policies.p0.endpoints: must not nest more than 10 policies deep: ${chained}`,
        ]);
        expect(problems(dnsConfiguration, given(chain(12)))).toEqual([
            expect.stringContaining("policies.p1.endpoints: must not nest"),
        ]);
        expect(problems(dnsConfiguration, given(chain(5000)))).toHaveLength(1);
        expect(problems(dnsConfiguration, given(chain(5000, 0)))).toEqual([expect.stringContaining("lead back")]);
    });

    test.each<[string, Record<string, object>, Record<string, object>, string[]]>([
        ["as many endpoints as there are", { q: { policy: "q", minChildEndpoints: 1 } }, child("q"), []],
        [
            "more endpoints than there are",
            { q: { policy: "q", minChildEndpoints: 2 } },
            child("q"),
            [
                "policies.p.endpoints.q.minChildEndpoints: must not exceed the number of endpoints of policy q, which is 1 (got 2)",
            ],
        ],
        [
            "a MultiValue policy",
            { q: { policy: "q" } },
            child("q", { a: A }, "MultiValue"),
            ['policies.p.endpoints.q.policy: must not be a MultiValue policy, which answers alone (got "q")'],
        ],
        [
            "a policy over what is of another kind",
            { east, q: { policy: "q" } },
            child("q"),
            [
                'policies.p.endpoints.q.policy: leads to an IPv4 address, but must lead to a name as endpoint east does (got "q")',
            ],
        ],
    ])("with %s", (_, endpoints, others, expected) => {
        expect(refused("RoundRobin", endpoints, {}, others)).toEqual(expected);
    });
});

describe("names", () => {
    const none = { policies: {} };
    test.each<[string, object, string[]]>([
        [
            "equal zones",
            { cloudServiceDomain: "trafficmanager.example." },
            [
                'cloudServiceDomain: must be beside the domain trafficmanager.example, neither equal to it nor within it nor around it (got "trafficmanager.example.")',
            ],
        ],
        [
            "a zone within the other",
            { cloudServiceDomain: "example" },
            [
                'cloudServiceDomain: must be beside the domain trafficmanager.example, neither equal to it nor within it nor around it (got "example")',
            ],
        ],
        ["no name server", { nameServers: {} }, ["nameServers: must have at least one name server"]],
        ["a name server elsewhere", { nameServers: { ns: { hostName: "ns.contoso.com" } } }, []],
        [
            "a name server without glue",
            { nameServers: { ns: { hostName: "ns.cloudapp.example" } } },
            [
                "nameServers.ns.addresses: must have at least one address, because ns.cloudapp.example is within cloudapp.example",
            ],
        ],
        [
            "a cloud service that is no label",
            { cloudServices: { "east.1": { addresses: ["192.0.2.1"] } } },
            [
                'cloudServices["east.1"]: must be named by a DNS label: 1 to 63 letters, digits and hyphens, with no hyphen at either end, because that is its name in DNS',
            ],
        ],
        [
            "cloud services that differ in case",
            { cloudServices: { East: { addresses: ["192.0.2.1"] }, east: { addresses: ["192.0.2.1"] } } },
            ["cloudServices.east: would be east.cloudapp.example, which already is cloud service East"],
        ],
        [
            "a name server that is a cloud service",
            {
                nameServers: { ns: { hostName: "east.cloudapp.example", addresses: ["192.0.2.1"] } },
                cloudServices: { east: { addresses: ["192.0.2.1"] } },
            },
            [],
        ],
        [
            "a name server that has a cloud service's name",
            {
                nameServers: { ns: { hostName: "east.cloudapp.example", addresses: ["192.0.2.2"] } },
                cloudServices: { east: { addresses: ["192.0.2.1"] } },
            },
            ["cloudServices.east: would be east.cloudapp.example, which already is name server ns"],
        ],
        [
            "a prefix that a name server has",
            { policies: { p: policy("ns1", "RoundRobin", { A }) } },
            ['policies.p.prefix: would be ns1.trafficmanager.example, which already is name server ns1 (got "ns1")'],
        ],
        [
            "two equal prefixes",
            { policies: { p: policy("x", "RoundRobin", { A }), q: policy("X", "RoundRobin", { A }) } },
            ['policies.q.prefix: would be x.trafficmanager.example, which already is policy p (got "X")'],
        ],
        [
            "a prefix below another",
            { policies: { p: policy("x", "RoundRobin", { A }), q: policy("y.x", "RoundRobin", { A }) } },
            [],
        ],
        [
            "a name that is too long",
            { policies: { p: policy("x.".repeat(120) + "x", "RoundRobin", { A }) } },
            [expect.stringContaining("which is longer than the 253 characters that DNS allows")],
        ],
        [
            "no zone for a cloud service",
            { cloudServiceDomain: undefined, policies: { p: policy("p", "RoundRobin", { east }) } },
            [
                'policies.p.endpoints.east.cloudService: needs a cloudServiceDomain: the zone of the cloud services\' names (got "contoso-east")',
            ],
        ],
        [
            "keys that are none",
            { latencies: { "192.0.2.0/33": {} }, locations: { "a b": { latitude: 1, longitude: 2 } } },
            [
                'locations["a b"]: must be the name of a location such as "eastus"',
                expect.stringMatching(/^latencies\["192.0.2.0\/33"\]: must be a range of addresses such as /),
            ],
        ],
        [
            "a measured location that nobody knows",
            { latencies: { "192.0.2.0/24": { nowhere: 3 } } },
            [expect.stringMatching(/^latencies\["192.0.2.0\/24"\].nowhere: must be one of/)],
        ],
        [
            "a location of its own",
            { latencies: { "192.0.2.0/24": { HERE: 3 } }, locations: { Here: { latitude: 1, longitude: 2 } } },
            [],
        ],
        [
            "nothing that tells what is near",
            { geoDatabase: undefined, policies: { p: policy("p", "Performance", { east, west }) } },
            [
                'policies.p.method: needs latencies or a geoDatabase: without, nobody can say what is near a client (got "Performance")',
            ],
        ],
        [
            "nothing that tells where clients are",
            {
                geoDatabase: undefined,
                policies: { p: policy("p", "Geographic", { east: { ...east, places: ["DE"] } }) },
            },
            ['policies.p.method: needs a geoDatabase: without, nobody can say where a client is (got "Geographic")'],
        ],
    ])("with %s", (_, rest, expected) => {
        expect(problems(dnsConfiguration, { ...given({}), ...none, ...rest })).toEqual(expected);
    });
});

describe("what is not known yet", () => {
    const full = given(
        {
            weighted: policy("weighted", "Weighted", { east: { ...east, weight: 1 }, west }, { fallback: NAME }),
            failover: policy("failover", "Failover", {
                nested: { policy: "weighted", priority: 1, minChildEndpoints: 2 },
            }),
            near: policy("near", "Performance", { east, name: { ...NAME, location: "here" } }),
            geographic: policy("geographic", "Geographic", { east: { ...east, places: ["DE", "WORLD"] } }),
            subnet: policy("subnet", "Subnet", { east: { ...east, subnets: ["192.0.2.0/24"] }, west }),
            many: policy("many", "MultiValue", { a: A, six: SIX }),
        },
        { locations: { here: { latitude: 1, longitude: 2 } }, latencies: { "192.0.2.0/24": { here: 3 } } },
    );

    /** Every place in the value, as a path. */
    function pathsOf(value: unknown, path: string[] = []): string[][] {
        if (typeof value !== "object" || value === null) return [path];
        return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
    }

    function replaced(value: any, [key, ...rest]: string[], by: unknown): any {
        if (key === undefined) return by;
        const copy = Array.isArray(value) ? [...value] : { ...value };
        copy[key] = replaced(copy[key], rest, by);
        return copy;
    }

    test.each(
        pathsOf(full)
            .filter((path) => path.length > 0)
            .map((path) => [path.join("."), path] as const),
    )("is accepted at %s", (_, path) => {
        expect(problems(dnsConfiguration, replaced(full, path, UNKNOWN))).toEqual([]);
    });

    test("and garbage is refused, never thrown", () => {
        const paths = fc.subarray(pathsOf(full), { minLength: 1, maxLength: 3 });
        const garbage = fc.oneof(
            fc.anything(),
            fc.constantFrom(UNKNOWN, {}, [], "", "p", "__proto__", -1, Number.NaN, { policy: "failover" }),
        );
        fc.assert(
            fc.property(paths, fc.array(garbage, { minLength: 3, maxLength: 3 }), (paths, values) => {
                let input: unknown = full;
                for (const [index, path] of paths.entries())
                    try {
                        input = replaced(input, path, values[index]);
                    } catch {
                        /* an earlier one took the place away */
                    }
                expect(Array.isArray(problems(dnsConfiguration, input))).toBe(true);
            }),
            { numRuns: 500 },
        );
    });
});
