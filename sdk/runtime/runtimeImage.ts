import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs, DockerProvider } from "../docker";
import { properties, typeToken } from "../internal/dynamic";

export interface RuntimeImageInputs {
    /** That of a gateway, unless it is said. */
    runtime?: "dns";
    docker?: pulumi.Input<DockerArgs> | DockerProvider;
}

/** The image of a runtime, built on the target host and named by what is in it. */
export class RuntimeImage extends pulumi.CustomResource {
    declare readonly name: pulumi.Output<string>;

    constructor(name: string, args: RuntimeImageInputs, options: pulumi.CustomResourceOptions) {
        const inputs = { name: undefined, ...args };
        super(typeToken("RuntimeImage"), name, properties("RuntimeImage", name, inputs, [], options), options);
    }
}
