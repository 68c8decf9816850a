import * as pulumi from "@pulumi/pulumi";
import { objectBaseName } from "../../model/names";
import { defaultAddresses, isReachableByOthers } from "../../model/network/addresses";
import type { Earlier } from "../../model/resources/earlier";
import type { DockerArgs, DockerProvider } from "../docker";
import { addressedBefore, choosePublicNetwork } from "../internal/publicNetworkOf";
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
    const servers = Object.entries(serversOf(args)).map(([name, server]) => {
        const resource = `${manager}-${name}`;
        const { formerName } = server;
        const formerly = formerName === undefined ? undefined : `${manager}-${formerName}`;
        const options = (part = ""): pulumi.CustomResourceOptions => ({
            ...child,
            ...(formerly !== undefined && { aliases: [{ name: `${formerly}${part}` }] }),
        });
        const publicNetwork = choosePublicNetwork(resource, server, options("-public"));
        return { name, server, resource, options, publicNetwork, first: `${before}-${formerName ?? name}` };
    });
    const addresses = addressesOf(servers);
    return servers.map(({ name, server, resource, options, publicNetwork }, index) => {
        const { docker, publish, hostName = pulumi.interpolate`${name}.${args.domain}` } = server;
        const address = addresses[index]!;
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

interface Addressed {
    readonly server: DnsServerArgs;
    readonly publicNetwork: PublicNetwork;
    /** The name that it was made with. */
    readonly first: string;
}

/** Where each server is: none has an address of another one, nor of what the program declares before on its network. */
function addressesOf(servers: readonly Addressed[]): pulumi.Input<string>[] {
    const declare = ({ publicNetwork, first, server }: Addressed) =>
        addressedBefore(publicNetwork, "name servers", first, server.address);
    const taken = servers.flatMap(({ server: { address } }) => (address === undefined ? [] : [address]));
    servers.filter(({ server }) => server.address !== undefined).forEach(declare);
    return servers.map((addressed) => {
        const { server, publicNetwork, first } = addressed;
        if (server.address !== undefined) return server.address;
        const address = addressIn(publicNetwork.addressSpace, first, declare(addressed) ?? [], [...taken]);
        taken.push(address);
        return address;
    });
}

/** Those before choose in the order of the program, so that each has what it had without those after it. */
function addressIn(
    addressSpace: pulumi.Output<string>,
    resource: string,
    earlier: readonly Earlier[],
    siblings: pulumi.Input<string>[],
): pulumi.Output<string> {
    const program = { stack: pulumi.getStack(), project: pulumi.getProject() };
    return pulumi.all([addressSpace, pulumi.all(siblings)]).apply(([range, others]) => {
        const firstFree = (who: string, taken: readonly string[]) => {
            const candidates = defaultAddresses(objectBaseName({ ...program, name: who }), range, "nameServers");
            return candidates.find((candidate) => !taken.includes(candidate)) ?? candidates[0]!;
        };
        const taken: string[] = [];
        for (const { name, given } of earlier) taken.push(given ?? firstFree(name, taken));
        return firstFree(resource, [...taken, ...others]);
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
