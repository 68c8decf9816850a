import type { z } from "zod";
import { containerAttachment as schema, type ContainerAttachmentState } from "../model/resources/containerAttachment";
import { isUnknown, UNKNOWN } from "../model/schema/unknown";
import { hasAlias, attachments, isLinked, link, unlink } from "./attachment/link";
import { refuseGuest } from "./attachment/refusals";
import { clearRoutes, routesThroughGateway, routeThroughGateway, sweepHelpers } from "./attachment/routes";
import { drain, seenToStop, servedBy } from "./control/gateways";
import { PartialFailure, type Context, type Definition } from "./definition";
import { addressIn, inspectContainer, nameOf, type Inspection } from "./docker/containers";
import { reasonOf } from "./docker/errors";
import type { Host } from "./docker/host";
import { isOn } from "./docker/networks";

interface Outputs {
    /** On the private network; absent while the container does not run. */
    readonly address?: string;
}

/** Brings a container made elsewhere into a cloud service, and never starts, stops or removes it. */
export const containerAttachment: Definition<z.output<typeof schema>, ContainerAttachmentState, Outputs> = {
    type: "ContainerAttachment",
    schema,
    outputs: ["address"],
    // Another id under the same name is attached in place: the one before is gone, and members go by name.
    replaceOn: ["container", "network", "docker"],

    async derive(inputs, { olds, host }) {
        const containerId = inputs.containerId ?? (await idOf(inputs.container, host, olds));
        return { ...inputs, containerId, attached: true, defaultRoute: "gateway" };
    },

    async refuse(inputs, host, owner) {
        const { containerId } = inputs;
        // Docker says 404 to a container that is still to be made, which a preview must do without.
        const guest = containerId && !isUnknown(containerId) && (await inspectContainer(host, containerId));
        return guest && !isUnknown(inputs.container) ? refuseGuest(guest, inputs, host, owner) : [];
    },

    async create(inputs, context) {
        const id = `${inputs.network}/${inputs.container}`;
        return { id, outputs: await attach(id, inputs, context) };
    },

    async read(_id, state, context) {
        const host = await context.host();
        const guest = await find(host, state);
        if (!guest) return undefined;
        const attached = isLinked(guest, state.network, context.urn) && (await isOn(host, guest, state.network));
        return {
            ...state,
            container: nameOf(guest),
            attached,
            defaultRoute: (await keepsRoute(host, guest, state, context)) ? state.defaultRoute : "elsewhere",
            address: attached ? addressIn(guest, state.network) : undefined,
        };
    },

    async update(id, olds, inputs, context) {
        if (olds.containerId !== inputs.containerId) await detach(olds, context);
        return attach(id, inputs, context);
    },

    async delete(_id, state, context) {
        const host = await context.host();
        await sweepHelpers(host, context);
        const guest = await find(host, state);
        if (!guest || !isLinked(guest, state.network, context.urn)) return;
        if (context.yields) return leave(guest, state, context);
        const served = await servedBy(host, state.gateway, state.container);
        if (served.length > 0) {
            throw new Error(
                `${state.alias} (${state.container}) still serves in ${served.join(" and ")}; run a full pulumi up, without deleteBeforeReplace`,
            );
        }
        await detach(state, context);
    },
};

/** Of a container given by name only: a new one of that name then shows as a change. */
async function idOf(
    container: string,
    host: () => Promise<Host | undefined>,
    olds: ContainerAttachmentState | undefined,
): Promise<string | undefined> {
    if (isUnknown(container)) return UNKNOWN;
    const docker = await host();
    const found = docker && (await inspectContainer(docker, container));
    return found?.Id ?? (olds?.container === container ? olds.containerId : undefined);
}

function find(host: Host, { containerId, container }: ContainerAttachmentState): Promise<Inspection | undefined> {
    return inspectContainer(host, containerId ?? container);
}

async function attach(id: string, inputs: ContainerAttachmentState, context: Context): Promise<Outputs> {
    const host = await context.host();
    const { container, network } = inputs;
    const guest = await find(host, inputs);
    if (!guest) {
        throw new Error(
            `there is no container ${container} on ${host.address}; make it first, or run pulumi up --refresh if Pulumi made it`,
        );
    }
    const problems = await refuseGuest(guest, inputs, host, context);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const { Running } = guest.State;
    const linked = isLinked(guest, network, context.urn);
    try {
        // Docker gives no other name to what is on a network, and does not start what is on one that was removed.
        const stays = linked && hasAlias(guest, inputs) && (await isOn(host, guest, network));
        if (linked && !stays) await unlink(host, guest, network);
        if (!stays && (linked || Running)) await link(host, guest, inputs, context.urn);
        if (Running) {
            const attached = await host.docker.getContainer(guest.Id).inspect();
            await routeThroughGateway(host, attached, inputs, context);
            return { address: addressIn(attached, network) };
        }
    } catch (error) {
        throw new PartialFailure(id, {}, `container ${container} is not attached to ${network}: ${reasonOf(error)}`);
    }
    throw new Error(`container ${container} does not run; start it and run pulumi up again`);
}

/** Lets a container go that something else is about to remove: it ends what it has begun, and is asked for nothing new. */
async function leave(guest: Inspection, state: ContainerAttachmentState, context: Context): Promise<void> {
    const host = await context.host();
    const { gateway, container } = state;
    if (guest.State.Running) await drain(host, gateway, container, context.progress);
    await detach(state, context);
    // Else the agent would take what comes next under this name for what is about to stop.
    await seenToStop(host, gateway, container);
}

/** Takes the container off the network, if this resource attached it, with its routing as before. */
async function detach(state: ContainerAttachmentState, context: Context): Promise<void> {
    const host = await context.host();
    const guest = await find(host, state);
    if (!guest || !isLinked(guest, state.network, context.urn)) return;
    // One that has moved to another cloud service has its routes from there.
    const moved = attachments(guest.NetworkSettings.Networks).length > 1;
    // Without a gateway to take the tools from: the routes end with the network, and empty rules say nothing.
    if (guest.State.Running && !moved) await clearRoutes(host, guest, state, context).catch(() => undefined);
    await unlink(host, guest, state.network);
}

/** Whether a refresh finds the route as it should be. Nobody can tell while the container or the gateway does not run. */
async function keepsRoute(
    host: Host,
    guest: Inspection,
    state: ContainerAttachmentState,
    context: Context,
): Promise<boolean> {
    if (!guest.State.Running || !isLinked(guest, state.network, context.urn)) return true;
    return routesThroughGateway(host, guest, state, context).catch(() => true);
}
