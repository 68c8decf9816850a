import { balancerConfiguration, type BalancerConfiguration } from "../../../model/balancer/configuration";
import { AgentClient } from "../../../test/runtime/agent/client";
import { membersOf, startAgent, type TestAgent, type Topology } from "../../../test/runtime/support";
import { MEMBERS, PUBLIC_PORT, STREAM_PORT, WEB_PORT, type Way } from "../way";
import { balanced } from "./balanced";

/** The gateway's agent with what users get where they say nothing. */
export async function switchyard(net: Topology): Promise<Way> {
    await serve(net, configurationOf(net));
    return balanced(net);
}

/** An agent in the gateway that serves this when it is returned. */
export async function serve(net: Topology, configuration: BalancerConfiguration): Promise<TestAgent> {
    const agent = await startAgent(net);
    await new AgentClient(agent.socket).apply(configuration);
    return agent;
}

/** @param others more sets of the same members: nobody uses or probes them. */
export function configurationOf(net: Topology, others = 0): BalancerConfiguration {
    const members = Object.fromEntries(Object.entries(membersOf(net)).slice(0, MEMBERS));
    const set = (publicPort: number, probe: object) =>
        ({ protocol: "tcp", publicPort, privatePort: WEB_PORT, probe, members }) as const;
    const stream = { publicPort: STREAM_PORT, privatePort: STREAM_PORT, container: net.machines[0]!.address };
    return balancerConfiguration.parse({
        endpoints: { tcp: { protocol: "tcp", ...stream }, udp: { protocol: "udp", ...stream } },
        loadBalancedSets: Object.fromEntries([
            ["web", set(PUBLIC_PORT, { protocol: "tcp" })],
            ...Array.from({ length: others }, (_, n) => [`other${n}`, set(10_000 + n, { protocol: "none" })] as const),
        ]),
    });
}
