import { z } from "zod";
import { dockerName } from "../schema/fields";
import { object } from "../schema/kit";
import { docker } from "./docker";
import { hostName } from "./machine/names";

/** A container made elsewhere, as a machine of a cloud service. */
export const containerAttachment = object({
    /** The name by which the machines of the cloud service reach it. */
    alias: hostName,
    container: dockerName,
    /** Docker's id of it, which tells it from one that had the name before. */
    containerId: z.string().min(1, "must name a container").optional(),
    network: dockerName,
    gateway: dockerName,
    docker,
});
export type ContainerAttachmentInputs = z.input<typeof containerAttachment>;
export type ContainerAttachmentState = z.output<typeof containerAttachment> & {
    /** An input, so that a container that was taken off the network shows as a change and is attached again. */
    attached: boolean;
    /** Likewise: where its packets to the outside go. A restart of the container may lose it. */
    defaultRoute: "gateway" | "elsewhere";
};
