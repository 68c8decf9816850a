import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { endpointStatus, policyStatus } from "../../model/dns/status";
import { defaultAddresses } from "../../model/network/addresses";
import * as switchyard from "../../sdk";
import { register, valueOf, type Registration } from "./support/program";
import { refusalOf } from "./support/refusal";
import { refusals } from "./support/schemas";

const zones = { domain: "trafficmanager.example", cloudServiceDomain: "cloudapp.example" };
const monitor = { protocol: "http", port: 80, path: "/healthz" } as const;

function inputsOf(registered: Record<string, Registration>, key: string): Record<string, any> {
    const { __urn, __provider, ...inputs } = registered[key]!.inputs;
    return inputs;
}

/** The design's program, of two regions. */
function contoso(more: Partial<switchyard.TrafficManagerArgs> = {}) {
    const east = new switchyard.CloudService("contoso-east", { location: "eastus" });
    const west = new switchyard.CloudService("contoso-west", { advertisedAddress: "203.0.113.10" });
    const policy = new switchyard.TrafficPolicy("contoso", {
        method: "RoundRobin",
        monitor,
        endpoints: { east: { cloudService: east }, west: { cloudService: west } },
    });
    const dns = new switchyard.TrafficManager("contoso", { ...zones, policies: [policy], ...more });
    return { east, west, policy, dns };
}

/** The address that a server has by default on the network of the mocks. */
const addressOf = (server: string) => defaultAddresses(`dev-${server}`, "10.224.0.0/24", "nameServers")[0]!;

describe("what a TrafficManager registers", () => {
    it("is a component with one server and its parts", async () => {
        const registered = await register(() => contoso());
        const parts = Object.keys(registered).filter((key) => registered[key]!.urn?.includes(":TrafficManager$"));
        expect(parts.sort()).toEqual([
            "DnsAgent contoso-ns1-agent",
            "DnsConfiguration contoso-ns1-configuration",
            "DnsServer contoso-ns1",
            "RuntimeImage contoso-image",
            "RuntimeVolume contoso-ns1-state",
        ]);
        expect(registered["TrafficManager contoso"]!.type).toBe("switchyard:index:TrafficManager");
        expect(registered["TrafficManager contoso"]!.inputs).toEqual(zones);
    });

    it("are inputs that the provider's schemas accept", async () => {
        expect(refusals(await register(() => contoso()))).toEqual({});
    });

    it("hands each part what it needs of the others", async () => {
        const publish = { address: "127.0.0.1", port: 5353 };
        const registered = await register(() => contoso({ publish, resolvers: ["192.0.2.53"] }));
        expect(inputsOf(registered, "RuntimeImage contoso-image")).toEqual({ runtime: "dns" });
        expect(inputsOf(registered, "DnsServer contoso-ns1")).toEqual({
            image: "switchyard-runtime:000000000000",
            volume: "dev-contoso-ns1-state",
            publicNetwork: "dev-0-public-1",
            publicSubnet: "10.224.0.0/24",
            address: addressOf("contoso-ns1"),
            publish,
            resolvers: ["192.0.2.53"],
        });
        expect(inputsOf(registered, "DnsAgent contoso-ns1-agent")).toEqual({ server: "dev-contoso-ns1" });
    });

    it.each([false, true])(
        "gives the server its configuration resolved, as maps from names (preview: %s)",
        async (preview) => {
            const registered = await register(() => contoso(), { preview });
            expect(inputsOf(registered, "DnsConfiguration contoso-ns1-configuration")).toEqual({
                server: "dev-contoso-ns1",
                ...zones,
                nameServers: { ns1: { hostName: "ns1.trafficmanager.example", addresses: [addressOf("contoso-ns1")] } },
                cloudServices: {
                    "contoso-east": { addresses: ["10.224.0.9"], location: "eastus" },
                    "contoso-west": { addresses: ["203.0.113.10"] },
                },
                policies: {
                    contoso: {
                        method: "RoundRobin",
                        prefix: "contoso",
                        enabled: true,
                        ttlSeconds: 300,
                        monitor,
                        endpoints: { east: { cloudService: "contoso-east" }, west: { cloudService: "contoso-west" } },
                    },
                },
            });
        },
    );

    it("passes on what the zones say, and what decides by distance", async () => {
        const given = {
            soa: { hostmaster: "dns.contoso.com", negativeTtlSeconds: 5 },
            addressTtlSeconds: 60,
            latencies: { "192.0.2.0/24": { rack: 3 } },
            locations: { rack: { latitude: 52.5, longitude: 13.4 } },
            geoDatabase: { file: "GeoLite2-City.mmdb" },
        };
        const registered = await register(() => contoso(given));
        expect(inputsOf(registered, "DnsConfiguration contoso-ns1-configuration")).toMatchObject(given);
        expect(refusals(registered)).toEqual({});
    });

    it("serves nested policies, what they lead to, fallbacks, and cloud services of no policy", async () => {
        const registered = await register(() => {
            const spare = new switchyard.CloudService("spare");
            const far = { name: "far", address: "2001:db8::1", location: "westus" };
            const host = { hostName: "www.fabrikam.com", alwaysServe: true };
            const canary = new switchyard.TrafficPolicy("canary", {
                method: "Weighted",
                endpoints: { new: { ...host, weight: 5 } },
                fallback: { cloudService: far },
            });
            const top = (name: string) =>
                new switchyard.TrafficPolicy(name, {
                    method: "Failover",
                    endpoints: {
                        a: { policy: canary, minChildEndpoints: 1 },
                        b: { cloudService: { ...far }, ...host },
                    },
                });
            new switchyard.TrafficManager("contoso", {
                ...zones,
                policies: [top("one"), top("two")],
                cloudServices: [spare],
            });
        });
        const { policies, cloudServices } = inputsOf(registered, "DnsConfiguration contoso-ns1-configuration");
        expect(Object.keys(policies).sort()).toEqual(["canary", "one", "two"]);
        expect(policies.canary).toMatchObject({
            endpoints: { new: { hostName: "www.fabrikam.com", alwaysServe: true, weight: 5 } },
            fallback: { cloudService: "far" },
        });
        expect(policies.one.endpoints.a).toEqual({ policy: "canary", minChildEndpoints: 1, priority: 1 });
        expect(cloudServices).toEqual({
            far: { addresses: ["2001:db8::1"], location: "westus" },
            spare: { addresses: ["10.224.0.9"] },
        });
    });

    it("says what the policies' own rows do, and nothing of what has no value, so that a preview knows it whole", async () => {
        const registered = await register(
            () => {
                const policy = new switchyard.TrafficPolicy("p", {
                    method: "MultiValue",
                    endpoints: { a: { address: "192.0.2.1", alwaysServe: true } },
                });
                new switchyard.TrafficManager("contoso", { domain: "example", policies: [policy] });
            },
            { preview: true },
        );
        expect(inputsOf(registered, "DnsConfiguration contoso-ns1-configuration").policies.p).toEqual({
            method: "MultiValue",
            prefix: "p",
            enabled: true,
            ttlSeconds: 300,
            endpoints: { a: { address: "192.0.2.1", alwaysServe: true } },
        });
    });

    const geographic = { method: "Geographic", endpoints: { a: { hostName: "a.example", places: ["DE"] } } } as const;
    const performance = {
        method: "Performance",
        endpoints: { a: { hostName: "a.example", location: "eastus" } },
    } as const;
    const random = { method: "RoundRobin", endpoints: { a: { hostName: "a.example" } } } as const;
    const free = { package: "@ip-location-db/geo-whois-asn-country-mmdb" };
    const latencies = { "192.0.2.0/24": { eastus: 1 } };

    it.each<[string, switchyard.TrafficPolicyArgs, Partial<switchyard.TrafficManagerArgs>, object | undefined]>([
        ["Geographic", geographic, {}, free],
        ["Geographic with latencies", geographic, { latencies }, free],
        ["Performance", performance, {}, free],
        ["Performance with latencies", performance, { latencies }, undefined],
        ["RoundRobin", random, {}, undefined],
        ["Geographic with a file", geographic, { geoDatabase: { file: "x.mmdb" } }, { file: "x.mmdb" }],
    ])("takes the free database where it needs one: %s", async (_what, args, more, database) => {
        const registered = await register(() => {
            const nested = new switchyard.TrafficPolicy("nested", { monitor, ...args });
            const policy = new switchyard.TrafficPolicy("p", {
                method: "RoundRobin",
                endpoints: { a: { policy: nested } },
            });
            new switchyard.TrafficManager("contoso", { domain: "example", policies: [policy], ...more });
        });
        expect(inputsOf(registered, "DnsConfiguration contoso-ns1-configuration").geoDatabase).toEqual(database);
    });
});

describe("a TrafficManager of several servers", () => {
    const east = { host: "ssh://admin@east.example" };
    const servers = {
        ns2: { docker: east, publish: { address: "203.0.113.53" } },
        ns1: { publish: {} },
        ns3: { hostName: "ns3.contoso.com", address: "10.224.0.53", publish: { address: "127.0.0.1", port: 5353 } },
        ns4: { advertisedAddress: pulumi.output("2001:db8::53"), publish: { address: "203.0.113.54" } },
    };

    it("names all of them in every zone, by addresses that others reach", async () => {
        const registered = await register(() => contoso({ servers }));
        const nameServers = {
            ns1: { hostName: "ns1.trafficmanager.example", addresses: [addressOf("contoso-ns1")] },
            ns2: { hostName: "ns2.trafficmanager.example", addresses: ["203.0.113.53"] },
            ns3: { hostName: "ns3.contoso.com", addresses: ["10.224.0.53"] },
            ns4: { hostName: "ns4.trafficmanager.example", addresses: ["2001:db8::53"] },
        };
        const configurations = Object.keys(servers).map((server) =>
            inputsOf(registered, `DnsConfiguration contoso-${server}-configuration`),
        );
        for (const configuration of configurations) expect(configuration.nameServers).toEqual(nameServers);
        const [first, ...others] = configurations.map(({ server: _server, docker: _docker, ...served }) => served);
        for (const other of others) expect(other).toEqual(first);
        expect(refusals(registered)).toEqual({});
    });

    it("makes each on its Docker host, and one image for each host", async () => {
        const registered = await register(() => contoso({ servers }));
        const images = Object.keys(registered).filter((key) => key.startsWith("RuntimeImage contoso-image"));
        expect(images.sort()).toEqual(["RuntimeImage contoso-image", `RuntimeImage contoso-image-${east.host}`]);
        const ofNs2 = Object.entries(registered).filter(([key]) => key.includes("contoso-ns2"));
        expect(ofNs2).toHaveLength(4);
        for (const [key, { inputs }] of ofNs2) expect(inputs.docker, key).toEqual(east);
        expect(inputsOf(registered, "DnsServer contoso-ns2").publicNetwork).toBe(
            "dev-0-public-ssh-admin-east.example-1",
        );
    });

    it("makes one after the other, in the order of the program", async () => {
        const registered = await register(() => contoso({ servers }));
        const order = Object.keys(registered).filter((key) => /^Dns(Server|Configuration) /.test(key));
        expect(order).toEqual(
            Object.keys(servers).flatMap((name) => [
                `DnsServer contoso-${name}`,
                `DnsConfiguration contoso-${name}-configuration`,
            ]),
        );
    });
});

describe("a TrafficManager over a cloud service with a load balancer", () => {
    it("sends nobody there before the load balancer serves", async () => {
        const registered = await register(() => {
            const east = new switchyard.CloudService("east");
            const web = new switchyard.VirtualMachine("web", { cloudService: east, image: "nginx" });
            const http = new switchyard.Endpoint("http", { virtualMachine: web, protocol: "tcp", publicPort: 80 });
            const late = pulumi.output(new Promise<number>((resolve) => setTimeout(() => resolve(60), 500)));
            new switchyard.LoadBalancer("east", { cloudService: east, endpoints: [http], waitSeconds: late });
            const policy = new switchyard.TrafficPolicy("contoso", {
                method: "RoundRobin",
                monitor: { protocol: "http" },
                endpoints: { east: { cloudService: east } },
            });
            new switchyard.TrafficManager("contoso", {
                domain: "trafficmanager.example",
                cloudServiceDomain: "cloudapp.example",
                policies: [policy],
            });
        });
        const order = Object.keys(registered).filter((key) => /^(LoadBalancer|DnsConfiguration) /.test(key));
        expect(order).toEqual(["LoadBalancer east", "DnsConfiguration contoso-ns1-configuration"]);
    });
});

describe("what a TrafficManager tells", () => {
    it("is the names of what it serves, and where it is", async () => {
        let outputs: pulumi.Output<unknown>[] = [];
        await register(() => {
            const { dns, policy, east } = contoso({
                domain: pulumi.output("TrafficManager.Example."),
                servers: { a: {}, b: {} },
            });
            outputs = [dns.fqdn(policy), dns.fqdn(east), dns.addresses, dns.publishedAddresses, dns.status];
        });
        expect(await Promise.all(outputs.map(valueOf))).toEqual([
            "contoso.trafficmanager.example",
            "contoso-east.cloudapp.example",
            { a: addressOf("contoso-a"), b: addressOf("contoso-b") },
            { a: [], b: [] },
            {},
        ]);
    });

    it("is the name of another program's cloud service, by its name alone", async () => {
        let name: pulumi.Output<unknown> | undefined;
        await register(() => {
            const far = () => ({ name: "far", address: pulumi.output("192.0.2.7") });
            const { dns } = contoso({ cloudServices: [far()] });
            name = dns.fqdn(far());
        });
        expect(await valueOf(name!)).toBe("far.cloudapp.example");
    });

    it("has the statuses that the model has", () => {
        const endpoints: Record<switchyard.EndpointStatus, true> = {
            ...{ Online: true, Degraded: true, CheckingEndpoint: true },
            ...{ Disabled: true, Stopped: true, Inactive: true },
        };
        const policies: Record<switchyard.TrafficPolicyStatus["status"], true> = {
            ...{ Online: true, Degraded: true, CheckingEndpoints: true, Disabled: true, Inactive: true },
        };
        expect(Object.keys(endpoints)).toEqual(endpointStatus.options);
        expect(Object.keys(policies)).toEqual(policyStatus.options);
    });

    it.each<[string, (given: ReturnType<typeof contoso>) => unknown, string]>([
        [
            "a policy of no traffic manager",
            () => new switchyard.TrafficPolicy("other", { method: "RoundRobin", endpoints: {} }),
            "traffic policy other",
        ],
        ["a cloud service of no policy", () => new switchyard.CloudService("other"), "cloud service other"],
        ["another thing", ({ dns }) => dns, "a TrafficManager"],
    ])("is nothing of %s", async (_what, make, got) => {
        const { problems } = await refusalOf(contoso, (given) =>
            given.dns.fqdn(make(given) as switchyard.TrafficPolicy),
        );
        expect(problems).toEqual([
            `fqdn: must be given a policy or cloud service that the traffic manager serves (got ${got})`,
        ]);
    });
});

const anything = (value: unknown) => value as never;

describe("a TrafficManager's mistakes, found before anything is registered", () => {
    type Given = ReturnType<typeof contoso>;
    const policy = (name: string, endpoints: object) =>
        new switchyard.TrafficPolicy(name, anything({ method: "RoundRobin", endpoints }));

    it.each<[string, (given: Given) => object, string[]]>([
        ["nothing at all", () => ({}), ["domain: is required", "policies: is required"]],
        [
            "no policies",
            () => ({ domain: "example", policies: [] }),
            ["policies: must have at least one policy, where there are no cloudServices (got [])"],
        ],
        [
            "lists of other things",
            ({ east, policy }) => ({ domain: "example", policies: [east, undefined], cloudServices: [policy, {}] }),
            [
                "policies[0]: must be a TrafficPolicy (got a CloudService)",
                "policies[1]: is required",
                "cloudServices[0]: must be a CloudService, or its { name, address } (got a TrafficPolicy)",
                "cloudServices[1].name: must be the name of a cloud service (got undefined)",
                "cloudServices[1].address: is required",
            ],
        ],
        [
            "an Output of policies",
            ({ policy }) => ({ domain: "example", policies: pulumi.output([policy]) }),
            ["policies: must be a list of TrafficPolicies (got an Output)"],
        ],
        [
            "a policy and a cloud service twice",
            ({ policy, east }) => ({ domain: "example", policies: [policy, policy], cloudServices: [east, east] }),
            [
                "policies[1]: each has a name of its own (got traffic policy contoso again, after [0])",
                "cloudServices[1]: each has a name of its own (got cloud service contoso-east again, after [0])",
            ],
        ],
        [
            "a policy that another traffic manager of the domain has",
            ({ policy: served }) => ({
                domain: "TrafficManager.example.",
                cloudServiceDomain: "cloudapp.example",
                policies: [policy("mine", { a: { policy: served } })],
            }),
            [
                "policies: traffic policy contoso is in traffic manager contoso, of the same domain (got trafficmanager.example)",
            ],
        ],
        [
            "two things of one name",
            () => ({
                domain: "example",
                policies: [
                    policy("canary", { a: { cloudService: { name: "east", address: "192.0.2.1" } } }),
                    policy("top", {
                        a: {
                            policy: new switchyard.TrafficPolicy(
                                "canary",
                                { method: "RoundRobin", endpoints: {} },
                                {
                                    parent: new pulumi.ComponentResource("test:index:Other", "other"),
                                },
                            ),
                        },
                    }),
                ],
                cloudServices: [{ name: "east", address: "192.0.2.2" }],
            }),
            [
                "policies: traffic policy canary is the name of two, one of them nested",
                "policies: cloud service east is the name of two that endpoints lead to " +
                    "(where both are one, give them the same object)",
            ],
        ],
        [
            "publish beside servers, and a server that is none",
            ({ policy }) => ({
                domain: "other.example",
                cloudServiceDomain: "other-cloud.example",
                policies: [policy],
                publish: { port: 53 },
                servers: { ns1: {}, "ns 2": "ssh://east", ns3: { docker: { host: pulumi.output("ssh://west") } } },
            }),
            [
                "publish: is for a traffic manager without servers; say it in servers.ns1",
                'servers["ns 2"]: must be an object such as {} (got "ssh://east")',
                "servers.ns3.publicNetwork: is required when docker.host is an Output: the default network is named after " +
                    "the host (give a plain docker.host or a publicNetwork)",
            ],
        ],
        [
            "no server",
            ({ policy }) => ({
                domain: "other.example",
                cloudServiceDomain: "cloud.example",
                policies: [policy],
                servers: {},
            }),
            ["servers: must have at least one server (got none)"],
        ],
        [
            "servers that are a list",
            ({ policy }) => ({
                domain: "other.example",
                cloudServiceDomain: "cloud.example",
                policies: [policy],
                servers: ["ns1"],
            }),
            ["servers: must be a map of servers by name (got a list)"],
        ],
        [
            "a server that is a list, and words that mean nothing",
            ({ policy }) => ({
                domain: "other.example",
                cloudServiceDomain: "other-cloud.example",
                policies: [policy],
                servers: { ns1: [], ns2: { adress: "192.0.2.53" } },
                "soa ": {},
            }),
            [
                "servers.ns1: must be an object such as {} (got [])",
                'servers.ns2: has unknown property "adress"; did you mean "address"? ' +
                    "(others: advertisedAddress, docker, formerName, hostName, publicNetwork, publish)",
                'has unknown property "soa "; did you mean "soa"? (others: addressTtlSeconds, cloudServices, geoDatabase, ' +
                    "latencies, locations, publish, resolvers)",
            ],
        ],
        [
            "former names that nobody had, or somebody has",
            ({ policy }) => ({
                domain: "other.example",
                cloudServiceDomain: "cloud.example",
                policies: [policy],
                servers: { ns1: { formerName: "ns2" }, ns2: { formerName: "" } },
            }),
            [
                'servers.ns1.formerName: must not be a server\'s name of now (got "ns2")',
                'servers.ns2.formerName: must be the name that the server had (got "")',
            ],
        ],
        [
            "no zone for the names of cloud services, however many need one",
            ({ policy: served, east }) => ({
                domain: "other.example",
                policies: [
                    served,
                    policy("more", { a: { cloudService: east }, b: { cloudService: east, enabled: false } }),
                ],
            }),
            ["cloudServiceDomain: is required, because cloud services are endpoints of policies contoso, more"],
        ],
    ])("%s", async (_what, args, problems) => {
        const refused = await refusalOf(
            contoso,
            (given) => new switchyard.TrafficManager("wrong", anything(args(given))),
        );
        expect(refused.problems).toEqual(problems);
        expect(refused.urn).toBe("urn:pulumi:dev::project::switchyard:index:TrafficManager::wrong");
        expect(Object.keys(refused.registered).filter((key) => key.includes("wrong"))).toEqual([]);
    });

    it("are none in a policy of two traffic managers with different domains", async () => {
        const registered = await register(() => {
            const { policy } = contoso();
            new switchyard.TrafficManager("other", { ...zones, domain: "other.example", policies: [policy] });
        });
        expect(Object.keys(registered)).toContain("DnsConfiguration other-ns1-configuration");
    });
});
