import type Docker from "dockerode";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { servedBy } from "../control/gateways";
import type { Context } from "../definition";
import { inspectContainer, removeContainer } from "../docker/containers";
import { reasonOf, statusOf } from "../docker/errors";
import type { Host } from "../docker/host";
import { belongsTo } from "../docker/labels";
import { beginMaking, endMaking } from "../docker/unfinished";
import { nextName } from "../naming";
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
    try {
        await writeUserData(host, id, inputs.userData ?? {});
        return { id, name, takenOver: false };
    } catch (error) {
        await removeContainer(host, id);
        await endMaking(host, name);
        throw error;
    }
}

async function createContainer(host: Host, inputs: VirtualMachineState, image: string, context: Context) {
    const { platform } = inputs;
    let { name } = inputs;
    for (;;) {
        await beginMaking(host, name, context);
        try {
            const options = await containerOptions(host, inputs, image, context);
            // What is not said apart goes into the request's address too, and from there into logs.
            const request = {
                _query: { name, ...(platform && { platform }) },
                _body: options,
            } as Docker.ContainerCreateOptions;
            const container = await host.docker.createContainer(request);
            return { id: container.id, name };
        } catch (error) {
            await endMaking(host, name);
            if (statusOf(error) !== 409 || !/name.*already in use/i.test(reasonOf(error))) throw error;
        }
        if (!(await removeLeak(host, name, inputs.gateway, context))) name = nextName(name);
    }
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
