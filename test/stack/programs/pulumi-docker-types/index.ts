// Everything that takes something of @pulumi/docker, given it: for the compiler, and with mocks to run.
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const provider = new docker.Provider("east", { host: "unix:///var/run/docker.sock" });
const built = new docker.Image("built", { imageName: "contoso/web", build: { context: "." }, skipPush: true });
const pulled = new docker.RemoteImage("pulled", { name: "nginx:1.29", keepLocally: true });
const data = new docker.Volume("data");
const lan = new docker.Network("lan");
const container = new docker.Container("legacy", { image: pulled.imageId });

const service = new switchyard.CloudService("service", { docker: provider, publicNetwork: lan });
new switchyard.PublicNetwork("lan", { docker: provider, existing: lan });
new switchyard.GalleryImage("web", { docker: provider, image: "web" });
new switchyard.TrafficManager("dns", {
    domain: "example.test",
    cloudServiceDomain: "services.test",
    servers: { ns1: { docker: provider, publicNetwork: lan } },
    policies: [],
    cloudServices: [service],
});
const machines = [
    new switchyard.VirtualMachine("of-built", { cloudService: service, image: built, disks: { "/data": data } }),
    new switchyard.VirtualMachine("of-pulled", {
        cloudService: service,
        image: pulled,
        disks: { "/data": { volume: data, readOnly: true } },
    }),
    switchyard.VirtualMachine.fromContainer("legacy", { cloudService: service, container }),
];
new switchyard.LoadBalancedSet("http", { protocol: "tcp", publicPort: 80, virtualMachines: machines });
// On the default network, which is named after the provider.
new switchyard.CloudService("other", { docker: provider });

export const names: pulumi.Output<string>[] = machines.map(({ containerName }) => containerName);
