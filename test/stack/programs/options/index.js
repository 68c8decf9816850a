// Three machines behind every kind of endpoint, each with the options that the file beside it, named after the stack, gives.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const shape = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));

const service = new switchyard.CloudService("service", {
    publish: { address: "127.0.0.1", ports: [`${shape.port}:80`] },
});
const web = ["web1", "web2", "web3"].map(
    (name) => new switchyard.VirtualMachine(name, { cloudService: service, image: shape.image }),
);
const tcp = { protocol: "tcp", privatePort: 8080 };
const http = new switchyard.LoadBalancedSet("http", {
    ...tcp,
    publicPort: 80,
    virtualMachines: web.map((virtualMachine, index) => ({ virtualMachine, ...shape.members?.[index] })),
    ...shape.set,
});
const twin = new switchyard.LoadBalancedSet("twin", { ...tcp, publicPort: 81, virtualMachines: web, ...shape.twin });
const inside = new switchyard.LoadBalancedSet("inside", {
    ...tcp,
    publicPort: 82,
    virtualMachines: web,
    ...shape.inside,
});
const one = new switchyard.Endpoint("one", { ...tcp, virtualMachine: web[0], publicPort: 83, ...shape.endpoint });
const each = new switchyard.EndpointPool("each", {
    ...tcp,
    publicPorts: "9001-9009",
    virtualMachines: web,
    ...shape.pool,
});
new switchyard.LoadBalancer("service", {
    cloudService: service,
    endpoints: [http, twin, inside, one, each],
    metrics: shape.metrics,
});

exports.gateway = service.gateway;
exports.internalVirtualIp = service.internalVirtualIp;
exports.ports = each.ports;
