import * as pulumi from "@pulumi/pulumi";
import type { PublishedAddress } from "../../model/resources/publishedAddress";
import type { DockerArgs, DockerProvider } from "../docker";
import { properties, typeToken } from "../internal/dynamic";
import type { DnsPublishArgs } from "../traffic/managerArgs";

export interface DnsServerInputs {
    image: pulumi.Input<string>;
    volume: pulumi.Input<string>;
    publicNetwork: pulumi.Input<string>;
    publicSubnet: pulumi.Input<string>;
    address: pulumi.Input<string>;
    publish?: pulumi.Input<DnsPublishArgs>;
    resolvers?: pulumi.Input<pulumi.Input<string>[]>;
    docker?: pulumi.Input<DockerArgs> | DockerProvider;
}

/** The container in which gdnsd answers, and the agent that drives it. */
export class DnsServer extends pulumi.CustomResource {
    declare readonly name: pulumi.Output<string>;
    declare readonly address: pulumi.Output<string>;
    declare readonly publishedAddresses: pulumi.Output<PublishedAddress[]>;

    constructor(name: string, args: DnsServerInputs, options: pulumi.CustomResourceOptions) {
        const inputs = { name: undefined, ...args };
        super(
            typeToken("DnsServer"),
            name,
            properties("DnsServer", name, inputs, ["containerId", "publishedAddresses"], options),
            options,
        );
    }
}
