import * as docker from "@pulumi/docker";
import * as switchyard from "pulumi-switchyard";

const volume = new docker.Volume("data");
const network = new docker.Network("lan");
const service = new switchyard.CloudService("service");

// @ts-expect-error a network is no image
new switchyard.VirtualMachine("web1", { cloudService: service, image: network });
// @ts-expect-error a network is no volume
new switchyard.VirtualMachine("web2", { cloudService: service, image: "nginx", disks: { "/data": network } });
// @ts-expect-error a volume is no container
switchyard.VirtualMachine.fromContainer("web3", { cloudService: service, container: volume });
// @ts-expect-error a volume is no host
new switchyard.CloudService("other", { docker: volume });
