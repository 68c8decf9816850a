import Docker from "dockerode";
import type { TestStack } from "./resources";

export const docker = new Docker();
export const IMAGE = "debian:trixie-slim";

/** Removes whatever carries the stack's label, in the order in which Docker lets it go. */
export async function removeEverythingOf(stack: TestStack): Promise<void> {
    const filters = { label: [`io.switchyard.project=${stack.project}`, `io.switchyard.stack=${stack.name}`] };
    for (const container of await docker.listContainers({ all: true, filters })) {
        await docker.getContainer(container.Id).remove({ force: true, v: true }).catch(unlessGone);
    }
    for (const network of await docker.listNetworks({ filters })) {
        await docker.getNetwork(network.Id).remove().catch(unlessGone);
    }
    const { Volumes } = await docker.listVolumes({ filters });
    for (const volume of Volumes ?? []) await docker.getVolume(volume.Name).remove().catch(unlessGone);
}

function unlessGone(error: Error & { statusCode?: number }): void {
    if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
}
