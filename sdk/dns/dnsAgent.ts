import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs, DockerProvider } from "../docker";
import { properties, typeToken } from "../internal/dynamic";

export interface DnsAgentInputs {
    server: pulumi.Input<string>;
    docker?: pulumi.Input<DockerArgs> | DockerProvider;
}

/** The process in a DNS server that takes configuration and probes; a new release replaces it while gdnsd answers. */
export class DnsAgent extends pulumi.CustomResource {
    /** Name of the server's container, once it has an agent. */
    declare readonly server: pulumi.Output<string>;

    constructor(name: string, args: DnsAgentInputs, options: pulumi.CustomResourceOptions) {
        const inputs = { bundle: undefined, ...args };
        super(typeToken("DnsAgent"), name, properties("DnsAgent", name, inputs, [], options), options);
    }
}
