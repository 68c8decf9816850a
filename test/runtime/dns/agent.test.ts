import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dnsConfiguration, type DnsConfiguration } from "../../../model/dns/configuration";
import { until } from "../support/wait";
import { AgentHost, Endpoint, startQueries } from "./agent-host";
import { ask } from "./client";

const EAST = "127.0.1.1";
const WEST = "127.0.1.2";
const NAME = "contoso.trafficmanager.example";

describe("given an agent in a DNS runtime, and two endpoints that it probes", () => {
    let host: AgentHost;
    let east: Endpoint;
    let west: Endpoint;

    beforeAll(async () => {
        host = await AgentHost.make();
        east = new Endpoint(EAST, host.endpointPort);
        west = new Endpoint(WEST, host.endpointPort);
        await host.startAgent();
    });

    afterAll(async () => {
        await host?.remove();
        await Promise.all([east?.stop(), west?.stop()]);
    });

    beforeEach(async () => {
        await Promise.all([east.start(), west.start()]);
        await host.apply(failover());
        await host.leadsTo(NAME, EAST);
    });

    /** East, and west while east does not answer. */
    function failover(monitor: object = {}, settings: object = {}): DnsConfiguration {
        const quick = { protocol: "http", port: host.endpointPort, intervalSeconds: 0.3, toleratedFailures: 0 };
        return dnsConfiguration.parse({
            domain: "trafficmanager.example",
            nameServers: { ns1: { hostName: "ns1.trafficmanager.example", addresses: ["192.0.2.53"] } },
            policies: {
                contoso: {
                    prefix: "contoso",
                    method: "Failover",
                    ttlSeconds: 30,
                    monitor: { ...quick, ...monitor },
                    endpoints: { east: { address: EAST, priority: 1 }, west: { address: WEST, priority: 2 } },
                    ...settings,
                },
            },
        });
    }

    const report = async () => (await host.status()).policies.contoso!;

    it("then a verdict changes the answer, and the status says why", async () => {
        await east.stop();
        await host.leadsTo(NAME, WEST);
        expect(await report()).toMatchObject({
            status: "Degraded",
            endpoints: { east: { status: "Degraded", reason: `connection refused on ${EAST}:${host.endpointPort}` } },
        });
        await east.start();
        await host.leadsTo(NAME, EAST);
        const { policies, problems, events } = await host.status();
        expect(problems).toEqual([]);
        expect(policies.contoso!.status).toBe("Online");
        expect(events.slice(-2).map(({ message }) => message)).toEqual([
            "east of contoso is Online",
            "contoso is Online",
        ]);
    });

    it("then statuses mean something when an apply returns", async () => {
        await host.apply(null);
        await west.stop();
        await host.apply(failover({ intervalSeconds: 60 }));
        expect(await report()).toMatchObject({
            endpoints: { east: { status: "Online" }, west: { status: "Degraded" } },
        });
    });

    it("then nothing is answered when everything is taken away", async () => {
        await host.apply(null);
        expect(await ask(host.port, NAME)).toMatchObject({ code: "REFUSED" });
    });

    it("then a killed agent costs no query, and the next serves on", async () => {
        const queries = startQueries(host.port, NAME);
        for (let kill = 0; kill < 3; kill++) {
            await host.killAgent();
            expect(host.gdnsd()).not.toEqual([]);
            await host.startAgent();
        }
        await east.stop();
        await host.leadsTo(NAME, WEST);
        const { asked, lost, answers } = await queries.end();
        expect(asked).toBeGreaterThan(300);
        expect(lost).toBe(0);
        expect([...answers]).toEqual([EAST, WEST]);
    });

    it("then gdnsd outlives an agent that is told to end, and is back when it is killed", async () => {
        await host.killAgent("SIGTERM");
        expect(await host.addresses(NAME)).toEqual([EAST]);
        await host.startAgent();
        host.killGdnsd();
        await host.leadsTo(NAME, EAST);
        expect((await host.status()).problems).toEqual([]);
    });

    it("then a restart without network serves the last configuration by the last known health, before any probe", async () => {
        await east.stop();
        await host.leadsTo(NAME, WEST);
        // From here on nothing that a probe sees changes anything soon.
        await host.apply(failover({ intervalSeconds: 3_600, toleratedFailures: 9 }));
        const { since } = (await report()).endpoints.east!;
        await until("health is kept", () => readFileSync(host.stored("health.json"), "utf8").includes(`${since}`));
        await host.killAgent();
        host.killGdnsd();
        host.forgetMemory();
        await west.stop();

        await host.startAgent();
        expect(await host.addresses(NAME)).toEqual([WEST]);
        expect((await report()).endpoints).toMatchObject({
            east: { status: "Degraded", since },
            west: { status: "Online" },
        });
    });

    it("then a rollback serves what was before, as a new revision", async () => {
        await host.apply(failover({}, { endpoints: { west: { address: WEST, priority: 1 } } }));
        await host.leadsTo(NAME, WEST);
        const [serving, before] = await host.revisions();
        await host.rollback(before!.hash);
        await host.leadsTo(NAME, EAST);
        expect((await host.revisions())[0]).toMatchObject({
            revision: serving!.revision + 1,
            hash: before!.hash,
            serves: true,
            changes: expect.arrayContaining(["policies.contoso.endpoints.east: added"]),
        });
    });

    it("then it is refused what gdnsd cannot serve, and what served serves on", async () => {
        const endpoints = Object.fromEntries(
            Array.from({ length: 65 }, (_, index) => [`e${index}`, { address: `192.0.2.${index}` }]),
        );
        const tooMany = structuredClone(failover()) as any;
        tooMany.policies.contoso = { ...tooMany.policies.contoso, method: "RoundRobin", endpoints };
        await expect(host.apply(tooMany)).rejects.toThrow(/64/);
        expect(await host.addresses(NAME)).toEqual([EAST]);
    });

    it("then a thousand policies follow a verdict soon", async () => {
        const { contoso } = failover().policies;
        const policies = Object.fromEntries(
            Array.from({ length: 1_000 }, (_, index) => [`p${index}`, { ...contoso, prefix: `p${index}` }]),
        );
        await host.apply({ ...failover(), policies: { contoso, ...policies } } as DnsConfiguration);
        await host.leadsTo("p999.trafficmanager.example", EAST);
        await east.stop();
        await host.leadsTo("p999.trafficmanager.example", WEST);
        await host.leadsTo("p0.trafficmanager.example", WEST);
    });

    it("then the bundle tells nothing of the machine on which it was built", () => {
        expect(readFileSync(AgentHost.bundle, "utf8")).not.toContain(path.resolve(__dirname, "../../.."));
    });
});
