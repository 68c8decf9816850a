import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const config = new pulumi.Config();
const port = config.requireNumber("port");

const lan = new switchyard.PublicNetwork("lan");
const contoso = new switchyard.CloudService("contoso", {
    publicNetwork: lan,
    publish: { address: "127.0.0.1", ports: [`${port}-${port + 1}:2201-2202`] },
});

// Of the rules that hold for a client, the one with the lowest order decides. For whom none holds, as for all the world
// outside the lan, is denied too, because there is a permit.
const acl: switchyard.AclRuleArgs[] = [
    { order: 100, action: "deny", remoteSubnet: config.require("blocked"), description: "lost laptop" },
    { order: 200, action: "permit", remoteSubnet: lan.addressSpace, description: "lan, and so this host" },
];

const ssh = ["web1", "web2"].map((name, index) => {
    const virtualMachine = new switchyard.VirtualMachine(name, {
        cloudService: contoso,
        image: config.require("image"),
        userData: { "/root/.ssh/authorized_keys": config.require("publicKey") + "\n" },
    });
    return new switchyard.Endpoint(`${name}-ssh`, {
        virtualMachine,
        ...switchyard.wellKnown.ssh,
        publicPort: 2201 + index,
        acl,
    });
});

new switchyard.LoadBalancer("contoso", { cloudService: contoso, endpoints: ssh });

export const virtualIp = contoso.virtualIp;
export const addressSpace = lan.addressSpace;
