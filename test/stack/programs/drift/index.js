// A balanced service and a name for it; the file beside it, named after the stack, says which containers machines adopt,
// and names a container made elsewhere where there is to be one resource at least of each type.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const shape = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));

const service = new switchyard.CloudService("service", {
    publish: { address: "127.0.0.1", ports: [`${shape.port}:80`] },
});
const machines = shape.machines.map(
    (name) =>
        new switchyard.VirtualMachine(name, {
            cloudService: service,
            image: shape.image,
            size: { memory: "128MiB" },
            environment: { TOKEN: pulumi.secret("hush-hush") },
            adopt: shape.adopt?.[name],
        }),
);
const http = new switchyard.LoadBalancedSet("http", {
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
    virtualMachines: machines,
    probe: { protocol: "http", path: "/healthz", intervalSeconds: shape.intervalSeconds },
    drainSeconds: 1,
});
const others = shape.guest ? besides(shape.guest) : [];
new switchyard.LoadBalancer("service", {
    cloudService: service,
    endpoints: [http, ...others],
    waitSeconds: shape.waitSeconds ?? 60,
});
const www = new switchyard.TrafficPolicy("www", {
    method: "RoundRobin",
    endpoints: { a: { address: shape.address ?? "192.0.2.1", alwaysServe: true } },
});
new switchyard.TrafficManager("dns", { domain: "trafficmanager.example", policies: [www] });

function besides(container) {
    new switchyard.GalleryImage("debian", { image: "debian" });
    const guest = switchyard.VirtualMachine.fromContainer("guest", { cloudService: service, container });
    return [
        new switchyard.Endpoint("legacy", {
            virtualMachine: guest,
            protocol: "tcp",
            publicPort: 81,
            privatePort: 8080,
        }),
        new switchyard.EndpointPool("ssh", {
            virtualMachines: machines,
            protocol: "tcp",
            publicPorts: "2201-2210",
            privatePort: 22,
        }),
    ];
}
