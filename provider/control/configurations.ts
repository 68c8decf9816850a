import type { Host } from "../docker/host";
import { AgentRefusal } from "./agent";
import { agentAnswers, agentOf, PATIENCE_SECONDS, unlessNoAgent } from "./agents";
import type { Applied, CommonStatus, Runtime } from "./runtimes";
import { NoAgent } from "./stream";

/** A container that serves what a resource applies to it. */
export interface Target<Status extends CommonStatus, Configuration, Settings extends object> {
    readonly host: Host;
    readonly runtime: Runtime<Status, Configuration, Settings>;
    readonly container: string;
    /** The id of the resource. */
    readonly owner: string;
    progress(message: string): void;
}

/** Applies the configuration whole, or throws one message with every problem while the old one serves on. */
export async function apply<Status extends CommonStatus, Configuration, Settings extends object>(
    { host, runtime, container, owner, progress }: Target<Status, Configuration, Settings>,
    what: Settings & { readonly configuration: Configuration },
): Promise<number> {
    const { revision } = await agentAnswers(host, runtime, container, PATIENCE_SECONDS).catch((error: unknown) => {
        if (!(error instanceof NoAgent) || error.kind !== "silent") throw error;
        throw new NoAgent("silent", `${error.message}; run pulumi up --refresh to install the agent again`);
    });
    try {
        return await agentOf(host, runtime, container).apply({ ...what, owner, basedOn: revision }, progress);
    } catch (error) {
        if (!(error instanceof AgentRefusal)) throw error;
        const serving = revision === 0 ? "nothing is served yet" : `revision ${revision} still serves`;
        const problems = error.problems.map((problem) => `- ${problem}`).join("\n");
        throw new Error(`${runtime.noun} ${container} did not apply the configuration; ${serving}:\n${problems}`);
    }
}

/**
 * Serves nothing any more. A container that is gone, or without an agent, does not; and what another resource has
 * applied since (this one was renamed or replaced: the new one is created first) is not ours to take away.
 */
export async function clear<Status extends CommonStatus, Configuration, Settings extends object>(
    target: Target<Status, Configuration, Settings>,
): Promise<void> {
    const serving = await served(target);
    if (serving === "gone" || (serving?.owner !== undefined && serving.owner !== target.owner)) return;
    await unlessNoAgent(apply(target, target.runtime.nothing));
}

/** What the container serves: undefined while there is no agent to ask, `gone` without a container. */
export async function served<Status extends CommonStatus, Configuration, Settings extends object>({
    host,
    runtime,
    container,
}: Pick<Target<Status, Configuration, Settings>, "host" | "runtime" | "container">): Promise<
    Applied<Configuration> | "gone" | undefined
> {
    try {
        return await agentOf(host, runtime, container).configuration();
    } catch (error) {
        if (!(error instanceof NoAgent)) throw error;
        return error.kind === "gone" ? "gone" : undefined;
    }
}
