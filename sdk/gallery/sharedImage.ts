import type { GalleryImageName } from "../../model/gallery";
import type { DockerArgs, DockerProvider } from "../docker";
import { hostOf, sharedByDeployment } from "../internal/shared";
import { GalleryImage } from "./galleryImage";

/** The image that the machines of a stack on one Docker host share, made when the first of them needs it. */
export function sharedGalleryImage(
    image: GalleryImageName,
    docker: DockerArgs | DockerProvider | undefined,
): GalleryImage {
    const name = `gallery-${image}${hostOf(docker)}`;
    return sharedByDeployment("gallery-images", name, () => new GalleryImage(name, { image, docker }));
}
