import type * as pulumi from "@pulumi/pulumi";
import type { Earlier } from "../../model/resources/earlier";
import { problemsOfDocker, type DockerArgs, type DockerProvider } from "../docker";
import { existingName, type ExistingNetwork } from "../existing";
import { PublicNetwork } from "../publicNetwork";
import { factsOf } from "./brand";
import { declaredBefore } from "./earlier";
import type { Problem } from "./problems";
import { hostIsEventual, hostOf, sharedByDeployment } from "./shared";

interface Choice {
    readonly publicNetwork?: PublicNetwork | pulumi.Input<string> | ExistingNetwork | undefined;
    readonly docker?: DockerArgs | DockerProvider | undefined;
}

/** The public network that `owner` asks for, or the one that a stack's resources on a Docker host share. */
export function choosePublicNetwork(
    owner: string,
    { publicNetwork, docker }: Choice,
    child: pulumi.CustomResourceOptions,
): PublicNetwork {
    if (publicNetwork === undefined) return defaultPublicNetwork(docker);
    if (PublicNetwork.isInstance(publicNetwork)) return publicNetwork;
    return new PublicNetwork(`${owner}-public`, { existing: existingName(publicNetwork), docker }, child);
}

const RUNTIMES = ["gateways", "name servers"] as const;

/** Those that have an address on the network before one of `runtimes` gets its own. */
export function addressedBefore(
    publicNetwork: PublicNetwork,
    runtimes: (typeof RUNTIMES)[number],
    name: string,
    given: pulumi.Input<string> | undefined,
): Earlier[] | undefined {
    const { place } = factsOf(publicNetwork, "PublicNetwork")!;
    const declare = (among: string) => declaredBefore(`${among} of ${place}`, name, given);
    // By default, gateways and name servers have ranges of their own; who is given an address may be in either.
    if (given !== undefined) RUNTIMES.filter((others) => others !== runtimes).forEach(declare);
    return declare(runtimes);
}

/** What keeps it from being chosen; `path` leads to what was given. */
export function problemsOfPublicNetwork({ publicNetwork, docker }: Choice, path = ""): Problem[] {
    const problems = problemsOfDocker(docker, path);
    if (problems.length > 0) return problems;
    if (publicNetwork !== undefined || !hostIsEventual(docker)) return [];
    return [
        `${path}publicNetwork: is required when docker.host is an Output: the default network is named after the host ` +
            "(give a plain docker.host or a publicNetwork)",
    ];
}

function defaultPublicNetwork(docker: DockerArgs | DockerProvider | undefined): PublicNetwork {
    const name = `public${hostOf(docker)}`;
    return sharedByDeployment("default-public-networks", name, () => new PublicNetwork(name, { docker }));
}
