import type { z } from "zod";
import { SECRETS_OF_REGISTRIES, type RegistryAuth } from "../model/resources/registryAuth";
import type { Common, Context, Definition } from "./definition";
import { buildImage } from "./docker/build";
import type { Host } from "./docker/host";
import { findImage, removeUnusedImage } from "./docker/images";
import type { ImageContext } from "./package";

/** What pulls the image from which it is built. */
interface Pulled {
    readonly registryAuth?: RegistryAuth | undefined;
}

/** An image that is built on the Docker host from a folder of the package, and named by what is in it. */
export function bundledImage<Declared extends Common & Pulled>(
    type: string,
    schema: z.ZodType<Declared>,
    contextOf: (inputs: Declared) => ImageContext,
): Definition<Declared, Declared & { name: string }> {
    return {
        type,
        schema,
        secret: SECRETS_OF_REGISTRIES,
        unseen: ["registryAuth"],
        // Not its id: two stacks that build it at once make two images of one name, and either will do.
        outputs: [],
        replaceOn: ["name", "docker"],
        name: (inputs) => contextOf(inputs as unknown as Declared).name,

        async create(inputs, context) {
            await ensureBundledImage(await context.host(), type, inputs.name, contextOf(inputs), {
                progress: context.progress,
                registryAuth: inputs.registryAuth,
            });
            return { id: inputs.name, outputs: {} };
        },

        async read(_id, state, context) {
            return (await findImage(await context.host(), state.name)) === undefined ? undefined : state;
        },

        async delete(_id, { name }, context) {
            await removeUnusedImage(await context.host(), name);
        },
    };
}

/** The image is shared by all stacks of a host, so it may have been removed with another one, and be built again. */
export async function ensureBundledImage(
    host: Host,
    type: string,
    name: string,
    ours: ImageContext,
    { progress, registryAuth }: Pick<Context, "progress"> & Pulled,
): Promise<string> {
    const present = await findImage(host, name);
    if (present !== undefined) return present;
    if (ours.name !== name) {
        throw new Error(
            `image ${name} is gone from ${host.address}, and this version of pulumi-switchyard builds ${ours.name}; run a full pulumi up`,
        );
    }
    return buildImage(host, ours, { "io.switchyard.type": type }, progress, registryAuth);
}
