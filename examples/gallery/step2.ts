// Step 2: create more virtual machines in the same cloud service. The first alone serves.
import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const port = new pulumi.Config().requireNumber("port");

const { cloudService } = switchyard.VirtualMachine.fromGallery("web1", {
    image: "web",
    cloudService: { name: "contoso", publish: { address: "127.0.0.1", ports: [`${port}:80`] } },
    endpoints: { http: switchyard.wellKnown.http },
});
for (const name of ["web2", "web3"]) {
    switchyard.VirtualMachine.fromGallery(name, { image: "web", cloudService });
}

export const url = `http://127.0.0.1:${port}`;
export const virtualIp = cloudService.virtualIp;
