import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { initialHealth } from "../../model/health/health";
import { dnsStore } from "../../runtime/agent/dns/memory";
import { Revisions } from "../../runtime/agent/revisions";
import { storedConfiguration } from "../../runtime/agent/dns/memory";
import { dns, FAILOVER, makeDnsAgent } from "./support/dnsAgent";

describe("the DNS agent's memory", () => {
    let directory: string;
    const applied = { revision: 3, configuration: dns({ contoso: FAILOVER }), owner: "urn:contoso", appliedAt: 9 };
    const known = new Map([
        ["policy contoso", { status: "Degraded" as const, since: 4 }],
        [
            "endpoint contoso/east",
            { status: "Degraded" as const, since: 5, health: initialHealth(5), target: "192.0.2.1" },
        ],
    ]);

    beforeEach(async () => {
        directory = await fs.mkdtemp(path.join(os.tmpdir(), "switchyard-dns-memory-"));
    });

    afterEach(() => fs.rm(directory, { recursive: true, force: true }));

    it("finds again what was kept", async () => {
        await dnsStore(directory).keepConfiguration(applied, known);
        const stored = await dnsStore(directory).load();
        expect(stored).toMatchObject({ problems: [], lostConfiguration: false });
        expect(stored.applied).toEqual(applied);
        expect(stored.known).toEqual(known);
    });

    it("finds again what an older agent took, though this one would refuse it", async () => {
        const refused = structuredClone(applied);
        refused.configuration.policies.contoso!.endpoints.east!.cloudService = "nowhere";
        await fs.writeFile(path.join(directory, "configuration.json"), JSON.stringify(refused));
        const stored = await dnsStore(directory).load();
        expect(stored).toMatchObject({ problems: [], applied: refused });
    });

    it("begins with whatever the files hold, and says what was wrong", async () => {
        const text = JSON.stringify(applied);
        const garbage = fc.oneof(
            fc.string(),
            fc.json(),
            fc.uint8Array().map((bytes) => Buffer.from(bytes)),
            fc.nat(text.length - 1).map((length) => text.slice(0, length)),
            fc
                .record({ revision: fc.jsonValue(), configuration: fc.jsonValue() })
                .map((value) => JSON.stringify(value)),
        );
        await fc.assert(
            fc.asyncProperty(garbage, garbage, garbage, garbage, async (configuration, health, events, revisions) => {
                const folder = await fs.mkdtemp(path.join(directory, "garbage-"));
                await fs.mkdir(path.join(folder, "revisions"));
                await fs.writeFile(path.join(folder, "configuration.json"), configuration);
                await fs.writeFile(path.join(folder, "health.json"), health);
                await fs.writeFile(path.join(folder, "events.json"), events);
                await fs.writeFile(path.join(folder, "revisions/index.json"), revisions);

                const stored = await dnsStore(folder).load();
                if (stored.lostConfiguration)
                    expect(stored.problems[0]).toMatch(/configuration\.json could not be read/);
                const kept = new Revisions(path.join(folder, "revisions"), storedConfiguration, []);
                await kept.load(stored.applied);

                const agent = makeDnsAgent();
                await agent.serving.restore(stored.applied, stored.known);
                await agent.serving.close();
            }),
            { numRuns: 150 },
        );
    });
});
