import { setTimeout as sleep } from "node:timers/promises";
import { STOPPING, type AgentStatus } from "../../model/balancer/control";
import type { Host } from "../docker/host";
import { AgentClient } from "./agent";
import { NoAgent } from "./stream";

const clients = new Map<string, AgentClient>();

/** The client of a gateway's agent: one a gateway and process, because its connection is kept. */
export function agentOf(host: Host, gateway: string): AgentClient {
    const key = `${host.address} ${gateway}`;
    let client = clients.get(key);
    if (!client) {
        client = new AgentClient(host, gateway);
        clients.set(key, client);
    }
    return client;
}

const POLL_MS = 100;

/** Waits until the agent answers, and says that it is this bundle if one is named. */
export async function agentAnswers(
    host: Host,
    gateway: string,
    seconds: number,
    bundle?: string,
): Promise<AgentStatus> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        let reason: string;
        try {
            const status = await agentOf(host, gateway).status();
            if (bundle === undefined || status.bundle === bundle) return status;
            reason = `agent ${status.bundle} still runs instead of ${bundle}`;
        } catch (error) {
            if (!(error instanceof NoAgent) || error.kind !== "silent") throw error;
            reason = error.message;
        }
        if (Date.now() > deadline) {
            throw new NoAgent("silent", `gateway ${gateway} is not ready after ${seconds} s: ${reason}`);
        }
        await sleep(POLL_MS);
    }
}

/** An agent that was killed is back by then. */
export const PATIENCE_SECONDS = 3;

/** What the gateway serves through a machine: `load-balanced set http`. Nothing when there is no agent to ask. */
export async function servedBy(host: Host, gateway: string, container: string): Promise<string[]> {
    const answers = agentAnswers(host, gateway, PATIENCE_SECONDS).then(() => agentOf(host, gateway).configuration());
    const applied = await unlessNoAgent(answers);
    if (!applied) return [];
    const { endpoints, loadBalancedSets } = applied.configuration;
    return [
        ...Object.entries(endpoints)
            .filter(([, endpoint]) => endpoint.container === container)
            .map(([name]) => `endpoint ${name}`),
        ...Object.entries(loadBalancedSets)
            .filter(([, set]) => Object.values(set.members).some((member) => member.container === container))
            .map(([name]) => `load-balanced set ${name}`),
    ];
}

/** Takes a machine that is about to stop out of every set, if there is an agent to tell. */
export async function quiesce(host: Host, gateway: string, container: string): Promise<void> {
    const answers = agentAnswers(host, gateway, PATIENCE_SECONDS).then(() => agentOf(host, gateway).quiesce(container));
    await unlessNoAgent(answers);
}

/** An agent looks for machines several times a second, if they are not thousands. */
const LOOK_SECONDS = 15;

/** Waits until the agent has seen that a machine, which it was told is about to stop, did. */
export async function seenToStop(host: Host, gateway: string, container: string): Promise<void> {
    const deadline = Date.now() + LOOK_SECONDS * 1000;
    while (Date.now() < deadline) {
        const status = await unlessNoAgent(agentOf(host, gateway).status());
        const parts = Object.values(status?.loadBalancedSets ?? {}).flatMap(({ members }) => Object.values(members));
        const all = [...Object.values(status?.endpoints ?? {}), ...parts];
        if (!all.some((member) => member.container === container && member.reason === STOPPING)) return;
        await sleep(POLL_MS);
    }
}

/** Lets a gateway be gone, stopped or without an agent. */
export async function unlessNoAgent<T>(action: Promise<T>): Promise<T | undefined> {
    try {
        return await action;
    } catch (error) {
        if (error instanceof NoAgent) return undefined;
        throw error;
    }
}
