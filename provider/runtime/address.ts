import { objectBaseName } from "../../model/names";
import { defaultAddresses } from "../../model/network/addresses";
import type { DockerHost } from "../../model/resources/docker";
import { isUnknown, UNKNOWN } from "../../model/schema/unknown";
import { chosen, dockerOf } from "../choice";
import type { Claim } from "../claims";
import type { DeriveContext } from "../definition";
import type { Host } from "../docker/host";

interface Place {
    readonly docker?: DockerHost | undefined;
    readonly publicNetwork: string;
    readonly publicSubnet: string;
}

export function addressClaim(property: string, { docker, publicNetwork }: Place, value: string): Claim {
    return { property, among: `addresses of ${publicNetwork} on ${dockerOf(docker)}`, value };
}

/** The address of a runtime that is given none, for the preview already; a replacement keeps it. */
export async function chosenAddress<Property extends string>(
    property: Property,
    of: "gateways" | "nameServers",
    inputs: Place,
    { identity, urn, olds, host }: DeriveContext<Record<Property, string>>,
): Promise<string> {
    if ([inputs.publicNetwork, inputs.publicSubnet].some(isUnknown)) return UNKNOWN;
    const name = objectBaseName(identity);
    return chosen(urn, {
        before: olds?.[property],
        candidates: defaultAddresses(name, inputs.publicSubnet, of),
        claim: (address) => addressClaim(property, inputs, address),
        async taken() {
            const docker = await host();
            const addresses = docker ? await addressesOnNetwork(docker, inputs.publicNetwork, name) : new Set<string>();
            return (address) => addresses.has(address);
        },
    });
}

/** Addresses that others than `name` have on the network, or will have when they are started. */
async function addressesOnNetwork({ docker }: Host, network: string, name: string): Promise<Set<string>> {
    const containers = await docker.listContainers({ all: true, filters: { network: [network] } });
    const others = containers.filter(({ Names }) => !Names.includes(`/${name}`));
    const addresses = others.flatMap(({ NetworkSettings }) => {
        const endpoint = NetworkSettings.Networks[network];
        const planned = endpoint?.IPAMConfig as { IPv4Address?: string } | null | undefined;
        return [planned?.IPv4Address, endpoint?.IPAddress];
    });
    return new Set(addresses.filter((address) => address !== undefined));
}
