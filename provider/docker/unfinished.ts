import { unlessGone } from "./errors";
import type { Host } from "./host";
import { LABEL, labelsOf, ofStack, type Owner } from "./labels";

/**
 * Notes of what is being made: one that is still there when its run has ended says that Pulumi never heard of the
 * object, which may go; what Pulumi let go of on purpose (`retainOnDelete`, `pulumi state delete`) has none. They are
 * empty volumes beside the object, because Docker changes no labels.
 */
const noteOf = (name: string) => `${name}-unfinished`;

/** What this process itself is making. */
const making = new Set<string>();
const keyOf = (host: Host, name: string) => `${host.address} ${name}`;

/** To be called before the object of that name is made. */
export async function beginMaking(host: Host, name: string, owner: Owner): Promise<void> {
    making.add(keyOf(host, name));
    await host.docker.createVolume({
        Name: noteOf(name),
        Labels: { ...labelsOf(owner), [LABEL.unfinished]: name },
    });
}

/** To be called when Pulumi is about to hear of it, or it is gone. */
export async function endMaking(host: Host, name: string): Promise<void> {
    await unlessGone(host.docker.getVolume(noteOf(name)).remove());
    making.delete(keyOf(host, name));
}

/** Makes it with a note beside it. */
export async function noted<T>(host: Host, name: string, owner: Owner, make: () => Promise<T>): Promise<T> {
    await beginMaking(host, name, owner);
    try {
        return await make();
    } finally {
        await endMaking(host, name);
    }
}

export async function isUnfinished(host: Host, name: string): Promise<boolean> {
    const note = await unlessGone(host.docker.getVolume(noteOf(name)).inspect());
    return note?.Labels[LABEL.unfinished] === name;
}

export interface Unfinished extends Pick<Owner, "urn" | "type"> {
    readonly name: string;
}

/** What earlier runs of this stack have begun to make on the host, and did not finish. */
export async function unfinishedOf(host: Host, { identity }: Pick<Owner, "identity">): Promise<Unfinished[]> {
    const label = [...ofStack(identity).label, LABEL.unfinished];
    const { Volumes } = await host.docker.listVolumes({ filters: { label } });
    return (Volumes ?? [])
        .map(({ Labels }) => ({ name: Labels[LABEL.unfinished]!, urn: Labels[LABEL.urn]!, type: Labels[LABEL.type]! }))
        .filter(({ name }) => !making.has(keyOf(host, name)));
}
