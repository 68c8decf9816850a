import type { z } from "zod";
import { compile } from "../../../model/balancer/compile";
import { memberKey, type Observation } from "../../../model/balancer/observation";
import { balancerConfiguration } from "../../../model/balancer/configuration";
import type { Plan } from "../../../model/balancer/plan";
import { prepareNetwork, startNftablesEngine, type Engine } from "../../../runtime/balancer";
import type { Machine, Topology } from "./topology";

/** The plan of a set `http` on tcp 80 → 8080 and a set `dns` on udp 53 → 5353, of all machines, the named ones healthy. */
export function planFor(
    net: Topology,
    healthy: readonly Machine[] = net.machines,
    settings: { readonly http?: object; readonly dns?: object } = {},
): Plan {
    const members = membersOf(net);
    const http = { protocol: "tcp", publicPort: 80, privatePort: 8080, probe: { protocol: "tcp" }, members } as const;
    const dns = { protocol: "udp", publicPort: 53, privatePort: 5353, probe: { protocol: "none" }, members } as const;
    const loadBalancedSets = { http: { ...http, ...settings.http }, dns: { ...dns, ...settings.dns } };
    return planOf(net, { loadBalancedSets }, healthy);
}

/** The plan of any configuration whose members are named as the machines, and known by their addresses. */
export function planOf(
    net: Topology,
    configuration: z.input<typeof balancerConfiguration>,
    healthy: readonly Machine[] = net.machines,
): Plan {
    const parsed = balancerConfiguration.parse(configuration);
    const observe = (address: string): Observation => {
        const isHealthy = healthy.some((machine) => machine.address === address);
        return { address, status: isHealthy ? "healthy" : "unhealthy" };
    };
    const observations = new Map<string, Observation>([
        ...Object.entries(parsed.endpoints).map(
            ([name, { container }]) => [memberKey("endpoint", name), observe(container)] as const,
        ),
        ...Object.entries(parsed.loadBalancedSets).flatMap(([set, { members }]) =>
            Object.entries(members).map(
                ([name, { container }]) => [memberKey("set", set, name), observe(container)] as const,
            ),
        ),
    ]);
    return compile(parsed, net.network, observations);
}

/** Members of a set: all machines of the topology. */
export function membersOf(net: Topology): Record<string, { container: string; position: number }> {
    return Object.fromEntries(
        net.machines.map(({ name, address }, position) => [name, { container: address, position }]),
    );
}

/** An engine at work in the topology's gateway. */
export async function startEngine(net: Topology, checkSeconds = 10): Promise<Engine> {
    const commands = net.commands(net.gateway);
    const { interfaces, problems } = await prepareNetwork(net.network, commands);
    if (problems.length > 0) throw new Error(problems.join("; "));
    return startNftablesEngine({ interfaces, commands, checkSeconds });
}

/** Serves the plan and waits until connections that it made stale are forgotten. */
export async function applyAndSettle(engine: Engine, plan: Plan): Promise<void> {
    await engine.apply(plan);
    await engine.settled();
}
