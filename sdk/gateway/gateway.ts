import * as pulumi from "@pulumi/pulumi";
import type { PublishArgs } from "../publish";
import type { DockerArgs, DockerProvider } from "../docker";
import { properties, typeToken } from "../internal/dynamic";
import type { Earlier } from "../../model/resources/earlier";
import type { PublishedAddress } from "../../model/resources/publishedAddress";

export interface GatewayArgs {
    image: pulumi.Input<string>;
    volume: pulumi.Input<string>;
    publicNetwork: pulumi.Input<string>;
    publicSubnet: pulumi.Input<string>;
    virtualIp?: pulumi.Input<string>;
    /** Of the same public network. */
    earlier: Earlier[] | undefined;
    privateNetwork: pulumi.Input<string>;
    privateSubnet: pulumi.Input<string>;
    privateGateway: pulumi.Input<string>;
    internalVirtualIp: pulumi.Input<string>;
    publish?: pulumi.Input<PublishArgs>;
    docker?: pulumi.Input<DockerArgs> | DockerProvider;
}

/** The container between the two networks: the VIP, the kernel's rules that balance, and the agent that drives them. */
export class Gateway extends pulumi.CustomResource {
    declare readonly name: pulumi.Output<string>;
    declare readonly virtualIp: pulumi.Output<string>;
    declare readonly publishedAddresses: pulumi.Output<PublishedAddress[]>;

    constructor(name: string, args: GatewayArgs, options: pulumi.CustomResourceOptions) {
        const inputs = { name: undefined, virtualIp: undefined, ...args };
        super(
            typeToken("Gateway"),
            name,
            properties("Gateway", name, inputs, ["containerId", "publishedAddresses"], options),
            options,
        );
    }
}
