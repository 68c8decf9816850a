import { setTimeout as sleep } from "node:timers/promises";
import type { AgentStatus } from "../../../model/balancer/control";
import { AgentClient } from "../../../provider/control/agent";
import { GATEWAY } from "../../../provider/control/runtimes";
import { connect } from "../../../provider/docker/host";

const LOOK_MS = 50;

/** Asks a gateway's agent while something happens, and tells the fewest members of each set that were healthy at a time. */
export async function watched<T>(
    gateway: string,
    action: () => Promise<T>,
): Promise<{ result: T; fewest: Record<string, number>; looks: number }> {
    const agent = new AgentClient(await connect(undefined), GATEWAY, gateway);
    const fewest: Record<string, number> = {};
    let [stopped, looks] = [false, 0];
    const look = async () => {
        while (!stopped) {
            // An agent that is being replaced tells nothing for a moment.
            const status = await agent.status().catch(() => undefined);
            if (status) looks++;
            for (const [set, count] of Object.entries(status ? healthyIn(status) : {}))
                fewest[set] = Math.min(fewest[set] ?? Infinity, count);
            await sleep(LOOK_MS);
        }
    };
    const looking = look();
    try {
        return { result: await action(), fewest, looks };
    } finally {
        stopped = true;
        await looking;
        agent.close();
    }
}

function healthyIn({ loadBalancedSets }: AgentStatus): Record<string, number> {
    const count = (members: AgentStatus["loadBalancedSets"][string]["members"]) =>
        Object.values(members).filter(({ status }) => status === "healthy").length;
    return Object.fromEntries(Object.entries(loadBalancedSets).map(([set, { members }]) => [set, count(members)]));
}
