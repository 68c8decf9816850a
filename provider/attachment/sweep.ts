import { parseUrn } from "../../model/names";
import { inspectContainer, nameOf } from "../docker/containers";
import type { Host } from "../docker/host";
import type { Owner } from "../docker/labels";
import { attachments, unlink } from "./link";

/** Takes off a network that is about to go whom this stack attached, and Pulumi did not ask to detach. */
export async function sweepGuests(
    host: Host,
    network: string,
    name: string,
    { identity }: Owner,
    progress: (message: string) => void,
): Promise<void> {
    for (const { Id } of await host.docker.listContainers({ all: true, filters: { network: [network] } })) {
        // Docker's list leaves out what marks an attachment.
        const guest = await inspectContainer(host, Id);
        const ours = attachments(guest?.NetworkSettings.Networks ?? {}).some(({ network, urn }) => {
            const { project, stack } = parseUrn(urn);
            return network === name && project === identity.project && stack === identity.stack;
        });
        if (!guest || !ours) continue;
        progress(`detaching ${nameOf(guest)}, which no resource has`);
        await unlink(host, guest, network);
    }
}
