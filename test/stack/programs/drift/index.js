// A balanced service and a name for it; the file beside it, named after the stack, says which containers machines adopt.
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
new switchyard.LoadBalancer("service", {
    cloudService: service,
    endpoints: [http],
    waitSeconds: shape.waitSeconds ?? 60,
});
const www = new switchyard.TrafficPolicy("www", {
    method: "RoundRobin",
    endpoints: { a: { address: "192.0.2.1", alwaysServe: true } },
});
new switchyard.TrafficManager("dns", { domain: "trafficmanager.example", policies: [www] });
