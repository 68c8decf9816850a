// Step 4: add the other virtual machines to the set.
import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const port = new pulumi.Config().requireNumber("port");

const { cloudService, virtualMachine: web1 } = switchyard.VirtualMachine.fromGallery("web1", {
    image: "web",
    cloudService: { name: "contoso", publish: { address: "127.0.0.1", ports: [`${port}:80`] } },
});
const others = ["web2", "web3"].map(
    (name) => switchyard.VirtualMachine.fromGallery(name, { image: "web", cloudService }).virtualMachine,
);
const http = new switchyard.LoadBalancedSet("http", {
    ...switchyard.wellKnown.http,
    virtualMachines: [web1, ...others],
    probe: { protocol: "http", path: "/healthz", intervalSeconds: 1 },
});
new switchyard.LoadBalancer("contoso", { cloudService, endpoints: [http] });

export const url = `http://127.0.0.1:${port}`;
export const virtualIp = cloudService.virtualIp;
