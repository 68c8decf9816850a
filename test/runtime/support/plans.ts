import { compile, memberKey, type Observation } from "../../../model/balancer/compile";
import { balancerConfiguration } from "../../../model/balancer/configuration";
import type { Plan } from "../../../model/balancer/plan";
import { prepareNetwork, startNftablesEngine, type Engine } from "../../../runtime/balancer";
import type { Machine, Topology } from "./topology";

/** The plan of a set `http` on tcp 80 → 8080 and a set `dns` on udp 53 → 5353, of all machines, the named ones healthy. */
export function planFor(net: Topology, healthy: readonly Machine[] = net.machines): Plan {
    const members = Object.fromEntries(
        net.machines.map(({ name, address }, position) => [name, { container: address, position }]),
    );
    const configuration = balancerConfiguration.parse({
        loadBalancedSets: {
            http: { protocol: "tcp", publicPort: 80, privatePort: 8080, probe: { protocol: "tcp" }, members },
            dns: { protocol: "udp", publicPort: 53, privatePort: 5353, probe: { protocol: "none" }, members },
        },
    });
    const observations = new Map<string, Observation>();
    for (const machine of net.machines) {
        const status = healthy.includes(machine) ? "healthy" : "unhealthy";
        for (const set of ["http", "dns"])
            observations.set(memberKey("set", set, machine.name), { address: machine.address, status });
    }
    return compile(configuration, net.network, observations);
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
