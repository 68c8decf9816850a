import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs } from "../docker";
import { properties, typeToken } from "../internal/dynamic";

/** The image of the gateway, built on the target host and named by what is in it. */
export class RuntimeImage extends pulumi.CustomResource {
    declare readonly name: pulumi.Output<string>;

    constructor(name: string, args: { docker?: pulumi.Input<DockerArgs> }, options: pulumi.CustomResourceOptions) {
        const inputs = { name: undefined, ...args };
        super(typeToken("RuntimeImage"), name, properties("RuntimeImage", name, inputs, [], options), options);
    }
}
