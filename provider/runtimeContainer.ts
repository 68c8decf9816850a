import { objectBaseName } from "../model/names";
import type { PublishedAddress } from "../model/resources/publishedAddress";
import { agentAnswers } from "./control/agents";
import { hasAgent } from "./control/installed";
import type { AnyRuntime } from "./control/runtimes";
import type { Common, Context, Definition } from "./definition";
import { inspectContainer, nameOf, removeContainer } from "./docker/containers";
import type { Host } from "./docker/host";
import { isOn } from "./docker/networks";
import { claimsOf } from "./runtime/claims";
import { createRuntime, forgottenRuntime, startRuntime, type ContainerPlan } from "./runtime/container";
import { publishedAddresses } from "./runtime/published";
import { refuseRuntime } from "./runtime/refusals";
import { ensureRuntimeImage } from "./runtimeImage";

export interface RuntimeOutputs {
    readonly containerId: string;
    readonly publishedAddresses: readonly PublishedAddress[];
}

interface RuntimeState extends Common {
    readonly publicNetwork: string;
    readonly publicSubnet: string;
    readonly name: string;
    readonly image: string;
    /** An input, so that a container that somebody stopped shows as a change and is started again. */
    readonly state: "running" | "stopped";
}

/** What tells the container of one kind of runtime from another's. */
interface Kind<Declared extends object, State extends Declared & RuntimeState> extends Pick<
    Definition<Declared, State>,
    "type" | "schema" | "replaceOn" | "derive"
> {
    readonly runtime: AnyRuntime;
    /** Inputs that name its networks. */
    readonly networks: readonly (keyof State & string)[];
    plan(inputs: State): ContainerPlan;
    /** What its replacement interrupts. */
    gap(state: State, replaces: readonly string[]): string;
}

/** An agent that was there before is up within a second of its container; a slow machine gets more. */
const AGENT_SECONDS = 90;

export function runtimeContainer<Declared extends object, State extends Declared & RuntimeState>({
    type,
    schema,
    replaceOn,
    derive,
    runtime,
    networks,
    plan,
    gap,
}: Kind<Declared, State>): Definition<Declared, State, RuntimeOutputs> {
    async function start(host: Host, id: string, inputs: State): Promise<RuntimeOutputs> {
        await startRuntime(host, id, plan(inputs));
        await agentReturns(host, inputs.name);
        return { containerId: id, publishedAddresses: await publishedAddresses(host, id) };
    }

    /** The volume may hold the agent of a container before: then it serves again what that one served. */
    async function agentReturns(host: Host, name: string): Promise<void> {
        if (await hasAgent(host, name)) await agentAnswers(host, runtime, name, AGENT_SECONDS);
    }

    async function takeBack(host: Host, inputs: State, context: Context) {
        const id = await forgottenRuntime(host, plan(inputs), context);
        if (id === undefined) return undefined;
        context.progress(`taking back ${inputs.name}, which was made for it before`);
        // One that does not serve is made anew.
        const outputs = await start(host, id, inputs).catch(() => undefined);
        return outputs && { id, outputs, takenOver: true };
    }

    return {
        type,
        schema,
        derive,
        outputs: ["containerId", "publishedAddresses"],
        replaceOn: ["docker", ...replaceOn],
        renames: true,
        // One name, one address, one set of host ports: two cannot be there at once.
        deleteBeforeReplace: true,
        gap: (olds, replaces) => (olds.state === "running" ? gap(olds, replaces) : undefined),
        name: (_inputs, { identity }) => objectBaseName(identity),
        claims: (inputs) => claimsOf(plan(inputs), inputs),
        refuse: (inputs, host, owner) => refuseRuntime(plan(inputs), host, owner),

        async create(inputs, context) {
            const host = await context.host();
            const taken = await takeBack(host, inputs, context);
            if (taken) return taken;
            await ensureRuntimeImage(host, runtime.name, inputs.image, context);
            const id = await createRuntime(host, plan(inputs), context);
            try {
                return { id, outputs: await start(host, id, inputs) };
            } catch (error) {
                await removeContainer(host, id);
                throw error;
            }
        },

        async read(id, state, context) {
            const host = await context.host();
            const container = await inspectContainer(host, id);
            if (!container) return undefined;
            const { Running, Paused } = container.State;
            const attached = networks.map(async (key) => [
                key,
                (await isOn(host, container, state[key] as string)) ? state[key] : "",
            ]);
            return {
                ...state,
                name: nameOf(container),
                ...(Object.fromEntries(await Promise.all(attached)) as object),
                state: Running && !Paused ? "running" : "stopped",
                publishedAddresses: Running ? await publishedAddresses(host, id) : state.publishedAddresses,
            };
        },

        async update(id, _olds, inputs, context) {
            return (await start(await context.host(), id, inputs)) as RuntimeOutputs & Partial<State>;
        },

        async delete(id, _state, context) {
            await removeContainer(await context.host(), id);
        },
    };
}
