import { galleryImageOf } from "../model/gallery";
import { galleryImage as schema } from "../model/resources/galleryImage";
import { isUnknown, UNKNOWN } from "../model/schema/unknown";
import { bundledImage, ensureBundledImage } from "./bundledImage";
import type { Context } from "./definition";
import type { Host } from "./docker/host";
import { ensureImage } from "./docker/images";
import { galleryImageContext } from "./package";

const TYPE = "GalleryImage";

const definition = bundledImage(TYPE, schema, ({ image }) => galleryImageContext(image));

export const galleryImage: typeof definition = {
    ...definition,
    name: ({ image }) => (isUnknown(image) ? UNKNOWN : galleryImageContext(image).name),
};

/** Sees to it that the host has a machine's image: one of the gallery is built where it is absent, any other pulled. */
export async function ensureMachineImage(host: Host, name: string, context: Context): Promise<void> {
    const image = galleryImageOf(name);
    if (image === undefined) await ensureImage(host, name, context.progress);
    else await ensureBundledImage(host, TYPE, name, galleryImageContext(image), context);
}
