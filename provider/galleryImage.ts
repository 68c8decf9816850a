import { galleryImageOf } from "../model/gallery";
import { galleryImage as schema } from "../model/resources/galleryImage";
import { isUnknown, UNKNOWN } from "../model/schema/unknown";
import { bundledImage, ensureBundledImage } from "./bundledImage";
import type { Context } from "./definition";
import type { Host } from "./docker/host";
import { galleryImageContext } from "./package";
import { ensureImage, type WantedImage } from "./registry/ensure";

const TYPE = "GalleryImage";

const definition = bundledImage(TYPE, schema, ({ image }) => galleryImageContext(image));

export const galleryImage: typeof definition = {
    ...definition,
    name: ({ image }) => (isUnknown(image) ? UNKNOWN : galleryImageContext(image).name),
};

/** Sees to it that the host has a machine's image: one of the gallery is built where it is absent, any other pulled. Returns the reference to run. */
export async function ensureMachineImage(host: Host, wanted: WantedImage, context: Context): Promise<string> {
    const image = galleryImageOf(wanted.image);
    if (image === undefined) return ensureImage(host, wanted, context.progress);
    const { registryAuth } = wanted;
    const { progress } = context;
    await ensureBundledImage(host, TYPE, wanted.image, galleryImageContext(image), { progress, registryAuth });
    return wanted.image;
}
