import { registryName } from "../../model/resources/registryAuth";

/** Docker's own number of an image that a host has; no registry knows it. */
export function isImageId(image: string): boolean {
    return /^(sha256:)?[0-9a-f]{64}$/.test(image);
}

/** Whether the reference can only ever mean one image. */
export function isPinned(image: string): boolean {
    return image.includes("@") || isImageId(image);
}

/** Docker pulls every tag where none is named. */
export function withTag(image: string): string {
    return isPinned(image) || /:[^/]+$/.test(image) ? image : `${image}:latest`;
}

/** The registry that has the image: a first part that could be a server's name is one, as Docker reads it. */
export function registryOf(image: string): string {
    const [first, ...rest] = image.split("/");
    return rest.length > 0 && (/[.:]/.test(first!) || first === "localhost") ? registryName(first!) : "docker.io";
}
