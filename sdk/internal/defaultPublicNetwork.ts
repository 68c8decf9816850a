import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs } from "../docker";
import { PublicNetwork } from "../publicNetwork";

/** Shared by all copies of the package, or two of them would make the network twice. */
const NETWORKS = Symbol.for("pulumi-switchyard/default-public-networks");

type Networks = Record<string, PublicNetwork>;

/**
 * The public network that the cloud services of a stack on one Docker host share, made when the first of them needs it.
 *
 * `host` must be plain: the network's name follows from it.
 */
export function defaultPublicNetwork(docker: DockerArgs | undefined): PublicNetwork {
    const networks = networksOfDeployment();
    const host = docker?.host as string | undefined;
    const name = host === undefined ? "public" : `public-${host}`;
    return (networks[name] ??= new PublicNetwork(name, { docker }));
}

/**
 * One process can run many deployments (inline programs of the Automation API, tests), one after another or side by
 * side. What is new with each of them is the root resource, and in tests with mocks the monitor.
 */
function networksOfDeployment(): Networks {
    const deployment = pulumi.runtime.getStackResource() ?? pulumi.runtime.getMonitor();
    if (!deployment) throw new Error("a cloud service can only be made while Pulumi runs a program");
    const holder = deployment as { [NETWORKS]?: Networks };
    if (!Object.hasOwn(holder, NETWORKS)) Object.defineProperty(holder, NETWORKS, { value: {} });
    return holder[NETWORKS]!;
}
