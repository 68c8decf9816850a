import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const config = new pulumi.Config();
const port = config.requireNumber("port");
const stack = pulumi.getStack();

// Built from the folder beside this file: another text there, and the machines are replaced one beside the other.
const image = new docker.Image("web", {
    imageName: `switchyard-example-with-pulumi-docker:${stack}`,
    build: { context: "web" },
    skipPush: true,
});
const pages = new docker.Volume("pages");
const vips = new docker.Network("vips", { ipamConfigs: [{ subnet: config.require("addresses") }] });
// What ran before there were machines: it stays a container of yours, and becomes a member like any other.
const legacy = new docker.Container("legacy", { image: image.repoDigest }, { deleteBeforeReplace: false });

const contoso = new switchyard.CloudService("contoso", {
    publicNetwork: vips,
    publish: { address: "127.0.0.1", ports: [`${port}:80`] },
});
const web = [1, 2].map(
    (n) =>
        new switchyard.VirtualMachine(`web${n}`, {
            cloudService: contoso,
            image,
            disks: { "/srv/pages": { volume: pages, readOnly: true } },
        }),
);
const old = switchyard.VirtualMachine.fromContainer("legacy", { cloudService: contoso, container: legacy });

const http = new switchyard.LoadBalancedSet("http", {
    ...switchyard.wellKnown.http,
    privatePort: 8080,
    virtualMachines: [...web, old],
    probe: { protocol: "http", path: "/", intervalSeconds: 1 },
});
new switchyard.LoadBalancer("contoso", { cloudService: contoso, endpoints: [http] });

export const url = `http://127.0.0.1:${port}`;
