import { defaultAddressSpaces, overlaps } from "../model/network/addresses";
import { parseUrn } from "../model/names";
import type { DockerHost } from "../model/resources/docker";
import type { Earlier } from "../model/resources/earlier";
import { isUnknown } from "../model/schema/unknown";
import { chosen, dockerOf } from "./choice";
import type { Claim } from "./claims";
import type { DeriveContext } from "./definition";
import { isOfStack, LABEL } from "./docker/labels";
import { addressSpacesOf } from "./docker/networks";

interface Network {
    readonly docker?: DockerHost | undefined;
    readonly addressSpace?: string | undefined;
}

interface Chooser extends Network {
    readonly earlier?: readonly Earlier[] | undefined;
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
    inputs: Chooser,
    within: string,
    { identity, urn, olds, host }: DeriveContext<{ addressSpace: string }>,
): Promise<string> {
    const { project, stack, name } = identity;
    return chosen(urn, {
        before: olds?.addressSpace,
        name,
        earlier: inputs.earlier ?? [],
        candidates: (of) => defaultAddressSpaces(`${project}/${stack}/${of}`, within),
        claim: (space) => addressSpaceClaim(inputs, space),
        async had() {
            const docker = isUnknown(inputs.docker) ? undefined : await host();
            const networks = docker ? await docker.docker.listNetworks() : [];
            return networks.flatMap((network) => {
                const by = isOfStack(network.Labels, identity) ? parseUrn(network.Labels![LABEL.urn]!).name : "";
                return addressSpacesOf(network).map((value) => ({ by, value }));
            });
        },
    });
}
