import type { z } from "zod";
import { runtimeImage as schema, type RuntimeImageState } from "../model/resources/gateway";
import type { Context, Definition } from "./definition";
import { buildImage } from "./docker/build";
import type { Host } from "./docker/host";
import { findImage, removeUnusedImage } from "./docker/images";
import { runtimeImageContext } from "./package";

export const runtimeImage: Definition<z.output<typeof schema>, RuntimeImageState> = {
    type: "RuntimeImage",
    schema,
    // Not its id: two stacks that build it at once make two images of one name, and either will do.
    outputs: [],
    replaceOn: ["name", "docker"],
    name: () => runtimeImageContext().name,

    async create({ name }, context) {
        await ensureRuntimeImage(await context.host(), name, context);
        return { id: name, outputs: {} };
    },

    async read(_id, state, context) {
        return (await findImage(await context.host(), state.name)) === undefined ? undefined : state;
    },

    async delete(_id, { name }, context) {
        await removeUnusedImage(await context.host(), name);
    },
};

/** The image is shared by all stacks of a host, so it may have been removed with another one, and be built again. */
export async function ensureRuntimeImage(host: Host, name: string, context: Context): Promise<string> {
    const present = await findImage(host, name);
    if (present !== undefined) return present;
    const ours = runtimeImageContext();
    if (ours.name !== name) {
        throw new Error(
            `image ${name} is gone from ${host.address}, and this version of pulumi-switchyard builds ${ours.name}; run a full pulumi up`,
        );
    }
    return buildImage(host, name, ours.folder, { "io.switchyard.type": "RuntimeImage" }, context.progress);
}
