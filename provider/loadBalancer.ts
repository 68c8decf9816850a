import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { assignPositions } from "../model/balancer/positions";
import {
    CONFIGURATION_SECRETS,
    type BalancerConfiguration,
    type LoadBalancedSet,
    type Member,
} from "../model/balancer/configuration";
import { loadBalancer as schema, type LoadBalancerState } from "../model/resources/loadBalancer";
import { isUnknown } from "../model/schema/unknown";
import { apply, clear, served } from "./control/configurations";
import { GATEWAY } from "./control/runtimes";
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
        return { id, outputs: { revision: await serve(id, inputs, context) } };
    },

    async read(id, state, context) {
        const applied = await served(await targetOf(id, state.gateway, context));
        if (applied === "gone") return undefined;
        return applied ? { ...state, metrics: undefined, ...applied.configuration, revision: applied.revision } : state;
    },

    async update(id, olds, inputs, context) {
        const revision = await serve(id, inputs, context);
        if (olds.gateway !== inputs.gateway) await clear(await targetOf(id, olds.gateway, context));
        return { revision };
    },

    async delete(id, state, context) {
        await clear(await targetOf(id, state.gateway, context));
    },
};

async function serve(id: string, inputs: LoadBalancerState, context: Context): Promise<number> {
    const { gateway, endpoints, loadBalancedSets, metrics, waitSeconds } = inputs;
    const configuration: BalancerConfiguration = { endpoints, loadBalancedSets, metrics };
    return apply(await targetOf(id, gateway, context), { configuration, waitSeconds });
}

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

async function targetOf(owner: string, gateway: string, { host, progress }: Context) {
    return { host: await host(), runtime: GATEWAY, container: gateway, owner, progress };
}
