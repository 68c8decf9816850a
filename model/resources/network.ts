import { type z } from "zod";
import { addressSpace, dockerName, ipv4 } from "../schema/fields";
import { object, refuse } from "../schema/kit";
import { docker } from "./docker";
import { earlier } from "./earlier";

/** The bridge on which virtual IPs live: made by Switchyard, or an `existing` one, whose address space is then Docker's to tell. */
export const publicNetwork = object({
    existing: dockerName.optional(),
    addressSpace: addressSpace.optional(),
    earlier,
    docker,
}).check((context) => {
    const { existing, addressSpace } = context.value;
    if (existing === undefined || addressSpace === undefined) return;
    refuse(context, ["addressSpace"], "must not be given for an existing network, which has its own");
});
export type PublicNetworkInputs = z.input<typeof publicNetwork>;
export type PublicNetworkState = z.output<typeof publicNetwork> & { name: string; addressSpace: string };

/** The network of one cloud service's machines. */
export const privateNetwork = object({
    /** The public network. Docker gives a container the default route of its first network by name, which must be that one. */
    sortsAfter: dockerName,
    addressSpace: addressSpace.optional(),
    earlier,
    /** The gateway's address, which every machine has as its default route. */
    gatewayAddress: ipv4.optional(),
    /** The address of internal sets. */
    internalVirtualIp: ipv4.optional(),
    docker,
});
export type PrivateNetworkInputs = z.input<typeof privateNetwork>;
export type PrivateNetworkState = z.output<typeof privateNetwork> & {
    name: string;
    addressSpace: string;
    gatewayAddress: string;
    internalVirtualIp: string;
};
