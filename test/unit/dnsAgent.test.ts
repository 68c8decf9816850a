import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DnsConfiguration } from "../../model/dns/configuration";
import { policyReports } from "../../runtime/agent/dns/report";
import { REFUSED, SILENT, SUCCESS } from "./support/agent";
import { dns, FAILOVER, makeDnsAgent, MONITOR } from "./support/dnsAgent";

const EAST = "192.0.2.1";
const WEST = "192.0.2.2";

describe("the DNS runtime's agent", () => {
    let agent: ReturnType<typeof makeDnsAgent>;

    beforeEach(() => {
        vi.useFakeTimers();
        agent = makeDnsAgent();
    });

    afterEach(async () => {
        await agent.serving.close();
        vi.useRealTimers();
    });

    function begin(configuration: DnsConfiguration | null, { of = agent, atOnce = false } = {}) {
        const progress: string[] = [];
        const final = of.applies.run(
            { configuration, basedOn: of.serving.applied.revision, owner: "urn:contoso", atOnce },
            (message) => progress.push(message),
            new AbortController().signal,
        );
        return { progress, final };
    }

    async function applied(configuration: DnsConfiguration | null) {
        const { final } = begin(configuration);
        await vi.advanceTimersByTimeAsync(100);
        expect(await final).toMatchObject({ event: "applied" });
    }

    const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);
    const report = (policy = "contoso") => policyReports(agent.serving)[policy]!;
    const status = (endpoint: string, policy = "contoso") => report(policy).endpoints[endpoint]!.status;
    const messages = (kind: string) =>
        agent.events
            .list()
            .filter((event) => event.kind === kind)
            .map(({ message }) => message);

    it("answers with who is online, and tells so at the end of an apply", async () => {
        await applied(dns({ contoso: FAILOVER }));
        expect(agent.engine.answer("contoso")).toEqual(["east.cloudapp.example"]);
        expect(report()).toMatchObject({
            status: "Online",
            name: "contoso.trafficmanager.example",
            method: "Failover",
            ttlSeconds: 300,
            endpoints: {
                east: { status: "Online", reason: "", target: "cloud service east", probes: { succeeded: 1 } },
                west: { status: "Online" },
            },
        });
        expect(agent.kept.applied).toMatchObject({ revision: 1, owner: "urn:contoso" });
    });

    it("asks each endpoint what its monitor says, by the name that its clients use", async () => {
        agent.places.hosts.set("www.example.org", { addresses: ["203.0.113.5"] });
        await applied(
            dns({
                contoso: {
                    method: "RoundRobin",
                    endpoints: {
                        east: { cloudService: "east", headers: { "X-Probe": "1" } },
                        host: { hostName: "www.example.org" },
                    },
                },
                numbers: { method: "RoundRobin", endpoints: { v6: { address: "2001:db8::7" } } },
            }),
        );
        const of = (address: string) => agent.places.asked.find((asked) => asked.address === address)!;
        expect(of(EAST)).toMatchObject({
            port: 80,
            probe: { protocol: "http", path: "/healthz", headers: { Host: "east.cloudapp.example", "X-Probe": "1" } },
        });
        expect(of("203.0.113.5").probe).toMatchObject({ headers: { Host: "www.example.org" } });
        expect(of("2001:db8::7").probe).toMatchObject({ headers: { Host: "[2001:db8::7]" } });
    });

    describe("by number", () => {
        const monitor = { ...MONITOR, intervalSeconds: 30, timeoutSeconds: 10, toleratedFailures: 3 };

        it("takes an endpoint out with the fourth failure in a row, and back with one success", async () => {
            await applied(dns({ contoso: { ...FAILOVER, monitor } }));
            // The second probe is at a moment of the endpoint's own within the interval.
            await seconds(30);
            agent.places.answers.set(EAST, SILENT);
            const asked = agent.places.askedOf(EAST).length;
            const failures = () => agent.places.askedOf(EAST).length - asked;
            const seen: [number, string][] = [];
            while (failures() < 5) {
                await seconds(1);
                seen.push([failures(), status("east")]);
            }
            for (const [count, status] of seen) expect(status).toBe(count < 4 ? "Online" : "Degraded");
            expect(agent.engine.answer("contoso")).toEqual(["west.cloudapp.example"]);
            expect(report().status).toBe("Degraded");
            expect(messages("endpoint")).toContain("east of contoso is Degraded: no answer");

            agent.places.answers.set(EAST, SUCCESS);
            while (failures() < 6) await seconds(1);
            expect(status("east")).toBe("Online");
            expect(agent.engine.answer("contoso")).toEqual(["east.cloudapp.example"]);
            expect(messages("policy").slice(-2)).toEqual(["contoso is Degraded", "contoso is Online"]);
        });

        it("begins to count anew after a success", async () => {
            await applied(dns({ contoso: { ...FAILOVER, monitor } }));
            for (let round = 0; round < 4; round++) {
                agent.places.answers.set(EAST, REFUSED);
                const asked = agent.places.askedOf(EAST).length;
                while (agent.places.askedOf(EAST).length < asked + 3) await seconds(1);
                agent.places.answers.set(EAST, SUCCESS);
                while (agent.places.askedOf(EAST).length < asked + 4) await seconds(1);
            }
            expect(status("east")).toBe("Online");
            expect(messages("endpoint")).not.toContainEqual(expect.stringContaining("east of contoso is Degraded"));
        });

        it("asks once each interval, at most a tenth early", async () => {
            await applied(dns({ contoso: { ...FAILOVER, monitor } }));
            await seconds(300);
            const [first, second, ...others] = agent.places.askedOf(EAST) as [number, number, ...number[]];
            expect(second - first).toBeLessThanOrEqual(30_000);
            expect(others.length).toBeGreaterThanOrEqual(8);
            [second, ...others].reduce((before, at) => {
                expect(at - before).toBeGreaterThanOrEqual(26_999);
                expect(at - before).toBeLessThanOrEqual(30_001);
                return at;
            });
        });

        it("is CheckingEndpoint until the first result, which decides", async () => {
            agent.places.hang = true;
            const { final } = begin(dns({ contoso: { ...FAILOVER, monitor } }), { atOnce: true });
            expect(await final).toEqual({ event: "applied", revision: 1 });
            await seconds(9);
            expect(status("east")).toBe("CheckingEndpoint");
            expect(report().status).toBe("CheckingEndpoints");
            expect(agent.engine.answer("contoso")).toEqual(["east.cloudapp.example"]);
            await seconds(2);
            expect(status("east")).toBe("Degraded");
        });
    });

    describe("a new endpoint", () => {
        const west = { cloudService: "west", priority: 2 };
        const only = dns({ contoso: { method: "Failover", endpoints: { west } } });

        it("is answered only when it has been asked: nobody is sent to one that does not run yet", async () => {
            await applied(only);
            agent.places.answers.set(EAST, REFUSED);
            const plans = agent.engine.plans.length;
            await applied(dns({ contoso: FAILOVER }));
            expect(agent.engine.plans.slice(plans)).toHaveLength(1);
            expect(agent.engine.answer("contoso")).toEqual(["west.cloudapp.example"]);
        });

        it("that says nothing holds the configuration up for one timeout at most", async () => {
            await applied(only);
            agent.places.hang = true;
            const { final, progress } = begin(dns({ contoso: FAILOVER }));
            await seconds(9);
            expect(agent.serving.applied.revision).toBe(1);
            expect(progress).toContain("waiting for the first probe of east of contoso");
            await seconds(2);
            expect(await final).toEqual({ event: "applied", revision: 2 });
            expect(agent.engine.answer("contoso")).toEqual(["west.cloudapp.example"]);
        });

        it("is asked every second until it comes up, and then as its monitor says", async () => {
            agent.places.answers.set(EAST, REFUSED);
            await applied(dns({ contoso: FAILOVER }));
            await seconds(5);
            expect(status("east")).toBe("Degraded");
            agent.places.answers.set(EAST, SUCCESS);
            await seconds(1.5);
            expect(status("east")).toBe("Online");
            const { length } = agent.places.askedOf(EAST);
            await seconds(60);
            expect(agent.places.askedOf(EAST).length - length).toBeLessThanOrEqual(3);
        });

        it("that does not come up is asked as its monitor says after a minute", async () => {
            agent.places.answers.set(EAST, REFUSED);
            await applied(dns({ contoso: FAILOVER }));
            await seconds(62);
            const { length } = agent.places.askedOf(EAST);
            expect(length).toBeGreaterThan(50);
            await seconds(60);
            expect(agent.places.askedOf(EAST).length - length).toBeLessThanOrEqual(3);
        });

        it("does not count for a configuration that nobody waits for any more", async () => {
            await applied(only);
            agent.places.hang = true;
            const gone = new AbortController();
            const final = agent.applies.run(
                { configuration: dns({ contoso: FAILOVER }), basedOn: 1 },
                () => {},
                gone.signal,
            );
            await seconds(1);
            gone.abort();
            await seconds(1);
            expect(await final).toMatchObject({ event: "failed" });
            expect(agent.serving.applied.revision).toBe(1);
            const { length } = agent.places.askedOf(EAST);
            await seconds(20);
            expect(agent.places.askedOf(EAST)).toHaveLength(length);
        });
    });

    it("asks nobody who need not be asked", async () => {
        const leading = (settings: object) => ({
            method: "Weighted",
            endpoints: { east: { cloudService: "east", ...settings } },
        });
        await applied(
            dns({
                always: leading({ alwaysServe: true }),
                disabled: leading({ enabled: false }),
                off: { ...leading({}), enabled: false },
                parent: { method: "Weighted", endpoints: { child: { policy: "always" } } },
            }),
        );
        await seconds(60);
        expect(agent.places.asked).toEqual([]);
        expect(status("east", "always")).toBe("Online");
        expect(status("east", "disabled")).toBe("Disabled");
        expect(status("east", "off")).toBe("Inactive");
        expect(status("child", "parent")).toBe("Online");
        expect(agent.engine.answer("off")).toBeUndefined();
    });

    it("asks once what several policies ask", async () => {
        const policies = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`p${index}`, FAILOVER]));
        await applied(dns(policies));
        expect(agent.places.asked).toHaveLength(2);
        agent.places.usual = REFUSED;
        await seconds(130);
        expect(Object.values(policyReports(agent.serving)).every((policy) => policy.status === "Degraded")).toBe(true);
    });

    it("does not ask many new endpoints all at once, and each at a moment of its own after that", async () => {
        agent.places.hang = true;
        const policies = Object.fromEntries(
            Array.from({ length: 6 }, (_, policy) => [
                `p${policy}`,
                {
                    method: "MultiValue",
                    monitor: { ...MONITOR, timeoutSeconds: 10 },
                    endpoints: Object.fromEntries(
                        Array.from({ length: 50 }, (_, index) => [
                            `e${index}`,
                            { address: `198.51.${policy}.${index}` },
                        ]),
                    ),
                },
            ]),
        );
        begin(dns(policies));
        await vi.advanceTimersByTimeAsync(10);
        expect(agent.places.asked.length).toBe(256);
        await seconds(1);
        expect(agent.places.asked.length).toBe(300);

        agent.places.hang = false;
        await seconds(100);
        const first = agent.places.asked.length;
        // In no second more than a share of all.
        for (let second = 0; second < 30; second++) {
            const before = agent.places.asked.length;
            await seconds(1);
            expect(agent.places.asked.length - before).toBeLessThan(60);
        }
        expect(agent.places.asked.length - first).toBeGreaterThanOrEqual(300);
    });

    it("asks everybody at once when it is told to, and then as before", async () => {
        await applied(dns({ contoso: FAILOVER }));
        await seconds(40);
        const before = agent.places.asked.length;
        agent.probers.now();
        await vi.advanceTimersByTimeAsync(1);
        expect(agent.places.asked.length).toBe(before + 2);
    });

    it("asks nobody again and again because it is told to again and again", async () => {
        agent.places.hang = true;
        const monitor = { ...MONITOR, intervalSeconds: 3600, timeoutSeconds: 20 };
        const endpoints = (policy: number) =>
            Object.fromEntries(
                Array.from({ length: 60 }, (_, n) => [`e${n}`, { address: `198.51.${policy}.${n + 1}` }]),
            );
        const policies = Array.from({ length: 5 }, (_, n): [string, object] => [
            `p${n}`,
            { method: "MultiValue", monitor, endpoints: endpoints(n) },
        ]);
        begin(dns(Object.fromEntries(policies)), { atOnce: true });
        await vi.advanceTimersByTimeAsync(10);
        for (let times = 0; times < 10; times++) agent.probers.now();
        await seconds(30);
        expect(agent.places.asked.length).toBeGreaterThanOrEqual(300);
        // Some are due anyway, because they have not come up.
        expect(agent.places.asked.length).toBeLessThanOrEqual(1000);
    });

    describe("a host name", () => {
        const contoso = {
            method: "Failover",
            monitor: { ...MONITOR, toleratedFailures: 0 },
            endpoints: {
                host: { hostName: "www.example.org", priority: 1 },
                west: { cloudService: "west", priority: 2 },
            },
        };

        it("is resolved anew for each probe, and any of its addresses may answer", async () => {
            agent.places.hosts.set("www.example.org", { addresses: ["203.0.113.5", "2001:db8::5"] });
            agent.places.answers.set("2001:db8::5", REFUSED);
            await applied(dns({ contoso }));
            expect(status("host")).toBe("Online");
            agent.places.hosts.set("www.example.org", { addresses: ["203.0.113.6"] });
            await seconds(60);
            expect(agent.places.askedOf("203.0.113.6").length).toBeGreaterThan(0);
            agent.places.answers.set("203.0.113.6", REFUSED);
            await seconds(31);
            expect(report().endpoints.host).toMatchObject({ status: "Degraded", reason: "connection refused" });
        });

        it("that does not exist is a failure that says so", async () => {
            await applied(dns({ contoso }));
            expect(report().endpoints.host).toMatchObject({
                status: "Degraded",
                reason: "www.example.org does not exist (NXDOMAIN)",
            });
            expect(agent.engine.answer("contoso")).toEqual(["west.cloudapp.example"]);
        });
    });

    describe("another configuration", () => {
        beforeEach(async () => {
            agent.places.answers.set(EAST, REFUSED);
            await applied(dns({ contoso: FAILOVER }));
            expect(status("east")).toBe("Degraded");
        });

        it("leaves who is asked the same as it is, and asks no sooner", async () => {
            const { since } = report().endpoints.east!;
            // By then it is not new any more, and asked no more often than others.
            await seconds(62);
            const asked = [EAST, WEST].map((address) => agent.places.askedOf(address).length);
            await seconds(1);
            await applied(dns({ contoso: { ...FAILOVER, ttlSeconds: 30 } }));
            expect(report().endpoints.east).toMatchObject({ status: "Degraded", since, reason: "connection refused" });
            // Each may have been due.
            for (const [index, address] of [EAST, WEST].entries())
                expect(agent.places.askedOf(address).length - asked[index]!).toBeLessThanOrEqual(1);
        });

        it("leaves who is asked something else as it was until the answer", async () => {
            agent.places.hang = true;
            begin(dns({ contoso: { ...FAILOVER, monitor: { ...MONITOR, path: "/ready" } } }));
            await seconds(1);
            expect(status("east")).toBe("Degraded");
            expect(status("west")).toBe("Online");
            expect(agent.places.asked.at(-1)!.probe).toMatchObject({ path: "/ready" });
        });

        it("knows nothing of who is somebody else now", async () => {
            agent.places.hang = true;
            begin(
                dns(
                    { contoso: FAILOVER },
                    { cloudServices: { east: { addresses: ["192.0.2.9"] }, west: { addresses: [WEST] } } },
                ),
            );
            await seconds(11);
            expect(status("east")).toBe("Degraded");
            expect(status("west")).toBe("Online");
        });

        it("knows a cloud service by its addresses, in whatever order they come", async () => {
            const addressed = (addresses: string[]) =>
                dns({ contoso: FAILOVER }, { cloudServices: { east: { addresses }, west: { addresses: [WEST] } } });
            await applied(addressed([EAST, "2001:db8::1"]));
            agent.places.hang = true;
            begin(addressed(["2001:db8::1", EAST]));
            await seconds(1);
            expect(status("east")).toBe("Online");
        });

        it("stops asking who is gone", async () => {
            await applied(dns({ contoso: { method: "RoundRobin", endpoints: { west: { cloudService: "west" } } } }));
            const asked = agent.places.askedOf(EAST).length;
            await seconds(120);
            expect(agent.places.askedOf(EAST)).toHaveLength(asked);
            expect([...agent.serving.known().keys()].sort()).toEqual(["endpoint contoso/west", "policy contoso"]);
        });

        it("of nothing serves nothing", async () => {
            await applied(null);
            expect(agent.engine.plans.at(-1)!.zones).toEqual([]);
            expect(policyReports(agent.serving)).toEqual({});
            const asked = agent.places.asked.length;
            await seconds(120);
            expect(agent.places.asked).toHaveLength(asked);
        });

        it.each([
            ["the engine refuses", "a zone is wrong", undefined],
            ["cannot be kept", undefined, "no space left on device"],
        ])("that %s leaves the old one serving, and nothing kept", async (_, engine, store) => {
            agent.engine.failure = engine!;
            agent.store.failure = store;
            const { final } = begin(dns({ other: FAILOVER }));
            expect(await final).toEqual({
                event: "failed",
                problems: [`the configuration could not be put into service: ${engine ?? store}`],
            });
            expect(agent.serving.applied.revision).toBe(1);
            expect(agent.kept.applied!.revision).toBe(1);
            expect(agent.engine.answer("contoso")).toEqual(["west.cloudapp.example"]);
            expect(agent.engine.answer("other")).toBeUndefined();
            delete agent.engine.failure;
            agent.store.failure = undefined;
            agent.places.answers.set(EAST, SUCCESS);
            await seconds(31);
            expect(agent.engine.answer("contoso")).toEqual(["east.cloudapp.example"]);
        });
    });

    describe("a new agent", () => {
        it("serves with the last known health before it asks anybody", async () => {
            agent.places.answers.set(EAST, REFUSED);
            await applied(dns({ contoso: FAILOVER }));
            const { since } = report().endpoints.east!;
            await seconds(5);

            const next = makeDnsAgent();
            await next.serving.restore(agent.kept.applied!, agent.kept.known);
            expect(next.engine.answer("contoso")).toEqual(["west.cloudapp.example"]);
            expect(next.places.asked).toEqual([]);
            expect(policyReports(next.serving).contoso!.endpoints.east).toMatchObject({
                status: "Degraded",
                since,
                reason: "connection refused",
            });
            expect(next.events.list()).toEqual([]);
            next.serving.start();
            await seconds(1);
            expect(next.engine.answer("contoso")).toEqual(["east.cloudapp.example"]);
            await next.serving.close();
        });

        it("tries again when its engine does not serve at once", async () => {
            await applied(dns({ contoso: FAILOVER }));
            const next = makeDnsAgent();
            next.engine.failure = "gdnsd does not start";
            await next.serving.restore(agent.kept.applied!, agent.kept.known);
            expect(next.serving.problem).toBe("the present answers are not served: gdnsd does not start");
            delete next.engine.failure;
            await seconds(1.1);
            expect(next.engine.answer("contoso")).toEqual(["east.cloudapp.example"]);
            expect(next.serving.problem).toBeUndefined();
            await next.serving.close();
        });
    });

    it("serves verdicts that come together together, and a verdict that changes no answer not at all", async () => {
        const policies = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, FAILOVER]));
        await applied(dns(policies));
        const monitor = { ...MONITOR, toleratedFailures: 0 };
        await applied(
            dns(Object.fromEntries(Object.entries(policies).map(([name, policy]) => [name, { ...policy, monitor }]))),
        );
        const plans = agent.engine.plans.length;
        agent.places.answers.set(WEST, REFUSED);
        await seconds(60);
        expect(status("west", "p7")).toBe("Degraded");
        expect(agent.engine.plans).toHaveLength(plans);
        agent.places.answers.set(EAST, REFUSED);
        agent.places.answers.set(WEST, SUCCESS);
        await seconds(60);
        expect(agent.engine.answer("p7")).toEqual(["west.cloudapp.example"]);
        expect(agent.engine.plans.length - plans).toBeLessThanOrEqual(2);
    });

    it("ends an apply only when the engine serves what the first probes said", async () => {
        let serves = () => {};
        const configuration = dns({ contoso: FAILOVER });
        const first = { ...dns({ contoso: FAILOVER }), policies: {} };
        await applied(first);
        agent.places.answers.set(EAST, REFUSED);
        const { apply } = agent.engine;
        agent.engine.apply = async (plan) => {
            await new Promise<void>((resolve) => (serves = resolve));
            return apply.call(agent.engine, plan);
        };
        let ended = false;
        const { final } = begin(configuration);
        void final.then(() => (ended = true));
        await seconds(1);
        expect(agent.engine.answer("contoso")).toBeUndefined();
        expect(ended).toBe(false);
        serves();
        await seconds(1);
        expect(agent.engine.answer("contoso")).toEqual(["west.cloudapp.example"]);
        expect(ended).toBe(true);
    });

    it("gives later plans higher serials", async () => {
        await applied(dns({ contoso: FAILOVER }));
        await applied(dns({ contoso: { ...FAILOVER, ttlSeconds: 30 } }));
        const serials = agent.engine.plans.map(({ serial }) => serial);
        expect(serials).toEqual([...new Set(serials)].sort((a, b) => a - b));
        expect(serials[0]).toBeGreaterThanOrEqual(1_700_000_000);
    });
});
