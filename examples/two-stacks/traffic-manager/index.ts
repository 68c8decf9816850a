import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const config = new pulumi.Config();
const port = config.requireNumber("port");

// Unless it is told another one, prod answers for prod.
const services = new pulumi.StackReference(
    config.get("services") ?? `${pulumi.getOrganization()}/switchyard-two-stacks-services/${pulumi.getStack()}`,
);
const network = services.requireOutput("network") as pulumi.Output<string>;

/** A cloud service of the other stack, as it exports it. */
function cloudService(name: string, output: string): switchyard.CloudServiceReference {
    const { address, location } = services.requireOutput(output) as pulumi.Output<{
        address: string;
        location: string;
    }>;
    return { name, address, location };
}

const contoso = new switchyard.TrafficPolicy("contoso", {
    method: "Failover",
    ttlSeconds: 5,
    monitor: { protocol: "http", path: "/healthz", intervalSeconds: 1, timeoutSeconds: 0.5, toleratedFailures: 1 },
    endpoints: {
        east: { cloudService: cloudService("contoso-east", "east") },
        west: { cloudService: cloudService("contoso-west", "west") },
    },
});

const dns = new switchyard.TrafficManager("contoso", {
    domain: "trafficmanager.example",
    cloudServiceDomain: "cloudapp.example",
    policies: [contoso],
    servers: { ns1: { publicNetwork: network, publish: { address: "127.0.0.1", port } } },
});

export const name = dns.fqdn(contoso);
export const status = dns.status;
