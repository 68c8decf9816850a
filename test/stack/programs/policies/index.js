// A policy of each method, with the options that the file beside it, named after the stack, gives. Nobody is probed.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const shape = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));

const address = (last, options) => ({ address: `192.0.2.${last}`, alwaysServe: true, ...options });
const methods = {
    RoundRobin: { a: address(1), b: address(2) },
    Weighted: { a: address(3), b: address(4) },
    Failover: { a: address(5), b: address(6) },
    Performance: { a: address(7, { location: "eastus" }), b: address(8, { location: "westus" }) },
    Subnet: { a: address(9, { subnets: ["198.51.100.0/24"] }), b: address(10) },
    MultiValue: { a: address(11), b: address(12), c: address(13) },
};

const monitor = shape.token && {
    protocol: "http",
    path: shape.path,
    headers: { Authorization: pulumi.secret(shape.token) },
};
const policies = Object.entries(methods).map(([method, endpoints]) => {
    const { endpoints: changed = {}, ...options } = shape.policies?.[method] ?? {};
    const names = Object.keys({ ...endpoints, ...changed }).filter((name) => changed[name] !== null);
    return new switchyard.TrafficPolicy(method, {
        method,
        monitor,
        endpoints: Object.fromEntries(names.map((name) => [name, { ...endpoints[name], ...changed[name] }])),
        ...options,
    });
});
const outer = new switchyard.TrafficPolicy("outer", {
    method: "Failover",
    endpoints: { nested: { policy: policies[0] } },
});

new switchyard.TrafficManager("dns", {
    domain: "trafficmanager.example",
    policies: [...policies, outer],
    servers: { ns1: {} },
    latencies: { "203.0.113.0/24": { eastus: 12 } },
    ...shape.manager,
});
