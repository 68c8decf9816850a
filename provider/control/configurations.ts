import { z } from "zod";
import { CONFIGURATION_COPY, CONFIGURATION_FILE, STATE_DIRECTORY } from "../../model/control";
import { inspectContainer } from "../docker/containers";
import { downloadFile } from "../docker/download";
import type { Host } from "../docker/host";
import { uploadTexts } from "../docker/upload";
import { AgentRefusal } from "./agent";
import { agentOf, answeringAgent, unlessDown } from "./agents";
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
    const { agent, status } = await answeringAgent(host, runtime, container);
    const { revision } = status;
    try {
        return await agent.apply({ ...what, owner, basedOn: revision }, progress);
    } catch (error) {
        if (!(error instanceof AgentRefusal)) throw error;
        const serving = revision === 0 ? "nothing is served yet" : `revision ${revision} still serves`;
        const problems = error.problems.map((problem) => `- ${problem}`).join("\n");
        throw new Error(`${runtime.noun} ${container} did not apply the configuration; ${serving}:\n${problems}`);
    }
}

/**
 * Serves nothing any more, nor when the container is started again. What another resource has applied since (this one
 * was renamed or replaced: the new one is created first) is not ours to take away.
 */
export async function clear<Status extends CommonStatus, Configuration, Settings extends object>(
    target: Target<Status, Configuration, Settings>,
): Promise<void> {
    const { host, runtime, container } = target;
    const clearing = async () => {
        const { agent } = await answeringAgent(host, runtime, container);
        if (isOurs(await agent.configuration(), target)) await apply(target, runtime.nothing);
        return "cleared";
    };
    if ((await unlessDown(container, clearing())) === undefined) await clearStored(target);
}

/** As `clear`, of a container that does not run: its agent reads what it serves from its volume. */
async function clearStored<Status extends CommonStatus, Configuration, Settings extends object>(
    target: Target<Status, Configuration, Settings>,
): Promise<void> {
    const { host, runtime, container } = target;
    const stored = await downloadFile(host, container, pathOf(CONFIGURATION_FILE));
    if (!stored) return;
    const before = appliedIn(stored.content);
    if (before && !isOurs(before, target)) return;
    const nothing = { revision: (before?.revision ?? 0) + 1, configuration: runtime.nothing.configuration };
    const content = JSON.stringify(nothing);
    const files = [CONFIGURATION_FILE, CONFIGURATION_COPY].map((file) => ({
        path: pathOf(file),
        content,
        mode: 0o644,
    }));
    await uploadTexts(host, container, files, STATE_DIRECTORY);
    const now = await inspectContainer(host, container);
    // Whoever started it meanwhile may have had the old one read.
    if (now?.State.Running && !now.State.Restarting) await clear(target);
}

const pathOf = (file: string) => `${STATE_DIRECTORY}/${file}`;

const record = z.looseObject({ revision: z.int(), owner: z.string().optional() });

/** Undefined where it makes no sense: the agent could not read it either. */
function appliedIn(stored: Buffer): z.output<typeof record> | undefined {
    try {
        return record.parse(JSON.parse(stored.toString()));
    } catch {
        return undefined;
    }
}

function isOurs({ owner }: Pick<Applied<unknown>, "owner">, target: { readonly owner: string }): boolean {
    return owner === undefined || owner === target.owner;
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
