import type Docker from "dockerode";
import { listedName } from "./containers";
import { statusOf, unlessGone } from "./errors";
import type { Host } from "./host";
import { belongsTo, describeStranger, labelsOf, type Owner } from "./labels";
import { endMaking, noted } from "./unfinished";

/** Makes the volume, or takes over the one that is there for the same resource; tells which. */
export async function createVolume(host: Host, name: string, owner: Owner): Promise<"made" | "taken over"> {
    const existing = await inspectVolume(host, name);
    if (existing && !belongsTo(existing.Labels, owner)) {
        throw new Error(describeStranger("volume", name, host.address, existing.Labels));
    }
    if (existing) {
        await endMaking(host, name);
        return "taken over";
    }
    await noted(host, name, owner, () => host.docker.createVolume({ Name: name, Labels: labelsOf(owner) }));
    return "made";
}

export function inspectVolume({ docker }: Host, name: string): Promise<Docker.VolumeInspectInfo | undefined> {
    return unlessGone(docker.getVolume(name).inspect());
}

export async function removeVolume(host: Host, name: string): Promise<void> {
    try {
        await unlessGone(host.docker.getVolume(name).remove());
    } catch (error) {
        if (statusOf(error) !== 409) throw error;
        const users = await host.docker.listContainers({ all: true, filters: { volume: [name] } });
        const names = users.map(listedName).join(", ");
        throw new Error(`volume ${name} is still used by ${names}; remove them and try again`);
    }
}
