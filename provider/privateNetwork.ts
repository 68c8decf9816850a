import type { z } from "zod";
import { addressAt, dockersAddress } from "../model/network/addresses";
import { dockerNamePart } from "../model/names";
import { privateNetwork as schema, type PrivateNetworkState } from "../model/resources/network";
import { isUnknown, UNKNOWN } from "../model/schema/unknown";
import { sweepGuests } from "./attachment/sweep";
import { addressSpaceClaim, chosenAddressSpace } from "./addressSpace";
import type { Definition } from "./definition";
import {
    addressSpacesOf,
    createNetwork,
    inspectNetwork,
    isNetworkNameFree,
    overlapping,
    removeNetwork,
} from "./docker/networks";
import { sweep } from "./docker/sweep";

const DEFAULT_SPACE = "10.64.0.0/10";

interface Outputs {
    readonly networkId: string;
}

export const privateNetwork: Definition<z.output<typeof schema>, PrivateNetworkState, Outputs> = {
    type: "PrivateNetwork",
    schema,
    outputs: ["networkId"],
    replaceOn: ["addressSpace", "gatewayAddress", "internalVirtualIp", "docker"],
    // A name that came after the old public network's may come before the new one's.
    replaceIf: { sortsAfter: (olds, { sortsAfter }) => !isUnknown(sortsAfter) && olds.name < sortsAfter },
    // The machines' addresses come from the same space, so the old network must go first.
    deleteBeforeReplace: true,

    async derive({ earlier, ...inputs }, context) {
        const addressSpace =
            inputs.addressSpace ?? (await chosenAddressSpace({ ...inputs, earlier }, DEFAULT_SPACE, context));
        const at = (index: number) => (isUnknown(addressSpace) ? UNKNOWN : addressAt(addressSpace, index));
        const { gatewayAddress = at(1), internalVirtualIp = at(-3) } = inputs;
        return { ...inputs, addressSpace, gatewayAddress, internalVirtualIp };
    },

    name({ sortsAfter }, { identity, generation }) {
        if (isUnknown(sortsAfter)) return UNKNOWN;
        const name = `${dockerNamePart(identity.stack)}-1-${dockerNamePart(identity.name)}-${generation}`;
        return name > sortsAfter ? name : `zz-${name}`;
    },

    claims: (inputs) => [addressSpaceClaim(inputs, inputs.addressSpace)],

    refuse: ({ addressSpace }, host, owner) => overlapping(host, addressSpace, owner),

    isFree: async (host, name, owner) => isNetworkNameFree(host, name, owner),

    async create(inputs, context) {
        const { name, addressSpace, gatewayAddress, internalVirtualIp } = inputs;
        const made = await createNetwork(
            await context.host(),
            {
                name,
                addressSpace,
                bridgeAddress: dockersAddress(addressSpace),
                machines: { routeThrough: gatewayAddress, reserved: { internalVirtualIp } },
            },
            context,
        );
        return { id: made.id, outputs: { networkId: made.id, name: made.name }, takenOver: made.takenOver };
    },

    async read(id, state, context) {
        const network = await inspectNetwork(await context.host(), id);
        if (!network) return undefined;
        return { ...state, name: network.Name, addressSpace: addressSpacesOf(network)[0] ?? state.addressSpace };
    },

    async delete(id, { name }, context) {
        const host = await context.host();
        await sweep(host, { network: [id] }, context);
        await sweepGuests(host, id, name, context, context.progress);
        await removeNetwork(host, id, name);
    },
};
