import * as pulumi from "@pulumi/pulumi";
import type { CloudService } from "./cloudService";
import { containerReference, isNoContainer, type ExistingContainer } from "./existing";
import { brand, factsOf, kindOf } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { describe, notA, problemsOfArguments, refuse, type Problem, type Properties } from "./internal/problems";

/** Which container becomes a machine, and of which cloud service. */
export interface FromContainerArgs {
    /** The cloud service that the container joins. A change replaces the attachment, never the container. */
    cloudService: CloudService;

    /**
     * The container: its name, or a `docker.Container` of `@pulumi/docker`. It runs on the cloud service's Docker host,
     * on a network of its own (not `host`, `none` or another container's), and is in no other cloud service. A change
     * of the name replaces the attachment; a container made anew under the same name is attached in place.
     *
     * The plugin of `@pulumi/docker` removes a `docker.Container` before it makes the one that replaces it. The
     * container then leaves its sets first: it is sent nothing new, and what it has begun may end within
     * `drainSeconds`. Of a set's containers that change in one update all go at once, unless each but the first has the
     * one before among its `dependsOn`, or all have the option `deleteBeforeReplace: false`: such a one, without a
     * `name` and published ports of its own, is replaced as a machine is, beside the old one.
     *
     * @example "legacy"
     */
    container: pulumi.Input<string> | ExistingContainer;

    /**
     * The name by which the other machines of the cloud service reach it: at most 63 letters, digits, `-` and `_`. A
     * change takes effect in place: the machine leaves the network for a moment, and its connections end.
     *
     * @default the name in the program
     */
    alias?: pulumi.Input<string>;
}

/** A machine that something else made. To endpoints and sets it is a `VirtualMachine` like any other. */
export class AttachedContainer extends pulumi.CustomResource {
    readonly containerName: pulumi.Output<string>;
    declare readonly containerId: pulumi.Output<string>;
    declare readonly address: pulumi.Output<string>;

    constructor(name: string, args: FromContainerArgs, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("ContainerAttachment");
        refuse(problemsOfArguments(args, PROPERTIES, problemsOf), type, name, options);
        const { cloudService, container, alias = name } = args;
        const inputs = {
            alias,
            ...containerReference(container),
            network: cloudService.privateNetwork,
            gateway: cloudService.gateway,
            docker: factsOf(cloudService, "CloudService")?.docker,
        };
        super(type, name, properties("ContainerAttachment", name, inputs, ["address"], options), options);
        this.containerName = (this as unknown as { container: pulumi.Output<string> }).container;
        // Whoever made it decides whether it runs; sets want it to.
        const machine = { container: this.containerName, state: pulumi.output("running") };
        brand(this, "VirtualMachine", { name, cloudService, machine });
    }
}

const PROPERTIES: Properties<FromContainerArgs> = {
    cloudService: true,
    container: true,
    alias: true,
};

function problemsOf({ cloudService, container }: FromContainerArgs): Problem[] {
    const problems = notA("CloudService", "cloudService", cloudService);
    if (container === undefined || container === null) problems.push("container: is required");
    else if (kindOf(container) || isNoContainer(container))
        problems.push(`container: must be a container's name or a docker.Container (got ${describe(container)})`);
    return problems;
}
