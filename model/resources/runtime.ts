import { z } from "zod";
import { isHostAddress } from "../network/addresses";
import { addressSpace, dockerName } from "../schema/fields";
import { object, refuse } from "../schema/kit";
import { isUnknown } from "../schema/unknown";
import { docker } from "./docker";
import { registryAuth } from "./registryAuth";

/** The image from which runtimes of one kind run, gateways where it is not said; its name follows from the content of the package. */
export const runtimeImage = object({ runtime: z.enum(["dns"]).optional(), docker, registryAuth });
export type RuntimeImageInputs = z.input<typeof runtimeImage>;
export type RuntimeImageState = z.output<typeof runtimeImage> & { name: string };

/** What a runtime remembers when its container is replaced. */
export const runtimeVolume = object({ docker });
export type RuntimeVolumeInputs = z.input<typeof runtimeVolume>;
export type RuntimeVolumeState = z.output<typeof runtimeVolume> & { name: string };

/** What every runtime's container is made of. */
export const containerFields = {
    image: z.string().min(1, "must name an image"),
    volume: dockerName,
    publicNetwork: dockerName,
    publicSubnet: addressSpace,
};

/** Refuses an address of a container, if it is given and known, that its public network cannot give it. */
export function refuseUnlessPublic<Key extends string>(
    context: z.core.ParsePayload<
        { readonly publicSubnet: string } & { readonly [Property in Key]?: string | undefined }
    >,
    property: Key,
): void {
    const { publicSubnet, [property]: address } = context.value;
    if (address === undefined || isUnknown(address) || isUnknown(publicSubnet)) return;
    if (!isHostAddress(publicSubnet, address))
        refuse(context, [property], `must be a host address of the public network ${publicSubnet}`);
}

/** What follows from the inputs of a container. */
export interface ContainerState {
    name: string;
    /** An input, so that one that somebody stopped shows as a change and is started again. */
    state: "running" | "stopped";
}
