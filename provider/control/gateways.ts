import { setTimeout as sleep } from "node:timers/promises";
import { STOPPING } from "../../model/balancer/control";
import type { Host } from "../docker/host";
import { agentAnswers, agentOf, PATIENCE_SECONDS, POLL_MS, unlessNoAgent } from "./agents";
import { GATEWAY } from "./runtimes";

/** What the gateway serves through a machine: `load-balanced set http`. Nothing when there is no agent to ask. */
export async function servedBy(host: Host, gateway: string, container: string): Promise<string[]> {
    const answers = agentAnswers(host, GATEWAY, gateway, PATIENCE_SECONDS).then(() =>
        agentOf(host, GATEWAY, gateway).configuration(),
    );
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
    const answers = agentAnswers(host, GATEWAY, gateway, PATIENCE_SECONDS).then(() =>
        agentOf(host, GATEWAY, gateway).post(`/v1/machines/${encodeURIComponent(container)}/quiesce`),
    );
    await unlessNoAgent(answers);
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
