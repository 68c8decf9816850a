import { galleryImageOf } from "../../model/gallery";
import type { RegistryAuth } from "../../model/resources/registryAuth";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { containsUnknown, isUnknown, UNKNOWN } from "../../model/schema/unknown";
import type { Derived, DeriveContext } from "../definition";
import { reasonOf } from "../docker/errors";
import type { Host } from "../docker/host";
import { currentDigest } from "../registry/distribution";
import { isPinned } from "../registry/reference";

type Machine = Derived<VirtualMachineState>;

/**
 * What the registry has under the image's name, for a machine that is to run the newest: an input, so that a preview
 * shows a newer image as what it is, the replacement of the machine. While nobody can tell, a machine stays as it is.
 */
export async function imageDigestOf(
    inputs: Machine,
    { olds, host, announce }: Pick<DeriveContext<VirtualMachineState>, "olds" | "host" | "announce">,
): Promise<string | undefined> {
    const kept = olds?.image === inputs.image ? olds.imageDigest : undefined;
    if (isUnknown(inputs.pullPolicy)) return kept;
    if (!asksRegistry(inputs)) return undefined;
    if (isUnknown(inputs.image)) return UNKNOWN;
    const docker = await host();
    if (!docker) return kept;
    const { image, registryAuth } = inputs;
    try {
        return await currentDigest(docker, image, registryAuth && knownIn(registryAuth));
    } catch (error) {
        if (kept !== undefined) announce(`stays with the ${image} that it has: ${reasonOf(error)}`);
        else if (containsUnknown(registryAuth))
            announce(`which ${image} it will run is not known without its credentials: ${reasonOf(error)}`);
        return kept;
    }
}

/** A machine that is not there yet needs an answer, unless the preview does not know all that it takes to ask. */
export async function imageProblem(host: Host, inputs: Machine): Promise<string | undefined> {
    const { image, imageDigest, registryAuth } = inputs;
    if (!asksRegistry(inputs) || imageDigest !== undefined || containsUnknown(registryAuth)) return undefined;
    return currentDigest(host, image, registryAuth).then(
        () => undefined,
        (error: unknown) =>
            `image: must be in its registry, because pullPolicy is "always" (got "${image}"): ${reasonOf(error)}`,
    );
}

function knownIn(registryAuth: RegistryAuth): RegistryAuth {
    return isUnknown(registryAuth) ? [] : registryAuth.filter((login) => !containsUnknown(login));
}

function asksRegistry({ pullPolicy, image }: Machine): boolean {
    return pullPolicy === "always" && !isPinned(image) && galleryImageOf(image) === undefined;
}
