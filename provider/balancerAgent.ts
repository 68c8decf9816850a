import type { z } from "zod";
import { STATE_DIRECTORY } from "../model/control";
import { balancerAgent as schema, type BalancerAgentState } from "../model/resources/gateway";
import { agentAnswers, PATIENCE_SECONDS } from "./control/gateways";
import { NoAgent } from "./control/stream";
import type { Context, Definition } from "./definition";
import { isGone } from "./docker/errors";
import { execute } from "./docker/exec";
import { uploadFile } from "./docker/upload";
import { agentBundle } from "./package";

const READY_SECONDS = 40;

/** Puts the package's agent into a gateway and makes it the one that runs. Traffic does not notice. */
export const balancerAgent: Definition<z.output<typeof schema>, BalancerAgentState> = {
    type: "BalancerAgent",
    schema,
    outputs: [],
    replaceOn: ["docker"],
    derive: (inputs) => ({ ...inputs, bundle: agentBundle().hash }),

    async create(inputs, context) {
        await install(inputs, context);
        return { id: `${inputs.gateway}-agent`, outputs: {} };
    },

    async read(_id, state, context) {
        try {
            const { bundle } = await agentAnswers(await context.host(), state.gateway, PATIENCE_SECONDS);
            return { ...state, bundle };
        } catch (error) {
            if (!(error instanceof NoAgent)) throw error;
            if (error.kind === "gone") return undefined;
            // Where a gateway runs without an agent, the next update installs one again.
            return error.kind === "silent" ? { ...state, bundle: "" } : state;
        }
    },

    async update(_id, _olds, inputs, context) {
        await install(inputs, context);
        return {};
    },
};

async function install({ gateway, bundle }: BalancerAgentState, context: Context): Promise<void> {
    const host = await context.host();
    const ours = agentBundle();
    if (ours.hash !== bundle) {
        throw new Error(
            `the agent's bundle changed from ${bundle} to ${ours.hash} during this run; run pulumi up again`,
        );
    }
    context.progress(`installing agent ${bundle} in ${gateway}`);
    try {
        await uploadFile(host, gateway, ours.file, { folder: `${STATE_DIRECTORY}/agent`, name: `${bundle}.js` });
    } catch (error) {
        if (isGone(error)) throw new Error(`gateway ${gateway} does not exist on ${host.address}`);
        throw error;
    }
    const { exitCode, output } = await execute(host, gateway, ["switchyard-agent", "use", bundle]);
    if (exitCode !== 0) throw new Error(`agent ${bundle} was not accepted by gateway ${gateway}: ${output}`);
    await agentAnswers(host, gateway, READY_SECONDS, bundle);
}
