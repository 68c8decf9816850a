import { defaultAddressSpaces, overlaps } from "../model/network/addresses";
import type { DockerHost } from "../model/resources/docker";
import { isUnknown } from "../model/schema/unknown";
import { chosen, dockerOf } from "./choice";
import type { Claim } from "./claims";
import type { DeriveContext } from "./definition";
import { addressSpacesOf, foreignNetworks } from "./docker/networks";

interface Network {
    readonly docker?: DockerHost | undefined;
    readonly addressSpace?: string | undefined;
}

/** Docker lets no two networks of a host have an address in common. */
export function addressSpaceClaim({ docker }: Network, addressSpace: string): Claim {
    return {
        property: "addressSpace",
        among: `address spaces on ${dockerOf(docker)}`,
        value: addressSpace,
        clashes: (other) => overlaps(other, addressSpace),
    };
}

/** The address space of a network that is given none, for the preview already; a replacement keeps it. */
export async function chosenAddressSpace(
    inputs: Network,
    within: string,
    { identity, urn, olds, host }: DeriveContext<{ addressSpace: string }>,
): Promise<string> {
    const { project, stack, name } = identity;
    return chosen(urn, {
        before: olds?.addressSpace,
        candidates: defaultAddressSpaces(`${project}/${stack}/${name}`, within),
        claim: (space) => addressSpaceClaim(inputs, space),
        async taken() {
            const docker = isUnknown(inputs.docker) ? undefined : await host();
            const foreign = docker ? (await foreignNetworks(docker, identity)).flatMap(addressSpacesOf) : [];
            return (space) => foreign.some((other) => overlaps(other, space));
        },
    });
}
