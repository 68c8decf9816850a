import { z } from "zod";
import { GALLERY } from "../gallery";
import { object } from "../schema/kit";
import { docker } from "./docker";
import { registryAuth } from "./registryAuth";

/** An image of the gallery on a Docker host; its name follows from the content of the package. */
export const galleryImage = object({ image: z.enum(GALLERY), docker, registryAuth });
export type GalleryImageInputs = z.input<typeof galleryImage>;
export type GalleryImageState = z.output<typeof galleryImage> & { name: string };
