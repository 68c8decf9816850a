import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const config = new pulumi.Config();
const port = config.requireNumber("port");

// Deploy your hosted services: the same two web servers in each region. They answer with their names.
const hostedService = (name: string, location: string) => {
    const cloudService = new switchyard.CloudService(name, { location });
    const virtualMachines = ["1", "2"].map(
        (number) =>
            switchyard.VirtualMachine.fromGallery(`${name}-web${number}`, { image: "web", cloudService })
                .virtualMachine,
    );
    const http = new switchyard.LoadBalancedSet(`${name}-http`, {
        ...switchyard.wellKnown.http,
        virtualMachines,
        probe: { protocol: "http", path: "/healthz", intervalSeconds: 1 },
    });
    new switchyard.LoadBalancer(name, { cloudService, endpoints: [http] });
    return cloudService;
};
const east = hostedService("contoso-east", "eastus");
const west = hostedService("contoso-west", "westus");

// Create the policy. Leave TTL and intervals at their defaults where nobody waits to see what happens.
const policy = new switchyard.TrafficPolicy("contoso", {
    method: config.require<"RoundRobin" | "Failover" | "Performance">("method"),
    enabled: config.requireBoolean("enabled"),
    ttlSeconds: 5,
    monitor: {
        protocol: "http",
        path: "/healthz",
        intervalSeconds: 1,
        timeoutSeconds: 0.5,
        toleratedFailures: 1,
    },
    endpoints: {
        east: { cloudService: east, enabled: config.requireBoolean("eastEnabled") },
        west: { cloudService: west },
    },
});

// Two name servers: while one is replaced, the other answers.
const dns = new switchyard.TrafficManager("contoso", {
    domain: "trafficmanager.example",
    cloudServiceDomain: "cloudapp.example",
    policies: [policy],
    servers: {
        ns1: { publish: { address: "127.0.0.1", port } },
        ns2: { publish: { address: "127.0.0.1", port: port + 1 } },
    },
    soa: { negativeTtlSeconds: 5 },
    // Milliseconds from two networks of clients, for the method Performance.
    latencies: {
        "192.0.2.0/24": { eastus: 12, westus: 80 },
        "198.51.100.0/24": { eastus: 80, westus: 12 },
    },
});

export const addresses = dns.addresses;
export const status = dns.status;
export const timeToDivert = policy.timeToDivert;

/** The line for the zone that is your own. */
export const cname = pulumi.interpolate`www.contoso.example. 300 IN CNAME ${dns.fqdn(policy)}.`;

/** The lines for the zone above, by which resolvers find the name servers. */
export const delegation = dns.nameServers.apply((servers) =>
    Object.values(servers)
        .flatMap(({ hostName, addresses }) => [
            `trafficmanager.example. 300 IN NS ${hostName}.`,
            `cloudapp.example. 300 IN NS ${hostName}.`,
            ...addresses.map((address) => `${hostName}. 300 IN A ${address}`),
        ])
        .join("\n"),
);
