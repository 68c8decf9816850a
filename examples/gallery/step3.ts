// Step 3: create a load-balanced set with the first machine, in place of its endpoint. One atomic change, no request fails.
import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const port = new pulumi.Config().requireNumber("port");

const { cloudService, virtualMachine: web1 } = switchyard.VirtualMachine.fromGallery("web1", {
    image: "web",
    cloudService: { name: "contoso", publish: { address: "127.0.0.1", ports: [`${port}:80`] } },
});
for (const name of ["web2", "web3"]) {
    switchyard.VirtualMachine.fromGallery(name, { image: "web", cloudService });
}
const http = new switchyard.LoadBalancedSet("http", {
    ...switchyard.wellKnown.http,
    virtualMachines: [web1],
    probe: { protocol: "http", path: "/healthz", intervalSeconds: 1 },
});
// The one that the endpoint had, by the cloud service's name. It is the program's now, and applies all that it lists.
new switchyard.LoadBalancer("contoso", { cloudService, endpoints: [http] });

export const url = `http://127.0.0.1:${port}`;
export const virtualIp = cloudService.virtualIp;
