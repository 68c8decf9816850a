import type { z } from "zod";
import { addressAt, overlaps } from "../model/network/addresses";
import { dockerNamePart } from "../model/names";
import { publicNetwork as schema, type PublicNetworkState } from "../model/resources/network";
import { isUnknown, UNKNOWN } from "../model/schema/unknown";
import { addressSpaceClaim, chosenAddressSpace } from "./addressSpace";
import type { Definition } from "./definition";
import type { Host } from "./docker/host";
import {
    addressSpacesOf,
    createNetwork,
    inspectNetwork,
    isNetworkNameFree,
    overlapping,
    removeNetwork,
} from "./docker/networks";
import { sweep } from "./docker/sweep";
import { isElsewhere } from "./engines";

const DEFAULT_SPACE = "10.224.0.0/12";

interface Outputs {
    readonly networkId: string;
}

export const publicNetwork: Definition<z.output<typeof schema>, PublicNetworkState, Outputs> = {
    type: "PublicNetwork",
    schema,
    outputs: ["networkId"],
    replaceOn: ["existing", "addressSpace", "docker"],
    // Docker lets no two networks of an engine have an address in common.
    deleteBeforeReplace: (olds, news) =>
        !isElsewhere(olds, news) &&
        olds.existing === undefined &&
        news.existing === undefined &&
        !isUnknown(news.addressSpace) &&
        overlaps(olds.addressSpace, news.addressSpace),

    async derive({ earlier, ...inputs }, context) {
        const { olds, host } = context;
        if (inputs.existing === undefined) {
            const addressSpace =
                inputs.addressSpace ?? (await chosenAddressSpace({ ...inputs, earlier }, DEFAULT_SPACE, context));
            return { ...inputs, addressSpace };
        }
        if (isUnknown(inputs.existing)) return { ...inputs, addressSpace: UNKNOWN };
        // Docker decides about a network that exists; without it a preview tells what it can.
        const docker = await host();
        const found = docker && (await addressSpaceOf(docker, inputs.existing));
        const before = olds?.existing === inputs.existing ? olds.addressSpace : undefined;
        return { ...inputs, addressSpace: found ?? before ?? UNKNOWN };
    },

    // Docker gives a gateway the default route and the published ports of its first network by name.
    name: ({ existing }, { identity, generation }) =>
        existing ?? `${dockerNamePart(identity.stack)}-0-${dockerNamePart(identity.name)}-${generation}`,

    isFree: async (host, name, owner, { existing }) =>
        existing !== undefined || (await isNetworkNameFree(host, name, owner)),

    claims: (inputs) => (inputs.existing === undefined ? [addressSpaceClaim(inputs, inputs.addressSpace)] : []),

    async refuse({ existing, addressSpace }, host, owner) {
        if (existing === undefined) return overlapping(host, addressSpace, owner);
        if (isUnknown(existing)) return [];
        const network = await inspectNetwork(host, existing);
        if (!network)
            return [
                `existing: there is no network ${existing} on ${host.address}; make it first, or give the docker.Network itself`,
            ];
        return addressSpacesOf(network)[0] ? [] : [`existing: network ${existing} has no IPv4 address space`];
    },

    async create(inputs, context) {
        const host = await context.host();
        if (inputs.existing !== undefined) {
            const network = await host.docker.getNetwork(inputs.existing).inspect();
            return { id: network.Id, outputs: { networkId: network.Id } };
        }
        const { name, addressSpace } = inputs;
        const made = await createNetwork(
            host,
            { name, addressSpace, bridgeAddress: addressAt(addressSpace, 1) },
            context,
        );
        return { id: made.id, outputs: { networkId: made.id, name: made.name }, takenOver: made.takenOver };
    },

    async read(id, state, context) {
        const network = await inspectNetwork(await context.host(), id);
        if (!network) return undefined;
        return { ...state, name: network.Name, addressSpace: addressSpacesOf(network)[0] ?? state.addressSpace };
    },

    async delete(id, { existing, name }, context) {
        if (existing !== undefined) return;
        const host = await context.host();
        await sweep(host, { network: [id] }, context);
        await removeNetwork(host, id, name);
    },
};

async function addressSpaceOf(host: Host, name: string): Promise<string | undefined> {
    const network = await inspectNetwork(host, name);
    return network && addressSpacesOf(network)[0];
}
