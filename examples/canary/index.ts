import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const config = new pulumi.Config();
const port = config.requireNumber("port");
const canary = config.requireNumber("canary");

const contoso = new switchyard.CloudService("contoso", {
    publish: { address: "127.0.0.1", ports: [`${port}:80`] },
});

// A version: its machines, and its share of the connections. Yours would differ in their images; these answer with
// their names.
const version = (name: string, weight: number) =>
    [`${name}-a`, `${name}-b`].map((machine) => {
        const { virtualMachine } = switchyard.VirtualMachine.fromGallery(machine, {
            image: "web",
            cloudService: contoso,
        });
        return { virtualMachine, weight };
    });

const http = new switchyard.LoadBalancedSet("http", {
    ...switchyard.wellKnown.http,
    virtualMachines: [...version("v1", 100 - canary), ...version("v2", canary)],
    probe: { protocol: "http", path: "/healthz", intervalSeconds: 1 },
});

new switchyard.LoadBalancer("contoso", { cloudService: contoso, endpoints: [http] });

export const url = `http://127.0.0.1:${port}`;
