import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const config = new pulumi.Config();
const port = config.requireNumber("port");

// A private network with one public address (VIP), two ports of which are open on this machine's loopback too.
const contoso = new switchyard.CloudService("contoso", {
    publish: { address: "127.0.0.1", ports: [`${port}:80`, `${port + 1}:8081`] },
});

// Three web servers. Each answers with its own name.
const web = ["web1", "web2", "web3"].map(
    (name) =>
        new switchyard.VirtualMachine(name, {
            cloudService: contoso,
            image: config.require("image"),
            size: { memory: "64MiB" },
        }),
);

// One public port for all three: new connections go to those that pass the probe.
const http = new switchyard.LoadBalancedSet("http", {
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
    virtualMachines: web,
    probe: { protocol: "http", path: "/healthz", intervalSeconds: 1 },
});

// Another for the first of them alone.
const first = new switchyard.Endpoint("first", {
    virtualMachine: web[0],
    protocol: "tcp",
    publicPort: 8081,
    privatePort: 8080,
});

// Nothing is served until a load balancer applies it, whole or not at all.
new switchyard.LoadBalancer("contoso", { cloudService: contoso, endpoints: [http, first] });

export const url = `http://127.0.0.1:${port}`;
export const urlOfFirst = `http://127.0.0.1:${port + 1}`;
export const virtualIp = contoso.virtualIp;
export const gateway = contoso.gateway;
