import type { DockerArgs } from "../docker";
import { PublicNetwork } from "../publicNetwork";
import { hostOf, sharedByDeployment } from "./shared";

/** The public network that the cloud services of a stack on one Docker host share. */
export function defaultPublicNetwork(docker: DockerArgs | undefined): PublicNetwork {
    const name = `public${hostOf(docker)}`;
    return sharedByDeployment("default-public-networks", name, () => new PublicNetwork(name, { docker }));
}
