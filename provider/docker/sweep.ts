import type { ContainerInfo } from "dockerode";
import { listedName, removeContainer, stopContainer } from "./containers";
import { unlessGone } from "./errors";
import type { Host } from "./host";
import { LABEL, ofStack, type Owner } from "./labels";
import { endMaking, isUnfinished } from "./unfinished";

interface Teller extends Owner {
    progress(message: string): void;
    announce(message: string): void;
}

/**
 * Clears a network, or a volume, that is about to go of this stack's containers. Pulumi has deleted those that it knows
 * by then. A runtime is nothing without what goes, and what a killed run did not finish nobody knows: both are removed.
 * A machine that Pulumi let go of on purpose (`retainOnDelete`, `pulumi state delete`) stays, and runs on without it.
 */
export async function sweep(
    host: Host,
    what: { network: [string] } | { volume: [string] },
    teller: Teller,
): Promise<void> {
    const filters = { ...ofStack(teller.identity), ...what };
    const containers = await host.docker.listContainers({ all: true, filters });
    await Promise.all(
        containers.map(async (container) => {
            const name = listedName(container)!;
            if (!isMachine(container) || (await isUnfinished(host, name))) {
                await removeUnknown(host, { id: container.Id, name }, teller);
            } else if ("network" in what) {
                const network = host.docker.getNetwork(what.network[0]);
                await unlessGone(network.disconnect({ Container: container.Id, Force: true }));
                teller.announce(
                    `${name} stays, without its network: Pulumi did not ask for its deletion; docker rm -f ${name} removes it`,
                );
            }
        }),
    );
}

/** With the grace time that it was made with: it may hold data. */
export async function removeUnknown(
    host: Host,
    { id, name }: { id: string; name: string },
    { progress }: Pick<Teller, "progress">,
): Promise<void> {
    progress(`removing ${name}, which no resource has`);
    await stopContainer(host, id);
    await removeContainer(host, id);
    await endMaking(host, name);
}

function isMachine({ Labels }: ContainerInfo): boolean {
    return Labels[LABEL.type] === "VirtualMachine";
}
