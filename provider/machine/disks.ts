import type { Disks } from "../../model/resources/machine/disks";
import { inspectVolume } from "../docker/volumes";
import type { Host } from "../docker/host";
import { labelsOf, type Owner } from "../docker/labels";

/**
 * Makes the volumes that are not there. A disk outlives its machine, and this stack: Switchyard removes none, because
 * it cannot tell what is on it. Labels say for which machine it was made.
 */
export async function makeDisks(
    host: Host,
    disks: Disks,
    owner: Owner & { progress(message: string): void },
): Promise<void> {
    for (const name of new Set(Object.values(disks).map(({ volume }) => volume))) {
        if (await inspectVolume(host, name)) continue;
        owner.progress(`making disk ${name}`);
        await host.docker.createVolume({ Name: name, Labels: labelsOf(owner) });
    }
}
