import { objectBaseName } from "../../model/names";
import { defaultAddresses } from "../../model/network/addresses";
import type { DockerHost } from "../../model/resources/docker";
import { isUnknown, UNKNOWN } from "../../model/schema/unknown";
import type { Earlier } from "../../model/resources/earlier";
import { chosen, dockerOf, type Had } from "../choice";
import type { Claim } from "../claims";
import type { DeriveContext } from "../definition";
import { listedName } from "../docker/containers";
import type { Host } from "../docker/host";

interface Place {
    readonly docker?: DockerHost | undefined;
    readonly publicNetwork: string;
    readonly publicSubnet: string;
}

interface Chooser extends Place {
    readonly earlier?: readonly Earlier[] | undefined;
}

export function addressClaim(property: string, { docker, publicNetwork }: Place, value: string): Claim {
    return { property, among: `addresses of ${publicNetwork} on ${dockerOf(docker)}`, value };
}

/** The address of a runtime that is given none, for the preview already; a replacement keeps it. */
export async function chosenAddress<Property extends string>(
    property: Property,
    of: "gateways" | "nameServers",
    { earlier = [], ...inputs }: Chooser,
    { identity, urn, olds, host }: DeriveContext<Record<Property, string>>,
): Promise<string> {
    if ([inputs.publicNetwork, inputs.publicSubnet].some(isUnknown)) return UNKNOWN;
    return chosen(urn, {
        before: olds?.[property],
        name: objectBaseName(identity),
        earlier: earlier.map(({ name, given }) => ({ name: objectBaseName({ ...identity, name }), given })),
        candidates: (name) => defaultAddresses(name, inputs.publicSubnet, of),
        claim: (address) => addressClaim(property, inputs, address),
        async had() {
            const docker = await host();
            return docker ? addressesOnNetwork(docker, inputs.publicNetwork) : [];
        },
    });
}

/** Addresses that containers have on the network, or will have when they are started. */
async function addressesOnNetwork({ docker }: Host, network: string): Promise<Had[]> {
    const containers = await docker.listContainers({ all: true, filters: { network: [network] } });
    return containers.flatMap((container) => {
        const endpoint = container.NetworkSettings.Networks[network];
        const planned = endpoint?.IPAMConfig as { IPv4Address?: string } | null | undefined;
        const by = listedName(container)!;
        return [planned?.IPv4Address, endpoint?.IPAddress].flatMap((value) => (value ? [{ by, value }] : []));
    });
}
