import { isFor } from "../../model/resources/machine/image";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import type { Host } from "../docker/host";
import { inspectImage } from "../docker/images";
import { currentDigest } from "./distribution";
import { pull } from "./pull";
import { isImageId, isPinned } from "./reference";

/** What a machine says of its image. */
export type WantedImage = Pick<
    VirtualMachineState,
    "image" | "imageDigest" | "pullPolicy" | "platform" | "registryAuth"
>;

type Progress = (message: string) => void;

const running = new Map<string, Promise<string>>();
/** The last that was begun for a name on a host. */
const latest = new Map<string, Promise<string>>();

/**
 * Sees to it that the host has the image, as its policy says: what is there is used, what is absent is pulled, once for
 * all who want it. Returns the reference by which to run it.
 */
export async function ensureImage(host: Host, wanted: WantedImage, progress: Progress): Promise<string> {
    const reference = await newest(host, wanted);
    const name = `${host.address} ${reference}`;
    const key = JSON.stringify([host.address, reference, wanted.platform, wanted.pullPolicy, wanted.registryAuth]);
    const known = running.get(key);
    if (known) {
        progress(`pulling ${reference}`);
        return known;
    }
    // A host may have one image of a name, and a machine for another platform takes that name away.
    const before = latest.get(name)?.catch(() => undefined);
    const run = Promise.resolve(before)
        .then(() => findOrPull(host, reference, wanted, progress))
        .finally(() => {
            running.delete(key);
            if (latest.get(name) === run) latest.delete(name);
        });
    running.set(key, run);
    latest.set(name, run);
    return run;
}

/** The reference with the digest that the preview showed: the registry may have another image by now. */
async function newest(host: Host, { image, imageDigest, pullPolicy, registryAuth }: WantedImage): Promise<string> {
    if (pullPolicy !== "always" || isPinned(image)) return image;
    return withDigest(image, imageDigest ?? (await currentDigest(host, image, registryAuth)));
}

export function withDigest(image: string, digest: string | undefined): string {
    return digest === undefined ? image : `${image}@${digest}`;
}

async function findOrPull(host: Host, reference: string, wanted: WantedImage, progress: Progress): Promise<string> {
    const { image, platform, pullPolicy } = wanted;
    const found = await inspectImage(host, reference);
    const fits = (built: string) => platform === undefined || isFor(platform, built);
    // By its id: the name may be another platform's a moment later.
    if (found && fits(found.platform)) return platform === undefined ? reference : found.id;
    const has = found ? `on ${host.address} is for ${found.platform}, not ${platform}` : `is not on ${host.address}`;
    if (pullPolicy === "never")
        throw new Error(`image ${image} ${has}, and pullPolicy is "never"; build or load it there first`);
    const problem = isImageId(image) ? "an image id cannot be pulled" : await pull(host, reference, wanted, progress);
    if (problem !== undefined)
        throw new Error(
            `image ${reference} ${has} and could not be pulled: ${problem}; check its name, or build or load it there first`,
        );
    const pulled = platform === undefined ? undefined : await inspectImage(host, reference);
    return pulled && fits(pulled.platform) ? pulled.id : reference;
}
