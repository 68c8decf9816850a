import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs, DockerProvider } from "../docker";
import { properties, typeToken } from "../internal/dynamic";

export interface BalancerAgentArgs {
    gateway: pulumi.Input<string>;
    docker?: pulumi.Input<DockerArgs> | DockerProvider;
}

/** The process in a gateway that takes configuration and probes; a new release replaces it while traffic flows. */
export class BalancerAgent extends pulumi.CustomResource {
    /** Name of the gateway's container, once it has an agent. */
    declare readonly gateway: pulumi.Output<string>;

    constructor(name: string, args: BalancerAgentArgs, options: pulumi.CustomResourceOptions) {
        const inputs = { bundle: undefined, ...args };
        super(typeToken("BalancerAgent"), name, properties("BalancerAgent", name, inputs, [], options), options);
    }
}
