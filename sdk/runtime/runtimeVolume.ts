import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs, DockerProvider } from "../docker";
import { properties, typeToken } from "../internal/dynamic";

/** What outlives the container of a runtime: the configuration it serves, the last known health, the agent's bundles. */
export class RuntimeVolume extends pulumi.CustomResource {
    declare readonly name: pulumi.Output<string>;

    constructor(
        name: string,
        args: { docker?: pulumi.Input<DockerArgs> | DockerProvider },
        options: pulumi.CustomResourceOptions,
    ) {
        const inputs = { name: undefined, ...args };
        super(typeToken("RuntimeVolume"), name, properties("RuntimeVolume", name, inputs, [], options), options);
    }
}
