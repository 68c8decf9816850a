import { setTimeout as sleep } from "node:timers/promises";
import { connectionsLeft, STOPPING } from "../../model/balancer/control";
import type { Host } from "../docker/host";
import { AgentRefusal } from "./agent";
import { agentAnswers, agentOf, answeringAgent, PATIENCE_SECONDS, POLL_MS, unlessDown, unlessNoAgent } from "./agents";
import { GATEWAY } from "./runtimes";

/** Counting reads the gateway's whole table of connections. */
const DRAIN_POLL_MS = 500;

/** An agent takes back a machine that has not stopped a minute after it said that it would. */
export const REMIND_EVERY_MS = 30_000;

/** What the gateway serves through a machine: `load-balanced set http`. Nothing when it is gone or stopped. */
export async function servedBy(host: Host, gateway: string, container: string): Promise<string[]> {
    const answer = answeringAgent(host, GATEWAY, gateway).then(({ agent }) => agent.configuration());
    const applied = await unlessDown(gateway, answer);
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
    const answers = agentAnswers(host, GATEWAY, gateway, PATIENCE_SECONDS).then(() =>
        agentOf(host, GATEWAY, gateway).post(`/v1/machines/${encodeURIComponent(container)}/quiesce`),
    );
    await unlessNoAgent(answers);
}

/** As `quiesce`, and waits until the machine has no connections any more, or has had the time that its sets give it. */
export async function drain(
    host: Host,
    gateway: string,
    container: string,
    progress: (message: string) => void,
): Promise<void> {
    const agent = agentOf(host, GATEWAY, gateway);
    const path = `/v1/machines/${encodeURIComponent(container)}/connections`;
    const begin = Date.now();
    let reminded = -Infinity;
    for (;;) {
        if (Date.now() - reminded > REMIND_EVERY_MS) {
            await quiesce(host, gateway, container);
            reminded = Date.now();
        }
        const left = await unlessNoAgent(agent.get(path, connectionsLeft)).catch((error: unknown) => {
            // An agent of before cannot tell.
            if (error instanceof AgentRefusal) return undefined;
            throw error;
        });
        const seconds = (left?.drainSeconds ?? 0) - (Date.now() - begin) / 1000;
        if (!left || left.connections === 0 || seconds <= 0) return;
        const connections = left.connections === 1 ? "1 connection" : `${left.connections} connections`;
        progress(`draining ${container}: ${connections}, ${Math.ceil(seconds)} s left`);
        await sleep(DRAIN_POLL_MS);
    }
}

/** An agent looks for machines several times a second, if they are not thousands. */
const LOOK_SECONDS = 15;

/** Waits until the agent has seen that a machine, which it was told is about to stop, did. */
export async function seenToStop(host: Host, gateway: string, container: string): Promise<void> {
    const deadline = Date.now() + LOOK_SECONDS * 1000;
    while (Date.now() < deadline) {
        const status = await unlessNoAgent(agentOf(host, GATEWAY, gateway).status());
        const parts = Object.values(status?.loadBalancedSets ?? {}).flatMap(({ members }) => Object.values(members));
        const all = [...Object.values(status?.endpoints ?? {}), ...parts];
        if (!all.some((member) => member.container === container && member.reason === STOPPING)) return;
        await sleep(POLL_MS);
    }
}
