import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs, DockerProvider } from "../docker";
import { properties, typeToken } from "../internal/dynamic";
import { declaredBefore } from "../internal/earlier";

export interface PrivateNetworkArgs {
    addressSpace?: pulumi.Input<string>;
    /** Docker gives a gateway's default route to the network whose name comes first, which must be the public one. */
    sortsAfter: pulumi.Input<string>;
    docker?: pulumi.Input<DockerArgs> | DockerProvider;
}

/** The bridge on which a cloud service's virtual machines are; nothing but its gateway reaches them there. */
export class PrivateNetwork extends pulumi.CustomResource {
    declare readonly name: pulumi.Output<string>;
    declare readonly addressSpace: pulumi.Output<string>;
    /** The default route of every machine; the agent gives the gateway this address. */
    declare readonly gatewayAddress: pulumi.Output<string>;
    /** The address of internal sets, which the gateway has too. */
    declare readonly internalVirtualIp: pulumi.Output<string>;

    constructor(name: string, args: PrivateNetworkArgs, options: pulumi.CustomResourceOptions) {
        const inputs = {
            earlier: declaredBefore("private networks", name, args.addressSpace),
            name: undefined,
            gatewayAddress: undefined,
            internalVirtualIp: undefined,
            addressSpace: undefined,
            ...args,
        };
        super(
            typeToken("PrivateNetwork"),
            name,
            properties("PrivateNetwork", name, inputs, ["networkId"], options),
            options,
        );
    }
}
