import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs, DockerProvider } from "../docker";
import { properties, typeToken } from "../internal/dynamic";
import type { NameServer, TrafficPolicyStatus } from "../traffic/outputs";
import type { Zones } from "../traffic/zones";

export interface DnsConfigurationInputs extends Zones {
    server: pulumi.Input<string>;
    docker?: pulumi.Input<DockerArgs> | DockerProvider;
}

/** What one DNS server serves, resolved, applied whole or not at all. */
export class DnsConfiguration extends pulumi.CustomResource {
    /** Counts the configurations that the server has served. */
    declare readonly revision: pulumi.Output<number>;
    declare readonly nameServers: pulumi.Output<Record<string, NameServer>>;
    /** By name of the policy. */
    declare readonly status: pulumi.Output<Record<string, TrafficPolicyStatus>>;

    constructor(name: string, args: DnsConfigurationInputs, options: pulumi.CustomResourceOptions) {
        const inputs = { overrides: undefined, ...args };
        super(
            typeToken("DnsConfiguration"),
            name,
            properties("DnsConfiguration", name, inputs, ["revision", "status"], options),
            options,
        );
    }
}
