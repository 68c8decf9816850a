import path from "node:path";
import { DNS_SECRETS, type DnsConfiguration } from "../../../model/dns/configuration";
import type { DnsStatus } from "../../../model/dns/control";
import { DnsEngine } from "../../dns/engine";
import { EventLog } from "../events";
import { run, serveUntilLeft, supervisorNote } from "../life";
import { askMachine } from "../probes";
import { Revisions } from "../revisions";
import { DnsApplies } from "./apply";
import { dnsRoutes } from "./control";
import { explainServing } from "./explaining";
import { GeoFiles } from "./geo-files";
import { dnsStore, storedConfiguration } from "./memory";
import { Probers } from "./prober";
import { hostResolver } from "./resolver";
import { Serving } from "./serving";
import { readSettings } from "./settings";
import { dnsStatus } from "./status";

/**
 * The agent of a DNS runtime. The path of a changed TTL: control-routes (PUT /v1/configuration) → apply → serving.adopt
 * (decided, compiled, handed to the engine, which has gdnsd replaced; then stored). The path of a failed probe: prober →
 * endpoint-monitor → serving.hear (its policies decided anew, compiled, handed to the engine).
 */
async function main(): Promise<void> {
    const settings = readSettings(process.env, process.argv[1] ?? "");
    const startedAt = Date.now();

    const store = dnsStore(settings.stateDirectory);
    const stored = await store.load();
    const events: EventLog = new EventLog(stored.events, () => store.keepEventsSoon(() => events.list()));
    for (const problem of stored.problems) events.add("problem", problem);
    const revisions = new Revisions<DnsConfiguration | null>(
        path.join(settings.stateDirectory, "revisions"),
        storedConfiguration,
        DNS_SECRETS,
        (configuration) => (configuration?.geoDatabase === undefined ? [] : [configuration.geoDatabase]),
    );

    const engine = new DnsEngine(settings.engine);
    const geoFiles = new GeoFiles(settings.geoDirectory);
    const probers = new Probers({ ask: askMachine, resolve: hostResolver() });
    const serving: Serving = new Serving({
        engine,
        probers,
        events,
        onHealth: () => store.keepHealthSoon(() => serving.known()),
    });

    // What served before serves again before anything else happens; who is healthy is found out while it does.
    await engine.start();
    // When nobody knows what served, whatever gdnsd still has is better than nothing.
    if (!stored.lostConfiguration) await serving.restore(stored.applied, stored.known);
    events.add("start", `agent ${settings.bundle}, configuration revision ${stored.applied.revision}`);
    await revisions.load(stored.applied);

    const applies = new DnsApplies({
        serving,
        events,
        keep: (applied) => store.keepConfiguration(applied, serving.known()),
        onApplied: async (before, applied) => {
            await revisions.add(before, applied);
            await geoFiles.keepOnly(revisions.needs()).catch(() => {});
        },
    });
    const problems = async (): Promise<string[]> =>
        [
            await supervisorNote(settings),
            ...((serving.applied.appliedAt ?? 0) > startedAt ? [] : stored.problems),
            serving.problem,
            ...engine.problems(),
            store.trouble(),
            revisions.problem,
        ].filter((problem) => problem !== undefined);
    const status = (): Promise<DnsStatus> =>
        dnsStatus({ bundle: settings.bundle, startedAt, serving, engine, events, problems });
    serving.start();
    const routes = dnsRoutes({
        applies,
        revisions,
        events,
        probers,
        applied: () => serving.applied,
        status,
        explain: (policy, client) => explainServing(serving, geoFiles, policy, client),
    });
    await serveUntilLeft(settings, routes, async () => {
        await Promise.all([serving.close(), store.close()]);
        await engine.close();
    });
}

run(main);
