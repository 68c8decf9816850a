import * as pulumi from "@pulumi/pulumi";
import { objectBaseName } from "../../model/names";
import { defaultAddresses, isReachableByOthers } from "../../model/network/addresses";
import type { DockerArgs, DockerProvider } from "../docker";
import { choosePublicNetwork } from "../internal/publicNetworkOf";
import type { PublicNetwork } from "../publicNetwork";
import type { DnsServerArgs, TrafficManagerArgs } from "./managerArgs";

/** A server, and all that the others must know of it before it is made. */
export interface ServerPlan {
    readonly name: string;
    /** Of its resource. */
    readonly resource: string;
    /** Of a resource that is a part of it: it is known by its name of before, too. */
    readonly options: (part?: string) => pulumi.CustomResourceOptions;
    readonly docker: DockerArgs | DockerProvider | undefined;
    readonly publicNetwork: PublicNetwork;
    readonly address: pulumi.Input<string>;
    readonly publish: DnsServerArgs["publish"];
    readonly nameServer: NameServerInputs;
}

/** What the zones say of a server. */
export interface NameServerInputs {
    hostName: pulumi.Input<string>;
    addresses: pulumi.Input<string>[];
}

/**
 * Every server's zones name all servers, but one is made after the other: so where they will be is told here, and not
 * by those that are made.
 */
export function planServers(
    manager: string,
    args: TrafficManagerArgs,
    child: pulumi.CustomResourceOptions,
    aliases: pulumi.ResourceOptions["aliases"],
): ServerPlan[] {
    const before = nameBefore(aliases) ?? manager;
    const servers = Object.entries(serversOf(args));
    const taken = servers.flatMap(([, { address }]) => (address === undefined ? [] : [address]));
    return servers.map(([name, server]) => {
        const resource = `${manager}-${name}`;
        const { docker, publish, formerName, hostName = pulumi.interpolate`${name}.${args.domain}` } = server;
        const formerly = formerName === undefined ? undefined : `${manager}-${formerName}`;
        const options = (part = ""): pulumi.CustomResourceOptions => ({
            ...child,
            ...(formerly !== undefined && { aliases: [{ name: `${formerly}${part}` }] }),
        });
        const publicNetwork = choosePublicNetwork(resource, server, options("-public"));
        const named = `${before}-${formerName ?? name}`;
        const address = server.address ?? addressIn(publicNetwork.addressSpace, named, [...taken]);
        if (server.address === undefined) taken.push(address);
        const nameServer = { hostName, addresses: [advertised(server, address)] };
        return { name, resource, options, docker, publicNetwork, address, publish, nameServer };
    });
}

export function serversOf({ servers, publish }: TrafficManagerArgs): Record<string, DnsServerArgs> {
    return servers ?? { ns1: { publish } };
}

/** A traffic manager with another name keeps the addresses that follow from its first one. */
function nameBefore(aliases: pulumi.ResourceOptions["aliases"]): string | undefined {
    if (!Array.isArray(aliases)) return undefined;
    const plain = aliases.filter((alias): alias is pulumi.Alias => typeof alias === "object" && alias !== null);
    return plain.map(({ name }) => name).find((name) => typeof name === "string");
}

/** None that another server has. */
function addressIn(
    addressSpace: pulumi.Output<string>,
    resource: string,
    taken: pulumi.Input<string>[],
): pulumi.Output<string> {
    const name = objectBaseName({ stack: pulumi.getStack(), project: pulumi.getProject(), name: resource });
    return pulumi.all([addressSpace, pulumi.all(taken)]).apply(([range, others]) => {
        const candidates = defaultAddresses(name, range, "nameServers");
        return candidates.find((candidate) => !others.includes(candidate)) ?? candidates[0]!;
    });
}

function advertised(
    { advertisedAddress, publish }: DnsServerArgs,
    address: pulumi.Input<string>,
): pulumi.Input<string> {
    if (advertisedAddress !== undefined || publish === undefined) return advertisedAddress ?? address;
    return pulumi
        .all([pulumi.output(publish).address, address])
        .apply(([published, own]) => (published !== undefined && isReachableByOthers(published) ? published : own));
}
