// Two cloud services on two Docker hosts, and a traffic policy over both. The file beside it, named after the stack, says where.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const { image, hosts, dnsPort } = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));

const services = Object.entries(hosts).map(([name, { docker, address, port }]) => {
    // Named by itself, so that the way to its host may change.
    const publicNetwork = new switchyard.PublicNetwork(`public-${name}`, { docker });
    const cloudService = new switchyard.CloudService(name, {
        docker,
        publicNetwork,
        publish: { address, ports: [`${port}:80`] },
        advertisedAddress: address,
    });
    const web = new switchyard.VirtualMachine(`web-${name}`, { cloudService, image });
    const http = new switchyard.LoadBalancedSet(`http-${name}`, {
        protocol: "tcp",
        publicPort: 80,
        privatePort: 8080,
        virtualMachines: [web],
        probe: { protocol: "http", path: "/healthz", intervalSeconds: 1 },
    });
    new switchyard.LoadBalancer(name, { cloudService, endpoints: [http] });
    return [name, { cloudService, alwaysServe: true }];
});

const policy = new switchyard.TrafficPolicy("contoso", {
    method: "RoundRobin",
    endpoints: Object.fromEntries(services),
});
new switchyard.TrafficManager("dns", {
    domain: "trafficmanager.example",
    cloudServiceDomain: "cloudapp.example",
    policies: [policy],
    publish: { address: "127.0.0.1", port: dnsPort },
});
