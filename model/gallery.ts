/** The images that the package brings, each a folder of `gallery/`. */
export const GALLERY = ["web", "echo", "debian"] as const;
/** An image of the gallery. */
export type GalleryImageName = (typeof GALLERY)[number];

const REPOSITORY = "switchyard-gallery-";

/** What Docker knows an image of the gallery by, without its tag. */
export function galleryRepository(image: GalleryImageName): string {
    return REPOSITORY + image;
}

/** Which image of the gallery a reference names; undefined for any other. */
export function galleryImageOf(reference: string): GalleryImageName | undefined {
    return GALLERY.find((image) => reference.startsWith(`${galleryRepository(image)}:`));
}
