import fs from "node:fs/promises";
import type http from "node:http";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyEvent, revision as revisionSchema } from "../../model/control";
import { DNS_SECRETS } from "../../model/dns/configuration";
import { dnsStatus as statusSchema } from "../../model/dns/control";
import { DnsApplies } from "../../runtime/agent/dns/apply";
import { explanation } from "../../model/dns/explanation";
import { explainServing } from "../../runtime/agent/dns/explaining";
import { GeoFiles } from "../../runtime/agent/dns/geo-files";
import { dnsRoutes } from "../../runtime/agent/dns/control";
import { storedConfiguration } from "../../runtime/agent/dns/memory";
import { dnsStatus } from "../../runtime/agent/dns/status";
import { listen } from "../../runtime/agent/control-server";
import { Revisions } from "../../runtime/agent/revisions";
import { REFUSED } from "./support/agent";
import { askAgent, problemsIn, type Reply } from "./support/controlClient";
import { dns, FAILOVER, makeDnsAgent, MONITOR } from "./support/dnsAgent";

describe("the DNS agent's control server", () => {
    let agent: ReturnType<typeof makeDnsAgent>;
    let directory: string;
    let socket: string;
    let server: http.Server;
    let revisions: Revisions<ReturnType<typeof dns> | null>;

    beforeEach(async () => {
        agent = makeDnsAgent();
        directory = await fs.mkdtemp(path.join(os.tmpdir(), "switchyard-dns-control-"));
        socket = path.join(directory, "agent.sock");
        revisions = new Revisions(path.join(directory, "revisions"), storedConfiguration, DNS_SECRETS);
        const { serving, events, engine, probers } = agent;
        const applies = new DnsApplies({
            serving,
            events,
            keep: async () => {},
            onApplied: (before, applied) => revisions.add(before, applied),
        });
        const routes = dnsRoutes({
            applies,
            revisions,
            events,
            probers,
            applied: () => serving.applied,
            status: () =>
                dnsStatus({ bundle: "0123", startedAt: 1, serving, engine, events, problems: async () => [] }),
            explain: (policy, client) => explainServing(serving, new GeoFiles(directory), policy, client),
        });
        server = await listen(socket, routes);
    });

    afterEach(async () => {
        server.close();
        server.closeAllConnections();
        await agent.serving.close();
        await fs.rm(directory, { recursive: true, force: true });
    });

    const send = (method: string, url: string, body?: string | object) => askAgent(socket, method, url, body);
    const put = (configuration: unknown, basedOn = agent.serving.applied.revision) =>
        send("PUT", "/v1/configuration", { configuration, basedOn, owner: "urn:contoso" });
    const lastEvent = ({ text }: Reply) => applyEvent.parse(JSON.parse(text.trim().split("\n").at(-1)!));
    const listed = async () => revisionSchema.array().parse(JSON.parse((await send("GET", "/v1/revisions")).text));

    it("applies a configuration, gives it back, and tells what became of it", async () => {
        agent.places.answers.set("192.0.2.1", REFUSED);
        expect(lastEvent(await put(dns({ contoso: FAILOVER })))).toEqual({ event: "applied", revision: 1 });
        expect(JSON.parse((await send("GET", "/v1/configuration")).text)).toMatchObject({
            revision: 1,
            owner: "urn:contoso",
            configuration: JSON.parse(JSON.stringify(dns({ contoso: FAILOVER }))),
        });

        const status = statusSchema.parse(JSON.parse((await send("GET", "/v1/status")).text));
        expect(status).toMatchObject({
            revision: 1,
            domain: "trafficmanager.example",
            queries: { noerror: 7 },
            policies: { contoso: { status: "Degraded", endpoints: { east: { status: "Degraded" } } } },
        });
        const { text } = await send("GET", "/v1/status.txt");
        expect(text).toMatch(/^trafficmanager\.example and cloudapp\.example: serves configuration revision 1 /);
        expect(text).toMatch(/ contoso\.trafficmanager\.example +Failover, TTL 300 s +Degraded \(since /);
        expect(text).toContain("\nqueries since gdnsd started: noerror 7\n");
        expect(text).toMatch(/ east +cloud service east +Degraded: connection refused \(since /);
    });

    it("takes everything away with null", async () => {
        await put(dns({ contoso: FAILOVER }));
        expect(lastEvent(await put(null))).toEqual({ event: "applied", revision: 2 });
        expect((await send("GET", "/v1/status.txt")).text).toMatch(/^no zone: /);
    });

    it("refuses what contradicts itself, with the path of each problem", async () => {
        const broken = structuredClone(dns({ contoso: FAILOVER })) as any;
        broken.policies.contoso.ttlSeconds = -1;
        broken.policies.contoso.monitor.headers = { Authorization: "hush\n" };
        const { status, ...reply } = await put(broken);
        expect(status).toBe(400);
        const problems = problemsIn({ status, ...reply });
        expect(problems).toContain(
            "configuration.policies.contoso.ttlSeconds: must be between 0 and 268435455 (got -1)",
        );
        expect(problems.join()).not.toContain("hush");

        const loop = structuredClone(dns({ contoso: FAILOVER })) as any;
        loop.policies.contoso.endpoints.east = { ...loop.policies.contoso.endpoints.west, cloudService: "nowhere" };
        expect(problemsIn(await put(loop)).join("\n")).toMatch(/^configuration\.policies\.contoso\.endpoints\./);
        expect(agent.serving.applied.revision).toBe(0);
    });

    it("refuses an apply that saw another revision", async () => {
        await put(dns({ contoso: FAILOVER }));
        const reply = await put(dns({}), 0);
        expect(reply.status).toBe(409);
        expect(problemsIn(reply)).toEqual([expect.stringMatching(/^the apply is based on revision 0, /)]);
    });

    it("asks everybody anew on demand", async () => {
        await put(dns({ contoso: FAILOVER }));
        expect((await send("POST", "/v1/probe-now")).status).toBe(204);
        expect(agent.places.asked).toHaveLength(4);
    });

    it.each([
        ["/v1/explain?policy=contoso", 400, 'client: must be an IPv4 or IPv6 address (got "")'],
        ["/v1/explain?policy=contoso&client=%zz", 400, 'client: must be an IPv4 or IPv6 address (got "%zz")'],
        ["/v1/explain?policy=other&client=192.0.2.1", 404, 'there is no policy "other"'],
    ])("refuses to explain %s", async (url, status, problem) => {
        const reply = await send("GET", url);
        expect(reply.status).toBe(status);
        expect(problemsIn(reply)).toEqual([problem]);
    });

    it("explains the answer of a client by what is known now", async () => {
        agent.places.answers.set("192.0.2.1", REFUSED);
        await put(dns({ contoso: FAILOVER }));
        const { status, text } = await send("GET", "/v1/explain?policy=contoso&client=198.51.100.7");
        expect(status).toBe(200);
        expect(explanation.parse(JSON.parse(text))).toMatchObject({
            name: "contoso.trafficmanager.example",
            client: "198.51.100.7",
            answers: [{ type: "CNAME", data: "west.cloudapp.example", odds: 1 }],
            steps: [{ policy: "contoso", status: "Degraded" }],
        });
    });

    describe("revisions", () => {
        const first = dns({ contoso: FAILOVER });
        const second = dns({ contoso: { ...FAILOVER, ttlSeconds: 30 } });

        it("tell what changed, and lead back", async () => {
            await put(first);
            await put(second);
            const [newest, oldest] = await listed();
            expect(newest).toMatchObject({
                revision: 2,
                serves: true,
                changes: ["policies.contoso.ttlSeconds: 300 => 30"],
            });
            expect(oldest).toMatchObject({ revision: 1, serves: false, changes: ["configuration: added"] });

            const reply = await send("POST", `/v1/revisions/${oldest!.hash.slice(0, 6)}/rollback`);
            expect(lastEvent(reply)).toEqual({ event: "applied", revision: 3 });
            expect(agent.serving.applied).toMatchObject({ owner: "urn:contoso", configuration: first });
            expect(await listed()).toMatchObject([
                { revision: 3, hash: oldest!.hash, serves: true, changes: ["policies.contoso.ttlSeconds: 30 => 300"] },
                { revision: 2, serves: false },
                { revision: 1, serves: false },
            ]);
            expect(agent.events.list()).toContainEqual(
                expect.objectContaining({ kind: "rollback", message: `to revision 1 (${oldest!.hash})` }),
            );
        });

        it("do not show secrets", async () => {
            const withHeader = (value: string) =>
                dns({ contoso: { ...FAILOVER, monitor: { ...MONITOR, headers: { Authorization: value } } } });
            await put(first);
            await put(withHeader("hush1"));
            await put(withHeader("hush2"));
            const list = await listed();
            expect(list.map(({ changes }) => changes).slice(0, 2)).toEqual([
                ["policies.contoso.monitor.headers.Authorization: changed (secret)"],
                ["policies.contoso.monitor.headers: added"],
            ]);
            expect(JSON.stringify(list)).not.toContain("hush");
        });

        it.each(["ffffffffffff", "..%2f..", "index"])("refuse to go back to %s", async (hash) => {
            await put(first);
            const reply = await send("POST", `/v1/revisions/${hash}/rollback`);
            expect(reply.status).toBe(404);
            expect(problemsIn(reply)).toEqual([expect.stringMatching(/^no revision is kept whose hash begins with /)]);
        });

        it("refuse a hash that is too short", async () => {
            await put(first);
            const reply = await send("POST", `/v1/revisions/${(await listed())[0]!.hash.slice(0, 3)}/rollback`);
            expect(reply.status).toBe(400);
            expect(problemsIn(reply)).toEqual([
                expect.stringMatching(/^... is too short for a hash: give at least 4 /),
            ]);
        });

        it("refuse to go back to what serves, and to what cannot be read any more", async () => {
            await put(first);
            await put(second);
            const [newest, oldest] = await listed();
            const serves = await send("POST", `/v1/revisions/${newest!.hash}/rollback`);
            expect([serves.status, ...problemsIn(serves)]).toEqual([
                409,
                `revision 2 (${newest!.hash}) serves already`,
            ]);
            await fs.writeFile(path.join(directory, "revisions", `${oldest!.hash}.json`), "{");
            const damaged = await send("POST", `/v1/revisions/${oldest!.hash}/rollback`);
            expect([damaged.status, ...problemsIn(damaged)]).toEqual([
                409,
                `revision 1 (${oldest!.hash}) cannot be read any more`,
            ]);
        });
    });

    it("refuses whatever is wrong clearly, and what served serves on", async () => {
        const valid = dns({
            contoso: { ...FAILOVER, fallback: { hostName: "sorry.example.org" } },
            canary: {
                method: "Weighted",
                endpoints: { v1: { cloudService: "east", weight: 95 }, nested: { policy: "contoso", weight: 5 } },
            },
        });
        expect(lastEvent(await put(valid))).toMatchObject({ event: "applied" });
        const served = agent.engine.answer("canary");
        await fc.assert(
            fc.asyncProperty(mutations(valid), async (mutated) => {
                const reply = await put(mutated);
                if (reply.status === 200) {
                    const event = lastEvent(reply);
                    // What is still valid may be applied; then the valid one is brought back.
                    if (event.event === "failed") expect(event.problems.join()).toMatch(/\w/);
                    else await put(valid);
                } else {
                    expect(reply.status).toBe(400);
                    for (const problem of problemsIn(reply)) expect(problem).toMatch(/^configuration\b.*: \w/s);
                }
                expect(agent.serving.applied.configuration).toEqual(valid);
                expect(agent.engine.answer("canary")).toEqual(served);
            }),
            { numRuns: 150 },
        );
    });

    it("lives on after noise of any kind", async () => {
        const request = fc.record({
            method: fc.constantFrom("GET", "PUT", "POST", "DELETE"),
            url: fc.oneof(
                fc.webPath().map((path) => `/v1${path}`),
                fc.constantFrom(
                    "/v1/configuration",
                    "/v1/explain?client=::",
                    "/v1/revisions/%ff/rollback",
                    "/v1/status?x",
                ),
            ),
            body: fc.oneof(fc.json(), fc.string()),
        });
        await fc.assert(
            fc.asyncProperty(request, async ({ method, url, body }) => {
                const reply = await send(method, url, body);
                if (reply.status >= 300) {
                    expect(reply.status).toBeLessThan(500);
                    expect(problemsIn(reply).length).toBeGreaterThan(0);
                }
            }),
            { numRuns: 100 },
        );
        expect(lastEvent(await put(dns({ contoso: FAILOVER })))).toMatchObject({ event: "applied" });
    });
});

/** The configuration with something else in one place of it. */
function mutations(valid: object): fc.Arbitrary<unknown> {
    const places = pathsOf(valid);
    const value = fc.oneof(
        fc.constantFrom(null, -1, 0, 1e9, 0.5, "", "*", "..", [], {}, true, "contoso", "canary", "192.0.2.1"),
        fc.jsonValue(),
    );
    return fc.tuple(fc.constantFrom(...places), fc.option(value, { nil: undefined })).map(([place, value]) => {
        const copy = structuredClone(valid);
        const holder = place.slice(0, -1).reduce<any>((at, key) => at[key], copy);
        if (value === undefined) delete holder[place.at(-1)!];
        else holder[place.at(-1)!] = value;
        return copy;
    });
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, part]) => [[...path, key], ...pathsOf(part, [...path, key])]);
}
