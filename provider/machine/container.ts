import type Docker from "dockerode";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { servedBy } from "../control/gateways";
import type { Context } from "../definition";
import { inspectContainer, orRemoved, removeContainer } from "../docker/containers";
import { underFreeName } from "../docker/freeName";
import type { Host } from "../docker/host";
import { belongsTo } from "../docker/labels";
import { beginMaking, endMaking } from "../docker/unfinished";
import { ensureMachineImage } from "../galleryImage";
import { existingMachine } from "./adopt";
import { makeDisks } from "./disks";
import { containerOptions } from "./options";
import { moveIn } from "./place";
import { writeUserData } from "./userData";

/**
 * Makes the container under its name, with its disks and user data, unless it is there already; a new one does not run
 * yet. One of that name that was made for this very machine, is not as declared and serves nothing was left by a killed
 * run, and goes; any other stays, and the next number is taken.
 */
export async function createMachine(
    host: Host,
    inputs: VirtualMachineState,
    context: Context,
): Promise<{ id: string; name: string; takenOver: boolean }> {
    const existing = await existingMachine(host, inputs, context);
    if (existing) {
        await moveIn(host, existing, inputs);
        return { id: existing.Id, name: inputs.name, takenOver: inputs.adopt === undefined };
    }
    const image = await ensureMachineImage(host, inputs, context);
    await makeDisks(host, inputs.disks ?? {}, context);
    const { id, name } = await createContainer(host, inputs, image, context);
    return endedOnFailure(host, name, () =>
        orRemoved(host, id, async () => {
            await writeUserData(host, id, inputs.userData ?? {});
            return { id, name, takenOver: false };
        }),
    );
}

/** What fails for a reason that this run can tell is not left unfinished. */
async function endedOnFailure<T>(host: Host, name: string, act: () => Promise<T>): Promise<T> {
    try {
        return await act();
    } catch (error) {
        await endMaking(host, name).catch(() => undefined);
        throw error;
    }
}

async function createContainer(host: Host, inputs: VirtualMachineState, image: string, context: Context) {
    const { platform, gateway } = inputs;
    const options = await containerOptions(host, inputs, image, context);
    // What is not said apart goes into the request's address too, and from there into logs.
    const request = (name: string) =>
        ({ _query: { name, ...(platform && { platform }) }, _body: options }) as Docker.ContainerCreateOptions;
    const { made, name } = await underFreeName(
        inputs.name,
        async (name) => {
            await beginMaking(host, name, context);
            return endedOnFailure(host, name, () => host.docker.createContainer(request(name)));
        },
        (name) => removeLeak(host, name, gateway, context),
    );
    return { id: made.id, name };
}

async function removeLeak(host: Host, name: string, gateway: string, context: Context): Promise<boolean> {
    const existing = await inspectContainer(host, name);
    if (!existing) return true;
    if (!belongsTo(existing.Config.Labels, context) || context.isKnown(name)) return false;
    if ((await servedBy(host, gateway, name)).length > 0) {
        context.announce(
            `${name} was made for this machine, still serves and is not as declared: another is made beside it; remove it once that has taken over (docker rm -f ${name})`,
        );
        return false;
    }
    context.progress(`removing ${name}, left behind by an interrupted run`);
    await removeContainer(host, existing.Id);
    return true;
}
