import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const port = new pulumi.Config().requireNumber("port");

const contoso = new switchyard.CloudService("contoso", {
    publish: { address: "127.0.0.1", ports: [`${port}:80`] },
});
const machine = (name: string, userData?: switchyard.VirtualMachineArgs["userData"]) =>
    switchyard.VirtualMachine.fromGallery(name, { image: "web", cloudService: contoso, userData }).virtualMachine;

// Two machines in the place of a database: whatever they are asked, they answer with their names.
const database = new switchyard.LoadBalancedSet("database", {
    protocol: "tcp",
    publicPort: 5432,
    privatePort: 80,
    // The port is not the VIP's but the internal virtual IP's, which only machines of this cloud service reach.
    internal: true,
    virtualMachines: ["database1", "database2"].map((name) => machine(name)),
    probe: { protocol: "http", path: "/healthz", intervalSeconds: 1 },
});

// All that a web server knows of the databases is that address.
const nginx = pulumi.interpolate`
events {}
http {
    server {
        listen 80;
        location = /healthz { return 200; }
        location / {
            add_header Web $hostname;
            proxy_pass http://${contoso.internalVirtualIp}:${database.publicPort};
        }
    }
}
`;
const http = new switchyard.LoadBalancedSet("http", {
    ...switchyard.wellKnown.http,
    virtualMachines: ["web1", "web2"].map((name) => machine(name, { "/etc/nginx/nginx.conf": nginx })),
    probe: { protocol: "http", path: "/healthz", intervalSeconds: 1 },
});

new switchyard.LoadBalancer("contoso", { cloudService: contoso, endpoints: [http, database] });

export const url = `http://127.0.0.1:${port}`;
export const virtualIp = contoso.virtualIp;
export const internalVirtualIp = contoso.internalVirtualIp;
