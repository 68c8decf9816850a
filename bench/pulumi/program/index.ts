// So many machines, shared among so many sets: what `pulumi` itself has to do for a service of this size.
import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const config = new pulumi.Config();
const machines = config.requireNumber("machines");
const sets = config.requireNumber("sets");

const service = new switchyard.CloudService("bench");
const endpoints = Array.from({ length: sets }, (_, set) => {
    const members = Array.from({ length: machines / sets }, (_, member) => {
        const name = `web${set + 1}-${member + 1}`;
        return new switchyard.VirtualMachine(name, {
            cloudService: service,
            image: config.require("image"),
            size: { memory: "32MiB" },
        });
    });
    return new switchyard.LoadBalancedSet(`http${set + 1}`, {
        protocol: "tcp",
        publicPort: 8001 + set,
        privatePort: 8080,
        virtualMachines: members,
        probe: { protocol: "http", path: "/healthz", intervalSeconds: 5 },
    });
});
new switchyard.LoadBalancer("bench", { cloudService: service, endpoints });
