// Services, machines, sets and name servers as the file beside it, named after the stack, describes them.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const shape = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));
const each = (map, make) =>
    Object.fromEntries(Object.entries(map ?? {}).map(([name, args]) => [name, make(name, args)]));

const services = each(shape.services, (name, args) => new switchyard.CloudService(name, args));
const machines = {
    ...each(
        shape.machines,
        (name, { service, ...args }) =>
            new switchyard.VirtualMachine(name, { cloudService: services[service], ...args }),
    ),
    ...each(shape.guests, (name, { service, ...args }) =>
        switchyard.VirtualMachine.fromContainer(name, { cloudService: services[service], ...args }),
    ),
};
const member = (given) => {
    const { machine, ...share } = typeof given === "string" ? { machine: given } : given;
    return { virtualMachine: machines[machine], ...share };
};
const sets = each(shape.sets, (name, { service, members, formerly, ...args }) => ({
    service,
    set: new switchyard.LoadBalancedSet(
        name,
        { ...args, virtualMachines: members.map(member) },
        formerly ? { aliases: [{ name: formerly }] } : {},
    ),
}));
each(services, (name, cloudService) => {
    const endpoints = Object.values(sets).flatMap(({ service, set }) => (service === name ? [set] : []));
    return new switchyard.LoadBalancer(name, { cloudService, endpoints, ...shape.balancer });
});

const policies = each(
    shape.policies,
    (name, { endpoints, ...args }) =>
        new switchyard.TrafficPolicy(name, {
            ...args,
            endpoints: each(endpoints, (_, { service, ...endpoint }) => ({
                ...(service ? { cloudService: services[service] } : {}),
                ...endpoint,
            })),
        }),
);
if (shape.dns) {
    const dns = new switchyard.TrafficManager("dns", { policies: Object.values(policies), ...shape.dns });
    exports.nameServers = dns.addresses;
}
exports.virtualIps = each(services, (_, { virtualIp }) => virtualIp);
exports.gateways = each(services, (_, { gateway }) => gateway);
