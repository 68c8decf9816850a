import { generations } from "./context";
import type { Context } from "./definition";
import { inspectContainer } from "./docker/containers";
import { statusOf } from "./docker/errors";
import type { Host } from "./docker/host";
import { belongsTo } from "./docker/labels";
import { inspectNetwork } from "./docker/networks";
import { removeUnknown } from "./docker/sweep";
import { endMaking, unfinishedOf, type Unfinished } from "./docker/unfinished";
import { inspectVolume } from "./docker/volumes";

/** By host: a run clears each once. */
const cleared = new Map<string, Promise<void>>();

/**
 * Removes what killed runs of this stack began to make on the host, and did not finish, if the program has it no more:
 * no resource would ever come to it. To be called when Pulumi deletes something for good: by then the program has
 * ended, and all that it declares is known.
 */
export function clearLeftovers(host: Host, context: Context): Promise<void> {
    const clearing = cleared.get(host.address) ?? clear(host, context);
    cleared.set(host.address, clearing);
    return clearing;
}

async function clear(host: Host, context: Context): Promise<void> {
    for (const unfinished of await unfinishedOf(host, context)) {
        const { type, name, urn } = unfinished;
        if (generations.isDeclared(generations.current(urn))) continue;
        try {
            if (type === "VirtualMachine") await clearMachine(host, unfinished, context);
            else if (type === "RuntimeVolume")
                await clearUnused(host, unfinished, context, await inspectVolume(host, name), () =>
                    host.docker.getVolume(name).remove(),
                );
            else
                await clearUnused(host, unfinished, context, await inspectNetwork(host, name), ({ Id }) =>
                    host.docker.getNetwork(Id).remove(),
                );
        } catch (error) {
            // What somebody uses by now stays, and so does its note.
            if (![403, 409].includes(statusOf(error)!)) throw error;
        }
    }
}

async function clearMachine(host: Host, { name, urn }: Unfinished, context: Context): Promise<void> {
    const container = await inspectContainer(host, name);
    if (!container || !belongsTo(container.Config.Labels, { ...context, urn })) return endMaking(host, name);
    await removeUnknown(host, { id: container.Id, name }, context);
}

/** A volume or a network. */
async function clearUnused<Found extends { Labels?: Record<string, string> }>(
    host: Host,
    { name, urn }: Unfinished,
    context: Context,
    found: Found | undefined,
    remove: (found: Found) => Promise<unknown>,
): Promise<void> {
    if (found && belongsTo(found.Labels, { ...context, urn })) {
        context.progress(`removing ${name}, which no resource has`);
        await remove(found);
    }
    await endMaking(host, name);
}
