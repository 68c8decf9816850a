import type { z } from "zod";
import { STATE_DIRECTORY } from "../model/control";
import { agentAnswers, PATIENCE_SECONDS } from "./control/agents";
import { currentBundle } from "./control/installed";
import type { CommonStatus, Runtime } from "./control/runtimes";
import { NoAgent } from "./control/stream";
import type { Common, Context, Definition } from "./definition";
import { isGone } from "./docker/errors";
import { execute } from "./docker/exec";
import type { Host } from "./docker/host";
import { uploadFile } from "./docker/upload";
import { agentBundle } from "./package";

const READY_SECONDS = 40;

/** Puts the package's agent into a runtime and makes it the one that runs. What is served does not notice. */
export function agentInstaller<
    Declared extends Common,
    Status extends CommonStatus,
    Configuration,
    Settings extends object,
>(
    type: string,
    schema: z.ZodType<Declared>,
    runtime: Runtime<Status, Configuration, Settings>,
    containerOf: (inputs: Declared) => string,
): Definition<Declared, Declared & { bundle: string }> {
    const answers = (host: Host, inputs: Declared, seconds: number, bundle?: string) =>
        agentAnswers(host, runtime, containerOf(inputs), seconds, bundle);

    async function install(inputs: Declared & { bundle: string }, context: Context): Promise<void> {
        const host = await context.host();
        const { bundle } = inputs;
        const container = containerOf(inputs);
        const ours = agentBundle(runtime.name);
        if (ours.hash !== bundle) {
            throw new Error(
                `the agent's bundle changed from ${bundle} to ${ours.hash} during this run; run pulumi up again`,
            );
        }
        context.progress(`installing agent ${bundle} in ${container}`);
        try {
            await uploadFile(host, container, ours.file, { folder: `${STATE_DIRECTORY}/agent`, name: `${bundle}.js` });
        } catch (error) {
            if (isGone(error))
                throw new Error(
                    `${runtime.noun} ${container} does not exist on ${host.address}; run pulumi up --refresh to make it again`,
                );
            throw error;
        }
        const { exitCode, output } = await execute(host, container, ["switchyard-agent", "use", bundle]);
        if (exitCode !== 0)
            throw new Error(`agent ${bundle} was not accepted by ${runtime.noun} ${container}: ${output}`);
        await answers(host, inputs, READY_SECONDS, bundle);
    }

    return {
        type,
        schema,
        outputs: [],
        replaceOn: ["docker"],
        derive: (inputs) => ({ ...inputs, bundle: agentBundle(runtime.name).hash }),

        async create(inputs, context) {
            await install(inputs, context);
            return { id: `${containerOf(inputs)}-agent`, outputs: {} };
        },

        async read(_id, state, context) {
            const host = await context.host();
            try {
                const { bundle } = await answers(host, state, PATIENCE_SECONDS);
                // Without its file it runs until it ends once.
                return {
                    ...state,
                    bundle: (await currentBundle(host, containerOf(state))) === undefined ? "" : bundle,
                };
            } catch (error) {
                if (!(error instanceof NoAgent)) throw error;
                if (error.kind === "gone") return undefined;
                // Where a container runs without an agent, the next update installs one again.
                return error.kind === "silent" ? { ...state, bundle: "" } : state;
            }
        },

        async update(_id, _olds, inputs, context) {
            await install(inputs, context);
            return {};
        },
    };
}
