import { AgentClient } from "../../test/runtime/agent/client";
import { startAgent, type Topology } from "../../test/runtime/support";
import { allSeen } from "../support/processes";
import { setsOf } from "./configuration";

export const MEMBERS = 5;

/** Milliseconds of what a provider asks of an agent, from its request to the last event. */
export interface Applies {
    readonly first: number;
    readonly oneMember: number;
    readonly megabytes: number;
}

/** An agent that begins with nothing. What it leaves goes with its gateway. */
export async function measureApplies(net: Topology, sets: number): Promise<Applies> {
    const agent = await startAgent(net);
    try {
        const client = new AgentClient(agent.socket);
        const first = await timed(() => client.apply(setsOf(sets, MEMBERS)));
        const oneMember = await timed(() => client.apply(setsOf(sets, MEMBERS, { weight: 2 })));
        const [process_] = [...allSeen().values()].filter(
            ({ parent, command }) => parent === process.pid && command.includes("dist/runtime/agent.js"),
        );
        return { first, oneMember, megabytes: process_!.megabytes };
    } finally {
        await agent.remove();
        net.replaceGateway();
    }
}

async function timed(action: () => Promise<unknown>): Promise<number> {
    const begin = performance.now();
    await action();
    return performance.now() - begin;
}
