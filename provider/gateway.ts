import type { z } from "zod";
import { defaultAddress } from "../model/network/addresses";
import { objectBaseName } from "../model/names";
import { gateway as schema, type GatewayState } from "../model/resources/gateway";
import type { PublishedAddress } from "../model/resources/publishedAddress";
import { isUnknown, UNKNOWN } from "../model/schema/unknown";
import { agentAnswers } from "./control/gateways";
import type { Definition } from "./definition";
import { inspectContainer, isAttached, removeContainer } from "./docker/containers";
import { execute } from "./docker/exec";
import type { Host } from "./docker/host";
import { createGateway, startGateway } from "./gateway/container";
import { publishedAddresses } from "./gateway/published";
import { refuseGateway } from "./gateway/refusals";
import { ensureRuntimeImage } from "./runtimeImage";

interface Outputs {
    readonly containerId: string;
    readonly publishedAddresses: readonly PublishedAddress[];
}

/** An agent that was there before is up within a second of its gateway; a slow machine gets more. */
const AGENT_SECONDS = 30;

export const gateway: Definition<z.output<typeof schema>, GatewayState, Outputs> = {
    type: "Gateway",
    schema,
    outputs: ["containerId", "publishedAddresses"],
    replaceOn: [
        "name",
        "image",
        "volume",
        "publicNetwork",
        "publicSubnet",
        "virtualIp",
        "privateNetwork",
        "privateSubnet",
        "internalVirtualIp",
        "privateGateway",
        "publish",
        "docker",
    ],
    // One name, one virtual IP, one set of host ports: two cannot be there at once.
    deleteBeforeReplace: true,

    derive(inputs, { identity }) {
        const { virtualIp, publicSubnet } = inputs;
        const chosen = isUnknown(publicSubnet) ? UNKNOWN : defaultAddress(objectBaseName(identity), publicSubnet);
        return { ...inputs, virtualIp: virtualIp ?? chosen, state: "running" };
    },

    name: (_inputs, { identity }) => objectBaseName(identity),

    refuse: refuseGateway,

    async create(inputs, context) {
        const host = await context.host();
        await ensureRuntimeImage(host, inputs.image, context);
        const id = await createGateway(host, inputs, context);
        try {
            await startGateway(host, id, inputs);
            await agentReturns(host, inputs.name);
            return { id, outputs: { containerId: id, publishedAddresses: await publishedAddresses(host, id) } };
        } catch (error) {
            await removeContainer(host, id);
            throw error;
        }
    },

    async read(id, state, context) {
        const host = await context.host();
        const container = await inspectContainer(host, id);
        if (!container) return undefined;
        const attached = (network: string) => (isAttached(container, network) ? network : "");
        return {
            ...state,
            publicNetwork: attached(state.publicNetwork),
            privateNetwork: attached(state.privateNetwork),
            state: container.State.Running && !container.State.Paused ? "running" : "stopped",
            publishedAddresses: container.State.Running ? await publishedAddresses(host, id) : state.publishedAddresses,
        };
    },

    async update(id, _olds, inputs, context) {
        const host = await context.host();
        await startGateway(host, id, inputs);
        await agentReturns(host, inputs.name);
        return { containerId: id, publishedAddresses: await publishedAddresses(host, id) };
    },

    async delete(id, _state, context) {
        await removeContainer(await context.host(), id);
    },
};

/** The volume may hold the agent of a gateway before: then it serves again what that one served. */
async function agentReturns(host: Host, gateway: string): Promise<void> {
    const { exitCode } = await execute(host, gateway, ["test", "-e", "/var/lib/switchyard/agent/current"]);
    if (exitCode === 0) await agentAnswers(host, gateway, AGENT_SECONDS);
}
