import { generationOf } from "../../model/names";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { servedBy } from "../control/gateways";
import type { Context } from "../definition";
import { inspectContainer, listedName, removeContainer } from "../docker/containers";
import type { Host } from "../docker/host";
import { LABEL } from "../docker/labels";
import { endMaking } from "../docker/unfinished";
import { stopMachine } from "./stop";

type Known = Pick<VirtualMachineState, "name" | "gateway" | "stopGraceSeconds">;

interface Leftover {
    readonly id: string;
    readonly name: string;
}

/**
 * Containers of a machine that came after the one that Pulumi knows: made by runs that were killed before they could say
 * so. Older ones are no matter of ours, Pulumi deletes them. One that serves stays: the state is older than what runs.
 */
export async function leftBehind(host: Host, urn: string, { name, gateway }: Known): Promise<Leftover[]> {
    const later = (await machinesOf(host, urn)).filter((machine) => isLater(machine.name, name));
    const found: Leftover[] = [];
    for (const machine of later) if ((await servedBy(host, gateway, machine.name)).length === 0) found.push(machine);
    return found;
}

/** Of the same machine: somebody may have renamed the one that Pulumi knows to anything, and it is none of these. */
function isLater(name: string, known: string): boolean {
    const base = (of: string) => of.slice(0, of.lastIndexOf("-"));
    return base(name) === base(known) && generationOf(name) > generationOf(known);
}

/** As an input, so that a preview shows what will be removed; it stays in the state, and each is named but once. */
export function describeLeftovers(leftovers: readonly Leftover[]): string[] {
    return leftovers.map(({ name, id }) => `${name} (${id.slice(0, 12)})`).sort();
}

export async function removeLeftBehind(host: Host, known: Known, { urn, isKnown, progress }: Context): Promise<void> {
    recent.delete(host);
    for (const { id, name } of await leftBehind(host, urn, known)) {
        if (isKnown(name)) continue;
        progress(`removing ${name}, left behind by an interrupted run`);
        const container = await inspectContainer(host, id);
        if (container) await stopMachine(host, container, { ...known, name });
        await removeContainer(host, id);
        await endMaking(host, name);
    }
}

/** All containers that were made for a machine, whether Pulumi knows them or not. */
export async function machinesOf(host: Host, urn: string): Promise<Leftover[]> {
    return (await machines(host)).filter((machine) => machine.urn === urn);
}

type Machine = Leftover & { readonly urn: string };

/** A run checks all its machines at about the same time: they are looked for once. */
const RECENT_MS = 1_000;
const recent = new WeakMap<Host, { readonly at: number; readonly machines: Promise<Machine[]> }>();

function machines(host: Host): Promise<Machine[]> {
    const last = recent.get(host);
    if (last && Date.now() - last.at < RECENT_MS) return last.machines;
    const looking = listMachines(host);
    recent.set(host, { at: Date.now(), machines: looking });
    return looking;
}

async function listMachines({ docker }: Host): Promise<Machine[]> {
    const containers = await docker.listContainers({ all: true, filters: { label: [`${LABEL.type}=VirtualMachine`] } });
    return containers.map((container) => ({
        id: container.Id,
        name: listedName(container)!,
        urn: container.Labels[LABEL.urn]!,
    }));
}
