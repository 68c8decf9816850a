import * as pulumi from "@pulumi/pulumi";
import { isEventual } from "./internal/problems";

/**
 * An image that `@pulumi/docker` builds: a `docker.Image`. Only its shape matters; the package is not loaded.
 */
export interface BuiltImage {
    /** The reference that its build gave it, which may stay the same when its content changes. */
    readonly imageName: pulumi.Output<string>;
    /** What changes with its content: the pushed image's digest, or the local image's id. */
    readonly repoDigest?: pulumi.Output<string>;
}

/**
 * An image that `@pulumi/docker` pulls: a `docker.RemoteImage`. Only its shape matters; the package is not loaded.
 *
 * Give it `keepLocally: true` where something that Pulumi does not know uses the image too, or its deletion fails; the
 * program's own virtual machines are gone by then.
 */
export interface PulledImage {
    /** Docker's id of it, which changes whenever its content does. */
    readonly imageId: pulumi.Output<string>;
}

/** A network that exists: a `docker.Network` of `@pulumi/docker`. Only its shape matters; the package is not loaded. */
export interface ExistingNetwork {
    /** The name by which Docker knows it. */
    readonly name: pulumi.Output<string>;
}

/** A volume that exists: a `docker.Volume` of `@pulumi/docker`. Only its shape matters; the package is not loaded. */
export interface ExistingVolume {
    /** The name by which Docker knows it. */
    readonly name: pulumi.Output<string>;
    /** Where it is on the Docker host. */
    readonly mountpoint: pulumi.Output<string>;
}

/**
 * A container that exists: a `docker.Container` of `@pulumi/docker`. Only its shape matters; the package is not loaded.
 */
export interface ExistingContainer {
    /** The name by which Docker knows it. */
    readonly name: pulumi.Output<string>;
    /** The image that it runs. */
    readonly image: pulumi.Output<string>;
}

/** The reference by which Docker finds the image. */
export function imageReference(image: pulumi.Input<string> | BuiltImage | PulledImage): pulumi.Input<string> {
    // An Output answers to every property name, so only a resource may be asked for one.
    if (!pulumi.Resource.isInstance(image)) return image as pulumi.Input<string>;
    const { imageName, repoDigest, imageId } = image as Partial<BuiltImage & PulledImage>;
    if (imageName === undefined) return imageId!;
    // Before @pulumi/docker 4.4, an image that was not pushed has no digest.
    return repoDigest ? pulumi.all([repoDigest, imageName]).apply(([digest, name]) => digest || name) : imageName;
}

/** Whether something is neither a reference nor a resource that has one. */
export function isNoImage(image: unknown): boolean {
    if (pulumi.Resource.isInstance(image)) return !("imageName" in image || "imageId" in image);
    if (isEventual(image)) return false;
    return typeof image !== "string";
}

/** The name by which Docker knows a network or volume; not known before there is one. */
export function existingName(existing: pulumi.Input<string> | ExistingNetwork | ExistingVolume): pulumi.Input<string> {
    if (!pulumi.Resource.isInstance(existing)) return existing as pulumi.Input<string>;
    const { id, name } = existing as ExistingNetwork & pulumi.CustomResource;
    return pulumi.all([name, id]).apply(([known]) => known);
}

/** Name and id of a container; of one that is only named, the id is looked up when it is attached. */
export function containerReference(container: pulumi.Input<string> | ExistingContainer): {
    container: pulumi.Input<string>;
    containerId: pulumi.Input<string> | undefined;
} {
    if (!pulumi.Resource.isInstance(container))
        return { container: container as pulumi.Input<string>, containerId: undefined };
    const { name, id } = container as ExistingContainer & pulumi.CustomResource;
    return { container: name, containerId: id };
}

/** Whether something is neither a container's name nor a resource that is a container. */
export function isNoContainer(container: unknown): boolean {
    if (pulumi.Resource.isInstance(container))
        return !(pulumi.CustomResource.isInstance(container) && "name" in container && "image" in container);
    if (isEventual(container)) return false;
    return typeof container !== "string";
}
