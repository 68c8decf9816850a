import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { assignPositions } from "../model/balancer/positions";
import {
    CONFIGURATION_SECRETS,
    EMPTY_CONFIGURATION,
    type BalancerConfiguration,
    type LoadBalancedSet,
    type Member,
} from "../model/balancer/configuration";
import { loadBalancer as schema, type LoadBalancerState } from "../model/resources/loadBalancer";
import { isUnknown } from "../model/schema/unknown";
import { AgentRefusal } from "./control/agent";
import { agentAnswers, agentOf, PATIENCE_SECONDS, unlessNoAgent } from "./control/gateways";
import { NoAgent } from "./control/stream";
import type { Context, Definition } from "./definition";

interface Outputs {
    readonly revision: number;
}

export const loadBalancer: Definition<z.output<typeof schema>, LoadBalancerState, Outputs> = {
    type: "LoadBalancer",
    schema,
    secret: CONFIGURATION_SECRETS,
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
        const id = `${inputs.gateway}-balancer-${randomBytes(4).toString("hex")}`;
        return { id, outputs: { revision: await apply(id, inputs, context) } };
    },

    async read(_id, state, context) {
        const applied = await unlessGatewayIsGone(state, context);
        if (applied === "gone") return undefined;
        return applied ? { ...state, metrics: undefined, ...applied.configuration, revision: applied.revision } : state;
    },

    async update(id, olds, inputs, context) {
        const revision = await apply(id, inputs, context);
        if (olds.gateway !== inputs.gateway) await clear(id, olds, context);
        return { revision };
    },

    async delete(id, state, context) {
        await clear(id, state, context);
    },
};

type DeclaredSet = z.output<typeof schema>["loadBalancedSets"][string];

/** Members keep their positions, so that removing one in the middle moves only its own connections. */
function withPositions(set: DeclaredSet, before: LoadBalancedSet | undefined): LoadBalancedSet {
    if (isUnknown(set.members)) return set as unknown as LoadBalancedSet;
    const previous: Record<string, number> = {};
    for (const [name, { position }] of Object.entries(before?.members ?? {})) previous[name] = position;
    const positions = assignPositions(Object.keys(set.members), previous);
    const members: LoadBalancedSet["members"] = {};
    for (const [name, member] of Object.entries(set.members)) {
        // What is not known yet stays so, as a whole.
        members[name] = isUnknown(member) ? (member as Member) : { ...member, position: positions[name]! };
    }
    return { ...set, members };
}

/** Applies the configuration whole, or throws one message with every problem while the old one serves on. */
async function apply(id: string, inputs: LoadBalancerState, context: Context): Promise<number> {
    const { gateway, endpoints, loadBalancedSets, metrics, waitSeconds } = inputs;
    const configuration: BalancerConfiguration = { endpoints, loadBalancedSets, metrics };
    const host = await context.host();
    const { revision } = await agentAnswers(host, gateway, PATIENCE_SECONDS);
    try {
        const request = { configuration, owner: id, basedOn: revision, waitSeconds };
        return await agentOf(host, gateway).apply(request, context.progress);
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
 * applied since (this one was renamed or replaced: the new one is created first) is not ours to take away.
 */
async function clear(id: string, state: LoadBalancerState, context: Context): Promise<void> {
    const serving = await unlessGatewayIsGone(state, context);
    if (serving === "gone" || (serving?.owner !== undefined && serving.owner !== id)) return;
    const empty = { ...state, ...EMPTY_CONFIGURATION, metrics: undefined, waitSeconds: 0 };
    await unlessNoAgent(apply(id, empty, context));
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
