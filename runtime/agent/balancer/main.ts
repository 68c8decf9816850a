import os from "node:os";
import type { AgentStatus } from "../../../model/balancer/control";
import { BalancerApplies } from "./apply";
import { Balancer } from "./balancer";
import { balancerRoutes } from "./control";
import { Detector } from "./detector";
import { EventLog } from "../events";
import { GatewayKernel } from "./gateway-kernel";
import { run, serveUntilLeft, supervisorNote } from "../life";
import { Meter } from "./meter";
import { balancerStore } from "./memory";
import { metricsText } from "./metrics";
import { MetricsServer } from "../metrics-server";
import { Names } from "./names";
import { askMachine } from "../probes";
import { dockerResolver } from "./resolver";
import { readSettings } from "./settings";
import { agentStatus } from "./status";

/**
 * The agent of a gateway. The path of a changed probe interval: control-routes (PUT /v1/configuration) → apply →
 * candidate (the member keeps its watch, because it is still asked the same) → balancer.adopt (stored, compiled, handed
 * to the kernel, which finds nothing changed) → watch.serve → schedule.
 */
async function main(): Promise<void> {
    const settings = readSettings(process.env, process.argv[1] ?? "");
    const startedAt = Date.now();

    const store = balancerStore(settings.stateDirectory);
    const stored = await store.load();
    const events: EventLog = new EventLog(stored.events, () => store.keepEventsSoon(() => events.list()));
    for (const problem of stored.problems) events.add("problem", problem);

    const kernel = new GatewayKernel(
        settings.network,
        (what) => events.add("reconcile", what),
        () => void balancer.refresh(),
    );
    const names = new Names(dockerResolver(settings.network.privateSubnet, os.hostname()));
    const metricsServer: MetricsServer = new MetricsServer(settings.network.privateGateway, async () =>
        metricsText(await status()),
    );
    const balancer: Balancer = new Balancer({
        network: settings.network,
        kernel,
        names,
        ask: askMachine,
        events,
        onApplied: ({ metrics }) => metricsServer.serve(metrics?.port),
        onHealth: () => store.keepHealthSoon(() => balancer.known()),
    });

    // What served before serves again before anything else happens; who is healthy is found out while it does.
    // Only when nobody knows what served, whatever the kernel still has is better than nothing.
    const kernelServes = await kernel.serves();
    if (!stored.lostConfiguration || !kernelServes)
        await balancer.restore(stored.applied, stored.known, { kernelServes });
    events.add("start", `agent ${settings.bundle}, configuration revision ${stored.applied.revision}`);

    const applies = new BalancerApplies({
        balancer,
        kernel,
        events,
        keep: (applied, candidate) => store.keepConfiguration(applied, candidate.known(balancer.known())),
    });
    const meter = new Meter({ kernel, watches: () => balancer.watches, detector: new Detector() });
    const problems = async (): Promise<string[]> =>
        [
            await supervisorNote(settings),
            ...((balancer.applied.appliedAt ?? 0) > startedAt ? [] : stored.problems),
            balancer.problem,
            ...kernel.problems(),
            names.trouble(),
            metricsServer.problem,
            store.trouble(),
        ].filter((problem) => problem !== undefined);
    const status = (): Promise<AgentStatus> =>
        agentStatus({ settings, startedAt, balancer, kernel, meter, applies, events, problems });
    balancer.start();
    meter.start();
    const routes = balancerRoutes({
        applies,
        status,
        configuration: () => balancer.applied,
        quiesce: (container) => balancer.quiesce(container),
        connectionsLeft: (container) => balancer.connectionsLeft(container),
    });
    await serveUntilLeft(settings, routes, async () => {
        meter.close();
        metricsServer.close();
        await Promise.all([balancer.close(), store.close()]);
        await kernel.close();
    });
}

run(main);
