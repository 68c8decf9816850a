import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const service = new switchyard.CloudService("service", {
    publish: { ports: [80, "8443:443", pulumi.output("53/udp")] },
});
const web = [1, 2].map((n) => new switchyard.VirtualMachine(`web${n}`, { cloudService: service, image: "nginx" }));
const http = new switchyard.LoadBalancedSet("http", { protocol: "tcp", publicPort: 80, virtualMachines: web });
new switchyard.LoadBalancer("service", { cloudService: service, endpoints: [http] });

// @ts-expect-error a machine is in a cloud service
new switchyard.VirtualMachine("lost", { image: "nginx" });
// @ts-expect-error there is no such protocol
new switchyard.Endpoint("sctp", { virtualMachine: web[0], protocol: "sctp", publicPort: 1 });

export const address: pulumi.Output<string> = service.virtualIp;
export const published: pulumi.Output<number> = service.publishedAddresses.apply((ports) => ports.length);
