import { removeContainer } from "./containers";
import type { Host } from "./host";
import { ofStack, type Owner } from "./labels";

/**
 * Removes this stack's containers from a network, or off a volume, that is about to go. Pulumi has deleted those that it
 * knows by then; what is left was made by a run that was killed before it could say so.
 */
export async function sweep(
    host: Host,
    what: { network: [string] } | { volume: [string] },
    { identity, progress }: Owner & { progress(message: string): void },
): Promise<void> {
    const leaked = await host.docker.listContainers({ all: true, filters: { ...ofStack(identity), ...what } });
    for (const container of leaked) {
        progress(`removing ${container.Names[0]?.slice(1)}, left behind by an interrupted run`);
        await removeContainer(host, container.Id);
    }
}
