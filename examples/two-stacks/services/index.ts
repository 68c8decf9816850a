import * as switchyard from "pulumi-switchyard";

// On one machine, who probes a VIP must be on its network. Where your services have addresses that their clients
// reach anyway (of a macvlan network, or `advertisedAddress`), nobody else needs to know the network.
const lan = new switchyard.PublicNetwork("lan");

/** A cloud service with one web server, and what others must know of it. */
function deploy(name: string, location: string) {
    const { cloudService } = switchyard.VirtualMachine.fromGallery(`${name}-web`, {
        image: "web",
        cloudService: { name, publicNetwork: lan, location },
        endpoints: { http: switchyard.wellKnown.http },
    });
    return { address: cloudService.advertisedAddress, location };
}

export const network = lan.name;
export const east = deploy("contoso-east", "eastus");
export const west = deploy("contoso-west", "westus");
