import {
    created,
    deleted,
    replacedInPlace,
    updated,
    type Change,
    type Program,
    type Property,
    type Resource,
    type Shown,
} from "../../support/changes";

/** An endpoint that nobody probes. */
const address = (last: number, options: object = {}) => ({ address: `192.0.2.${last}`, alwaysServe: true, ...options });
const policy = (method: string, endpoints: object) => ({ type: "TrafficPolicy", args: { method, endpoints } });
const pair = (first: number) => ({ a: address(first), b: address(first + 1) });
const names = ["robin", "turned", "watched", "weighted", "failover", "performance", "subnet", "geo", "multi", "outer"];

/** A policy of each method and, of them all, one server. */
export const program: Program = {
    robin: policy("RoundRobin", pair(1)),
    turned: policy("RoundRobin", pair(3)),
    // Whom its monitor is for is disabled, so that nobody is probed.
    watched: policy("RoundRobin", { a: address(5), b: address(6, { enabled: false }) }),
    weighted: policy("Weighted", pair(7)),
    failover: policy("Failover", pair(9)),
    performance: policy("Performance", {
        a: address(11, { location: "eastus" }),
        b: address(12, { location: "westus" }),
    }),
    subnet: policy("Subnet", { a: address(13, { subnets: ["198.51.100.0/24"] }), b: address(14) }),
    geo: policy("Geographic", { a: address(18, { places: ["DE"] }), b: address(19, { places: ["WORLD"] }) }),
    multi: policy("MultiValue", { ...pair(15), c: address(17) }),
    outer: policy("Failover", { nested: { policy: "@robin" } }),
    dns: {
        type: "TrafficManager",
        args: {
            domain: "trafficmanager.example",
            policies: names.map((name) => `@${name}`),
            geoDatabase: { file: "<places>" },
            latencies: { "203.0.113.0/24": { eastus: 12 } },
            servers: { ns1: { publicNetwork: "@lan", publish: { address: "127.0.0.1", port: "<port>" } } },
        },
    },
    kept: policy("RoundRobin", pair(24)),
    left: policy("RoundRobin", pair(26)),
    lan: { type: "PublicNetwork", args: { addressSpace: "<lan>.0/24" } },
    // Renamed, with an alias and without.
    spare: { type: "TrafficManager", args: { domain: "spare.example", policies: ["@kept"] } },
    surplus: { type: "TrafficManager", args: { domain: "surplus.example", policies: ["@left"] } },
};

const CONFIGURATION = "DnsConfiguration dns-ns1-configuration";
const policyNamed = (name: string): Resource => ({
    name,
    shows: (_property, paths) => ({
        [`TrafficPolicy ${name}`]: updated(...paths),
        [CONFIGURATION]: updated(
            ...paths.filter((path) => path !== "timeToDivert").map((path) => `policies.${name}.${path}`),
        ),
    }),
});
/** What the component registers itself shows there. */
const REGISTERED = ["domain", "cloudServiceDomain", "soa", "addressTtlSeconds", "resolvers"];
const manager: Resource = {
    name: "dns",
    shows: (property, paths) => ({
        ...(REGISTERED.includes(property) && { "TrafficManager dns": updated(property) }),
        [CONFIGURATION]: updated(...paths),
    }),
};
const [robin, watched, weighted, failover, subnet, multi, outer] = [
    ...["robin", "watched", "weighted", "failover", "subnet", "multi", "outer"].map(policyNamed),
] as [Resource, Resource, Resource, Resource, Resource, Resource, Resource];

export const properties: Property[] = [
    { of: robin, path: "prefix", values: ["www.robin", "web.robin"] },
    { of: robin, path: "enabled", values: [false] },
    { of: robin, path: "ttlSeconds", values: [30, 60] },
    {
        of: robin,
        path: "fallback",
        values: [{ address: "192.0.2.99" }, { address: "192.0.2.98" }],
        shows: [["fallback"], ["fallback.address"], ["fallback"]],
    },
    {
        of: robin,
        path: "endpoints.c",
        values: [address(20), address(21)],
        shows: [["endpoints.c"], ["endpoints.c.address"], ["endpoints.c"]],
    },
    {
        of: watched,
        path: "monitor",
        values: [
            { protocol: "http", path: "/a", headers: { Authorization: { $secret: "hush-one" } } },
            {
                ...{ protocol: "http", path: "/b", headers: { Authorization: { $secret: "hush-two" } }, port: 8080 },
                ...{ intervalSeconds: 10, timeoutSeconds: 6, toleratedFailures: 2, expectedStatus: ["200-204", 301] },
            },
        ],
        shows: [
            ["monitor", "timeToDivert"],
            [
                ...["expectedStatus", "headers.Authorization", "intervalSeconds", "path", "port"].map(
                    (key) => `monitor.${key}`,
                ),
                ...["monitor.timeoutSeconds", "monitor.toleratedFailures", "timeToDivert"],
            ],
            ["monitor", "timeToDivert"],
        ],
    },
    {
        of: watched,
        path: "endpoints.b.headers",
        values: [{ Host: "b.contoso.example" }, { Host: "b.fabrikam.example" }],
        shows: [["endpoints.b.headers"], ["endpoints.b.headers.Host"], ["endpoints.b.headers"]],
    },
    { of: weighted, path: "endpoints.a.weight", values: [95, 90] },
    { of: weighted, path: "endpoints.b.enabled", values: [false] },
    { of: failover, path: "endpoints.a.priority", values: [20, 30] },
    { of: failover, path: "endpoints.b.priority", values: [10, 40] },
    {
        of: subnet,
        path: "endpoints.b.subnets",
        values: [["203.0.113.7"], ["203.0.113.8"]],
        shows: [["endpoints.b.subnets"], ["endpoints.b.subnets[0]"], ["endpoints.b.subnets"]],
    },
    { of: multi, path: "maxReturn", values: [3, 4] },
    { of: multi, path: "endpoints.b.location", values: ["eastus", "westus"] },
    { of: outer, path: "endpoints.nested.minChildEndpoints", values: [2] },
    { of: manager, path: "soa.hostmaster", values: ["dns-admin.contoso.example", "hostmaster.contoso.example"] },
    { of: manager, path: "soa.refreshSeconds", values: [3600, 5400] },
    { of: manager, path: "soa.retrySeconds", values: [600, 700] },
    { of: manager, path: "soa.expireSeconds", values: [86_400, 172_800] },
    { of: manager, path: "soa.negativeTtlSeconds", values: [10, 20] },
    { of: manager, path: "addressTtlSeconds", values: [60, 120] },
    {
        of: manager,
        path: "locations",
        values: [{ "rack-1": { latitude: 52.5, longitude: 13.4 } }, { "rack-1": { latitude: 52.5, longitude: 13.5 } }],
        shows: [['locations["rack-1"]'], ['locations["rack-1"].longitude'], ['locations["rack-1"]']],
    },
    {
        of: manager,
        path: "cloudServiceDomain",
        values: ["cloudapp.example", "cloudapp2.example"],
    },
    {
        of: manager,
        path: "cloudServices",
        values: [
            [{ name: "afar", address: "192.0.2.30", location: "eastus" }],
            [
                { name: "afar", address: "192.0.2.31", location: "eastus" },
                { name: "near", address: "192.0.2.32" },
            ],
        ],
        shows: [
            ["cloudServices.afar"],
            ["cloudServices.afar.addresses[0]", "cloudServices.near"],
            ["cloudServices.afar", "cloudServices.near"],
        ],
    },
];

const SERVER = "DnsServer dns-ns1";
const serverNamed = (name: string, step: typeof created, manager = "dns"): Shown =>
    Object.fromEntries(
        [
            ...["DnsServer", "RuntimeVolume state", "DnsAgent agent", "DnsConfiguration configuration"].map((part) =>
                part.includes(" ") ? part.replace(" ", ` ${manager}-${name}-`) : `${part} ${manager}-${name}`,
            ),
        ].map((row) => [row, step]),
    );
const managerNamed = (name: string, step: typeof created): Shown => ({
    [`TrafficManager ${name}`]: step,
    [`RuntimeImage ${name}-image`]: step,
    ...serverNamed("ns1", step, name),
});
const resolvers = (...changes: string[]): Shown => ({
    "TrafficManager dns": updated("resolvers"),
    [SERVER]: replacedInPlace(["resolvers"], ...changes),
});
const nameServer = "nameServers.ns1";

const probed = (alwaysServe: boolean): Change => ({
    what: `an endpoint is ${alwaysServe ? "not " : ""}to be probed`,
    give: { "watched.endpoints.b.alwaysServe": alwaysServe },
    shows: watched.shows("", ["endpoints.b.alwaysServe"]),
});

export const given: Change[] = [
    probed(false),
    {
        what: "the policies are under another domain",
        give: { "dns.domain": "names.example" },
        shows: {
            "TrafficManager dns": updated("domain"),
            [CONFIGURATION]: updated("domain", "nameServers.ns1.hostName"),
        },
    },
    {
        what: "the server gets an address",
        give: { "dns.servers.ns1.address": "<lan>.77" },
        shows: {
            [SERVER]: replacedInPlace(["address"], "address"),
            [CONFIGURATION]: updated("nameServers.ns1.addresses[0]"),
        },
    },
    { what: "resolvers are given", give: { "dns.resolvers": ["192.0.2.1"] }, shows: resolvers("resolvers") },
    {
        what: "latencies are given for another region",
        give: { "dns.latencies": { "203.0.113.0/24": { eastus: 12, westus: 80 } } },
        shows: { [CONFIGURATION]: updated('latencies["203.0.113.0/24"].westus') },
    },
];

export const changes: Change[] = [
    { what: "other resolvers are given", give: { "dns.resolvers": ["192.0.2.2"] }, shows: resolvers("resolvers[0]") },
    {
        what: "the database of places is another one",
        give: { "dns.geoDatabase.file": "<places2>" },
        shows: {
            "TrafficManager dns": updated("geoDatabase"),
            [CONFIGURATION]: updated("geoDatabase.file", "geoDatabase.hash"),
        },
    },
    {
        what: "an endpoint is for other places",
        give: { "geo.endpoints.a.places": ["BE", "FR"] },
        shows: policyNamed("geo").shows("", ["endpoints.a.places[0]", "endpoints.a.places[1]"]),
    },
    {
        what: "a setting is not known before another policy is made",
        make: { fresh: policy("RoundRobin", pair(22)) },
        give: { "weighted.ttlSeconds": { $after: "fresh", value: 61 } },
        shows: { "TrafficPolicy fresh": created, ...weighted.shows("", ["ttlSeconds"]) },
    },
    {
        what: "a server more",
        give: { "dns.servers.ns2": { publicNetwork: "@lan" } },
        shows: { ...serverNamed("ns2", created), [CONFIGURATION]: updated("nameServers.ns2") },
    },
    {
        what: "a manager without servers publishes its one",
        give: { "surplus.publish": { address: "127.0.0.1", port: "<port3>" } },
        shows: {
            "TrafficManager surplus": updated("publish"),
            "DnsServer surplus-ns1": replacedInPlace(["publish"], "publish"),
        },
    },
    {
        what: "the server's port changes",
        give: { "dns.servers.ns1.publish.port": "<port2>" },
        shows: { [SERVER]: replacedInPlace(["publish"], "publish.port") },
    },
    {
        what: "the server has another host name",
        give: { "dns.servers.ns1.hostName": "a.contoso.example" },
        shows: { [CONFIGURATION]: updated(`${nameServer}.hostName`) },
    },
    {
        what: "the server advertises another address",
        give: { "dns.servers.ns1.advertisedAddress": "198.51.100.53" },
        shows: { [CONFIGURATION]: updated(`${nameServer}.addresses[0]`) },
    },
    {
        what: "the method of a policy changes",
        give: { "turned.method": "Weighted" },
        shows: policyNamed("turned").shows("", ["endpoints.a.weight", "endpoints.b.weight", "method"]),
    },
    {
        what: "an endpoint is elsewhere",
        give: { "performance.endpoints.a.location": "westeurope" },
        shows: policyNamed("performance").shows("", ["endpoints.a.location"]),
    },
    {
        what: "the ranges of an endpoint change",
        give: { "subnet.endpoints.a.subnets": ["198.51.100.0-198.51.100.9", "203.0.113.9"] },
        shows: policyNamed("subnet").shows("", ["endpoints.a.subnets[0]", "endpoints.a.subnets[1]"]),
    },
];

export const reordered: Change[] = [
    {
        what: "lists, maps and spellings",
        give: {
            "dns.policies": [...names].reverse().map((name) => `@${name}`),
            "geo.endpoints.a.places": ["FR", "BE"],
            "watched.monitor.expectedStatus": ["301", "200-204"],
            "dns.cloudServices": [
                { name: "near", address: "192.0.2.32" },
                { location: "eastus", address: "192.0.2.31", name: "afar" },
            ],
            "dns.latencies": { "203.0.113.0/24": { westus: 80, eastus: 12 } },
            "subnet.endpoints.a.subnets": ["203.0.113.9/32", "198.51.100.0-198.51.100.9"],
            "failover.endpoints": { b: address(10, { priority: 40 }), a: address(9, { priority: 30 }) },
        },
        shows: {},
    },
];

export const takenBack: Change[] = [
    probed(true),
    { what: "resolvers are taken back", give: { "dns.resolvers": undefined }, shows: resolvers("resolvers") },
    {
        what: "what was not known is taken back",
        drop: ["fresh"],
        give: { "weighted.ttlSeconds": undefined },
        shows: { "TrafficPolicy fresh": deleted, ...weighted.shows("", ["ttlSeconds"]) },
    },
    {
        what: "a server less",
        give: { "dns.servers.ns2": undefined },
        shows: { ...serverNamed("ns2", deleted), [CONFIGURATION]: updated("nameServers.ns2") },
    },
    {
        what: "the server is on the network of all, with no address of its own choice",
        give: { "dns.servers.ns1.publicNetwork": undefined, "dns.servers.ns1.address": undefined },
        shows: {
            [SERVER]: replacedInPlace(
                ["address", "publicNetwork", "publicSubnet"],
                ...["address", "publicNetwork", "publicSubnet"],
            ),
        },
    },
];

const RENAMED = "DnsConfiguration dns-primary-configuration";
const configured = (...paths: string[]): Shown => ({
    [RENAMED]: updated(...paths.map((path) => `policies.${path}`)),
});

export const renamed: Change[] = [
    {
        what: "a policy with an alias, and those that lead to it",
        rename: { from: "robin", to: "robin2", alias: true },
        shows: {
            "TrafficPolicy robin2": updated("prefix"),
            "TrafficPolicy outer": updated("endpoints.nested.policy"),
            ...configured("robin", "robin2", "outer.endpoints.nested.policy"),
        },
    },
    {
        what: "a policy without",
        rename: { from: "weighted", to: "weighted2" },
        shows: {
            "TrafficPolicy weighted2": created,
            "TrafficPolicy weighted": deleted,
            ...configured("weighted", "weighted2"),
        },
    },
    {
        what: "a server with its former name: it stays as it is, and where",
        give: {
            "dns.servers": {
                primary: {
                    formerName: "ns1",
                    publish: { address: "127.0.0.1", port: "<port2>" },
                    hostName: "a.contoso.example",
                    advertisedAddress: "198.51.100.53",
                },
            },
        },
        shows: { [RENAMED]: updated("nameServers.ns1", "nameServers.primary") },
    },
    {
        what: "a traffic manager with an alias, and all that it is made of",
        rename: { from: "spare", to: "spare2", alias: true },
        shows: {},
    },
    {
        what: "a traffic manager without",
        rename: { from: "surplus", to: "surplus2" },
        give: { "surplus.publish": undefined },
        shows: { ...managerNamed("surplus2", created), ...managerNamed("surplus", deleted) },
    },
    {
        what: "an endpoint of a policy",
        give: { "multi.endpoints": { ...pair(15), d: address(17) } },
        shows: {
            "TrafficPolicy multi": updated("endpoints.c", "endpoints.d"),
            ...configured("multi.endpoints.c", "multi.endpoints.d"),
        },
    },
];
