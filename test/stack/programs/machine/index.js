// Two machines behind one port, of which the first is all that the file beside it, named after the stack, says.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const shape = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));

const service = new switchyard.CloudService("service", {
    addressSpace: shape.addressSpace,
    publish: { address: "127.0.0.1", ports: [`${shape.port}:80`] },
});
const db = new switchyard.VirtualMachine("db", {
    cloudService: service,
    image: shape.image,
    size: shape.size,
    privateAddress: shape.privateAddress,
    disks: { "/data": `${pulumi.getStack()}-data` },
    userData: { "/etc/token": { content: pulumi.secret(shape.token), mode: "0600" } },
    stopSignal: "SIGQUIT",
});
const web = new switchyard.VirtualMachine("web", { cloudService: service, image: shape.webImage });
const http = new switchyard.LoadBalancedSet("http", {
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
    virtualMachines: [db, web],
    probe: { protocol: "http", path: "/healthz", intervalSeconds: 0.25 },
    drainSeconds: 2,
});
new switchyard.LoadBalancer("service", { cloudService: service, endpoints: [http], waitSeconds: 60 });
