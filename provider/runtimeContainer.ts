import { objectBaseName } from "../model/names";
import type { PublishedAddress } from "../model/resources/publishedAddress";
import { agentAnswers } from "./control/agents";
import { currentBundle } from "./control/installed";
import type { AnyRuntime } from "./control/runtimes";
import { NoAgent } from "./control/stream";
import type { Common, Context, Definition, DeriveContext, Derived } from "./definition";
import { inspectContainer, nameOf, orRemoved, removeContainer } from "./docker/containers";
import type { Host } from "./docker/host";
import { belongsTo } from "./docker/labels";
import { isOn } from "./docker/networks";
import { agentBundle } from "./package";
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
/** Another package's, whose successor is installed next. */
const FORMER_AGENT_SECONDS = 10;

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
    async function start(id: string, inputs: State, { host: connected, announce }: Context): Promise<RuntimeOutputs> {
        const host = await connected();
        await startRuntime(host, id, plan(inputs));
        await agentReturns(host, inputs.name, announce);
        return { containerId: id, publishedAddresses: await publishedAddresses(host, id) };
    }

    /**
     * The volume may hold the agent of a container before: then it serves again what that one served. One that is not this
     * package's is replaced in this run, after this: that it does not come up must not keep its cure away.
     */
    async function agentReturns(host: Host, name: string, announce: Context["announce"]): Promise<void> {
        const bundle = await currentBundle(host, name);
        if (bundle === undefined) return;
        const isOurs = bundle === agentBundle(runtime.name).hash;
        try {
            await agentAnswers(host, runtime, name, isOurs ? AGENT_SECONDS : FORMER_AGENT_SECONDS);
        } catch (error) {
            if (isOurs || !(error instanceof NoAgent) || error.kind !== "silent") throw error;
            announce(
                `${error.message}; it serves again with the agent of this package (else pulumi up --refresh installs it)`,
            );
        }
    }

    async function takeBack(host: Host, inputs: State, context: Context) {
        const id = await forgottenRuntime(host, plan(inputs), context);
        if (id === undefined) return undefined;
        context.progress(`taking back ${inputs.name}, which was made for it before`);
        // One that does not serve is made anew.
        const outputs = await start(id, inputs, context).catch(() => undefined);
        return outputs && { id, outputs, takenOver: true };
    }

    /** Its name has been taken by one that runs and cannot be taken back: the state is lost, or not the only one. */
    async function tellOfUnknown(inputs: Derived<State>, { identity, urn, host, announce }: DeriveContext<State>) {
        const docker = await host();
        if (!docker) return;
        const named = { ...inputs, name: objectBaseName(identity) } as State;
        const existing = await inspectContainer(docker, named.name);
        if (!existing?.State.Running || !belongsTo(existing.Config.Labels, { urn })) return;
        if (await forgottenRuntime(docker, plan(named), { identity, urn, type })) return;
        announce(`${gap(named, [])} (it runs on ${docker.address}, and Pulumi does not know of it)`);
    }

    return {
        type,
        schema,
        outputs: ["containerId", "publishedAddresses"],
        replaceOn: ["docker", ...replaceOn],
        renames: true,
        // One name, one address, one set of host ports: two cannot be there at once.
        deleteBeforeReplace: true,
        gap: (olds, replaces) => (olds.state === "running" ? gap(olds, replaces) : undefined),
        async derive(inputs, context) {
            const derived = derive ? await derive(inputs, context) : (inputs as unknown as Derived<State>);
            if (!context.olds && !context.replaces) await tellOfUnknown(derived, context);
            return derived;
        },

        name: (_inputs, { identity }) => objectBaseName(identity),
        claims: (inputs) => claimsOf(plan(inputs), inputs),
        refuse: (inputs, host, owner) => refuseRuntime(plan(inputs), host, owner),

        async create(inputs, context) {
            const host = await context.host();
            const taken = await takeBack(host, inputs, context);
            if (taken) return taken;
            await ensureRuntimeImage(host, runtime.name, inputs.image, context);
            const id = await createRuntime(host, plan(inputs), context);
            return orRemoved(host, id, async () => ({ id, outputs: await start(id, inputs, context) }));
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
            return (await start(id, inputs, context)) as RuntimeOutputs & Partial<State>;
        },

        async delete(id, _state, context) {
            await removeContainer(await context.host(), id);
        },
    };
}
