import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../docker/host";
import { AgentClient } from "./agent";
import type { CommonStatus, Runtime } from "./runtimes";
import { NoAgent } from "./stream";

const clients = new Map<string, unknown>();

/** The client of a container's agent: one a container and process, because its connection is kept. */
export function agentOf<Status extends CommonStatus, Configuration, Settings extends object>(
    host: Host,
    runtime: Runtime<Status, Configuration, Settings>,
    container: string,
): AgentClient<Status, Configuration, Settings> {
    const key = `${host.address} ${runtime.name} ${container}`;
    const client = clients.get(key) ?? new AgentClient(host, runtime, container);
    clients.set(key, client);
    return client as AgentClient<Status, Configuration, Settings>;
}

export const POLL_MS = 100;

/** An agent that was killed is back by then. */
export const PATIENCE_SECONDS = 3;

/** Waits until the agent answers, and says that it is this bundle if one is named. */
export async function agentAnswers<Status extends CommonStatus, Configuration, Settings extends object>(
    host: Host,
    runtime: Runtime<Status, Configuration, Settings>,
    container: string,
    seconds: number,
    bundle?: string,
): Promise<Status> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        let reason: string;
        try {
            const status = await agentOf(host, runtime, container).status();
            if (bundle === undefined || status.bundle === bundle) return status;
            reason = `agent ${status.bundle} still runs instead of ${bundle}`;
        } catch (error) {
            if (!(error instanceof NoAgent) || error.kind !== "silent") throw error;
            reason = error.message;
        }
        if (Date.now() > deadline) {
            throw new NoAgent("silent", `${runtime.noun} ${container} is not ready after ${seconds} s: ${reason}`);
        }
        await sleep(POLL_MS);
    }
}

/** The agent, once it answers: one that was killed is back in a moment. */
export async function answeringAgent<Status extends CommonStatus, Configuration, Settings extends object>(
    host: Host,
    runtime: Runtime<Status, Configuration, Settings>,
    container: string,
): Promise<{ agent: AgentClient<Status, Configuration, Settings>; status: Status }> {
    try {
        const status = await agentAnswers(host, runtime, container, PATIENCE_SECONDS);
        return { agent: agentOf(host, runtime, container), status };
    } catch (error) {
        if (!(error instanceof NoAgent) || error.kind !== "silent") throw error;
        throw new NoAgent("silent", `${error.message}; run pulumi up --refresh to install the agent again`);
    }
}

/**
 * Lets a container be gone or stopped, which serves nothing then. One that is silent may serve all the same: then the
 * error says how to go on without its agent.
 */
export async function unlessDown<T>(container: string, action: Promise<T>): Promise<T | undefined> {
    try {
        return await action;
    } catch (error) {
        if (!(error instanceof NoAgent)) throw error;
        if (error.kind === "gone" || error.kind === "stopped") return undefined;
        throw new NoAgent(
            error.kind,
            `${error.message}, or stop it (docker stop ${container}): it then serves nothing`,
        );
    }
}

/** Lets a container be gone, stopped or without an agent. */
export async function unlessNoAgent<T>(action: Promise<T>): Promise<T | undefined> {
    try {
        return await action;
    } catch (error) {
        if (error instanceof NoAgent) return undefined;
        throw error;
    }
}
