import type { z } from "zod";
import { assignPositions } from "../model/balancer/positions";
import { EMPTY_CONFIGURATION, type BalancerConfiguration, type LoadBalancedSet } from "../model/balancer/configuration";
import { loadBalancer as schema, type LoadBalancerState } from "../model/resources/loadBalancer";
import { isUnknown } from "../model/schema/unknown";
import { AgentRefusal } from "./control/agent";
import { agentOf, unlessNoAgent } from "./control/gateways";
import { NoAgent } from "./control/stream";
import type { Context, Definition } from "./definition";

interface Outputs {
    readonly revision: number;
}

export const loadBalancer: Definition<z.output<typeof schema>, LoadBalancerState, Outputs> = {
    type: "LoadBalancer",
    schema,
    outputs: ["revision"],
    replaceOn: ["privateNetwork", "docker"],

    derive(inputs, { olds }) {
        if (isUnknown(inputs.loadBalancedSets)) return inputs as unknown as LoadBalancerState;
        const sets = Object.entries(inputs.loadBalancedSets).map(([name, set]) => [
            name,
            isUnknown(set) ? set : withPositions(set, olds?.loadBalancedSets?.[name]),
        ]);
        return { ...inputs, loadBalancedSets: Object.fromEntries(sets) as LoadBalancerState["loadBalancedSets"] };
    },

    async create(inputs, context) {
        return { id: `${inputs.gateway}-balancer`, outputs: { revision: await apply(inputs, context) } };
    },

    async read(_id, state, context) {
        const applied = await unlessGatewayIsGone(state, context);
        if (applied === "gone") return undefined;
        return applied ? { ...state, ...applied.configuration, revision: applied.revision } : state;
    },

    async update(_id, olds, inputs, context) {
        if (olds.gateway !== inputs.gateway) await clear(olds, context);
        return { revision: await apply(inputs, context) };
    },

    async delete(_id, state, context) {
        await clear(state, context);
    },
};

type DeclaredSet = z.output<typeof schema>["loadBalancedSets"][string];

/** Members keep their positions, so that removing one in the middle moves only its own connections. */
function withPositions(set: DeclaredSet, before: LoadBalancedSet | undefined): LoadBalancedSet {
    if (isUnknown(set.members)) return set as unknown as LoadBalancedSet;
    const previous = Object.entries(before?.members ?? {}).map(([name, { position }]) => [name, position]);
    const positions = assignPositions(Object.keys(set.members), Object.fromEntries(previous));
    const members = Object.entries(set.members).map(([name, member]) => [
        name,
        isUnknown(member) ? member : { ...member, position: positions[name] },
    ]);
    return { ...set, members: Object.fromEntries(members) };
}

/** Applies the configuration whole, or throws one message with every problem while the old one serves on. */
async function apply(inputs: LoadBalancerState, context: Context): Promise<number> {
    const { gateway, endpoints, loadBalancedSets, waitSeconds } = inputs;
    const configuration: BalancerConfiguration = { endpoints, loadBalancedSets };
    const agent = agentOf(await context.host(), gateway);
    const { revision } = await agent.status();
    try {
        const request = { configuration, owner: context.urn, basedOn: revision, waitSeconds };
        return await agent.apply(request, context.progress);
    } catch (error) {
        if (!(error instanceof AgentRefusal)) throw error;
        const serving = revision === 0 ? "nothing is served yet" : `revision ${revision} still serves`;
        throw new Error(`gateway ${gateway} did not apply the configuration; ${serving}:\n${bullets(error.problems)}`);
    }
}

function bullets(problems: readonly string[]): string {
    return problems.map((problem) => `- ${problem}`).join("\n");
}

/**
 * Serves nothing any more. A gateway that is gone, or without an agent, does not; and what another load balancer has
 * applied since (this one was renamed: the new one is created first) is not ours to take away.
 */
async function clear(state: LoadBalancerState, context: Context): Promise<void> {
    const serving = await unlessGatewayIsGone(state, context);
    if (serving === "gone" || (serving?.owner !== undefined && serving.owner !== context.urn)) return;
    const empty = { ...state, ...EMPTY_CONFIGURATION, waitSeconds: 0 };
    await unlessNoAgent(apply(empty, context));
}

async function unlessGatewayIsGone(state: LoadBalancerState, context: Context) {
    const host = await context.host();
    try {
        return await agentOf(host, state.gateway).configuration();
    } catch (error) {
        if (!(error instanceof NoAgent)) throw error;
        return error.kind === "gone" ? "gone" : undefined;
    }
}
