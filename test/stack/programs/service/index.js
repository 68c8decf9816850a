// A balanced service, as the file beside it that is named after the stack says.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const shape = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));

const service = new switchyard.CloudService("service", {
    addressSpace: shape.addressSpace,
    publish: { address: "127.0.0.1", ports: [`${shape.port}:80`] },
});
const machines = shape.machines.map(
    (name) =>
        new switchyard.VirtualMachine(name, {
            cloudService: service,
            image: shape.image,
            readySeconds: shape.readySeconds,
            state: shape.stopped?.includes(name) ? "stopped" : "running",
            environment: { TOKEN: pulumi.secret(shape.token) },
        }),
);
const http = new switchyard.LoadBalancedSet("http", {
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
    virtualMachines: machines,
    probe: { protocol: "http", path: shape.probePath ?? "/healthz", intervalSeconds: shape.intervalSeconds },
    drainSeconds: shape.drainSeconds ?? 2,
});
new switchyard.LoadBalancer(shape.balancer ?? "service", {
    cloudService: service,
    endpoints: [http],
    waitSeconds: shape.waitSeconds,
});

exports.virtualIp = service.virtualIp;
exports.gateway = service.gateway;
