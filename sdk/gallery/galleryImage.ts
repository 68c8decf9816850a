import * as pulumi from "@pulumi/pulumi";
import { GALLERY, type GalleryImageName } from "../../model/gallery";
import type { DockerArgs, DockerProvider } from "../docker";
import { brand, isKind } from "../internal/brand";
import { properties, typeToken } from "../internal/dynamic";
import { describe, isEventual, problemsOfArguments, refuse, type Problem, type Properties } from "../internal/problems";

/** Which image of the gallery, and where. */
export interface GalleryImageArgs {
    /**
     * `"web"`, `"echo"` or `"debian"`; `gallery` says what they are. A change makes another image, and replaces the
     * virtual machines that run it.
     */
    image: pulumi.Input<GalleryImageName>;

    /**
     * The Docker Engine that builds and keeps the image: that of the cloud service whose machines run it, by its
     * address or as a `docker.Provider` of `@pulumi/docker`. A change builds the image there.
     *
     * @default what the `docker` command would use: `DOCKER_HOST`, the current context, or the local socket
     */
    docker?: DockerArgs | DockerProvider;
}

/**
 * An image of the gallery: built on the Docker host from Debian's packages, without a registry, when the host does not
 * have it (it needs `debian:trixie-slim`, which the host pulls otherwise).
 *
 * Its name follows from what the package brings, so it stays the same until a version of the package changes the image;
 * the machines that run it are then replaced one beside the other. All stacks of a Docker host share it, and it goes
 * when it is deleted and no container runs it.
 *
 * @example
 * ```ts
 * const debian = new switchyard.GalleryImage("debian", { image: "debian" });
 * new switchyard.VirtualMachine("tools", { cloudService: service, image: debian });
 * ```
 */
export class GalleryImage extends pulumi.CustomResource {
    /** The reference by which Docker knows it. */
    readonly imageName: pulumi.Output<string>;

    /**
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: GalleryImageArgs, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("GalleryImage");
        refuse(problemsOfArguments(args, PROPERTIES, problemsOf), type, name, options);
        const inputs = { name: undefined, ...args };
        super(type, name, properties("GalleryImage", name, inputs, [], options), options);
        this.imageName = (this as unknown as { name: pulumi.Output<string> }).name;
        brand(this, "GalleryImage", { name });
    }

    /** Whether the value is an image of the gallery, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is GalleryImage {
        return isKind(value, "GalleryImage");
    }
}

const PROPERTIES: Properties<GalleryImageArgs> = {
    image: true,
    docker: true,
};

function problemsOf({ image }: GalleryImageArgs): Problem[] {
    if (isEventual(image)) return [];
    return notOfGallery(image);
}

/** The problem with a value that should name an image of the gallery, if there is one. */
export function notOfGallery(image: unknown): Problem[] {
    if (image === undefined || image === null) return ["image: is required"];
    if ((GALLERY as readonly unknown[]).includes(image)) return [];
    const names = GALLERY.map((name) => JSON.stringify(name)).join(", ");
    return [`image: must be one of ${names} (got ${describe(image)})`];
}
