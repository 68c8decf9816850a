// Step 1: create the first virtual machine, its cloud service and an endpoint, all at once.
import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const port = new pulumi.Config().requireNumber("port");

const { cloudService } = switchyard.VirtualMachine.fromGallery("web1", {
    image: "web",
    cloudService: { name: "contoso", publish: { address: "127.0.0.1", ports: [`${port}:80`] } },
    endpoints: { http: switchyard.wellKnown.http },
});

export const url = `http://127.0.0.1:${port}`;
export const virtualIp = cloudService.virtualIp;
