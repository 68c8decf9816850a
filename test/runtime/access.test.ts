import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readAclCounts, type Commands, type Engine } from "../../runtime/balancer";
import {
    NEIGHBOUR_ADDRESS,
    OUTSIDE_ADDRESS,
    pause,
    planFor,
    runLoad,
    startEngine,
    startServers,
    openFlows,
    Topology,
    until,
} from "./support";

const TCP = { protocol: "tcp", port: 80 } as const;
const UDP = { protocol: "udp", port: 53 } as const;
const BOTH = [TCP, UDP];
const OUTSIDE_RANGE = "198.51.100.0/24";

describe("given an engine, a tcp set and a udp set", () => {
    let net: Topology;
    let gateway: Commands;
    let engine: Engine;
    const told: string[] = [];

    beforeAll(async () => {
        net = new Topology(2);
        gateway = net.commands(net.gateway);
        await startServers(net, { tcp: [8080], udp: [5353] });
    });

    beforeEach(async () => {
        engine = await startEngine(net, 1);
        engine.onForeignChange((what) => told.push(what));
    });

    afterEach(async () => {
        await engine.apply(planFor(net));
        await engine.close();
        // What the kernel does to its own sets, as packets pass, is nobody's change.
        expect(told.splice(0)).toEqual([]);
    });

    afterAll(() => net?.remove());

    /** The plan with the same settings for both sets. */
    const planWith = (settings: object, healthy = net.machines) =>
        planFor(net, healthy, { http: settings, dns: settings });

    /** Who gets through: `ok`, `TIMEOUT`, `ECONNREFUSED`, one after another. */
    async function outcomes(client: string, frontend: (typeof BOTH)[number], connections: number) {
        const { ok, failed } = await runLoad(net, client, {
            ...frontend,
            connections,
            concurrency: 1,
            timeoutMs: 700,
        });
        return { ok, ...failed };
    }

    describe("with an ACL", () => {
        const permitOutside = { action: "permit", remoteSubnet: OUTSIDE_RANGE };
        const denyOutside = { action: "deny", remoteSubnet: OUTSIDE_RANGE };
        const permitOne = { action: "permit", remoteSubnet: OUTSIDE_ADDRESS };
        const denyOne = { action: "deny", remoteSubnet: OUTSIDE_ADDRESS };
        const everybody = "0.0.0.0/0";

        it.each([
            ["denies one range", { 1: denyOutside }, "denied", "served"],
            ["permits one range", { 1: permitOutside }, "served", "denied"],
            [
                "permits one address before it denies its range",
                { 100: permitOne, 200: denyOutside },
                "served",
                "denied",
            ],
            [
                "denies a range before it permits an address of it",
                { 100: denyOutside, 200: permitOne },
                "denied",
                "denied",
            ],
            ["denies one address before it permits its range", { 7: denyOne, 8: permitOutside }, "denied", "denied"],
            [
                "permits everybody after it denies one",
                { 0: denyOne, 65535: { action: "permit", remoteSubnet: everybody } },
                "denied",
                "served",
            ],
            ["denies everybody", { 5: { action: "deny", remoteSubnet: everybody } }, "denied", "denied"],
        ])("that %s, then a client from outside and a neighbour are treated so", async (_, acl, outside, neighbour) => {
            await engine.apply(planWith({ acl }));

            const fates = { served: { ok: 2 }, denied: { ok: 0, TIMEOUT: 2 } } as const;
            for (const frontend of BOTH) {
                expect(await outcomes(net.outside, frontend, 2)).toEqual(fates[outside as "served"]);
                expect(await outcomes(net.neighbour, frontend, 2)).toEqual(fates[neighbour as "served"]);
            }
        });

        it("then each rule counts what it decided, through changes of health and of other settings", async () => {
            const acl = { 10: denyOne, 20: { action: "permit", remoteSubnet: NEIGHBOUR_ADDRESS }, 30: permitOutside };
            const settings = { http: { acl } };
            await engine.apply(planFor(net, net.machines, settings));
            expect(await outcomes(net.neighbour, TCP, 5)).toEqual({ ok: 5 });
            expect(await outcomes(net.outside, TCP, 1)).toEqual({ ok: 0, TIMEOUT: 1 });
            expect(await outcomes(net.machines[0]!.namespace, TCP, 1)).toEqual({ ok: 0, TIMEOUT: 1 });

            const plan = planFor(net, net.machines.slice(1), { ...settings, dns: { publicPort: 54, acl } });
            const counted = await readAclCounts(plan, gateway);
            await engine.apply(planFor(net, net.machines.slice(1), settings));
            await engine.apply(plan);

            const http = (await readAclCounts(plan, gateway)).get("set/http")!;
            expect(http).toEqual(counted.get("set/http"));
            expect(http.get(20)!.packets).toBeGreaterThanOrEqual(5);
            expect(http.get(20)!.bytes).toBeGreaterThanOrEqual(5 * 40);
            expect(http.get(10)!.packets).toBeGreaterThanOrEqual(1);
            expect(http.get(undefined)!.packets).toBeGreaterThanOrEqual(1);
            // Rule 10 comes first for the only client that rule 30 would let in.
            expect(http.get(30)).toEqual({ packets: 0, bytes: 0 });
            expect((await readAclCounts(plan, gateway)).get("set/dns")!.get(20)).toEqual({ packets: 0, bytes: 0 });
        });

        it("when it is tightened, then established connections stay and new ones are denied", async () => {
            await engine.apply(planWith({ acl: { 1: permitOutside } }));
            const flows = await openFlows(net, net.outside, { port: 80, flows: 10 });
            const before = await flows.ask();

            await engine.apply(planWith({ acl: { 1: denyOutside } }));

            expect(await flows.ask()).toEqual(before);
            expect(await outcomes(net.outside, TCP, 1)).toEqual({ ok: 0, TIMEOUT: 1 });
            await flows.close();
        });

        it("of 5,000 rules, when members leave and come back, then nobody notices", async () => {
            const acl = Object.fromEntries(
                Array.from({ length: 5_000 }, (_, n) => [
                    String(n),
                    { action: n % 3 ? "deny" : "permit", remoteSubnet: `10.${n >> 8}.${n & 255}.0/${20 + (n % 13)}` },
                ]),
            );
            const settings = { acl: { ...acl, 60000: permitOutside } };
            await engine.apply(planWith(settings));
            for (const healthy of [net.machines.slice(1), net.machines, net.machines.slice(0, 1)]) {
                await engine.apply(planWith(settings, healthy));
                const { ok, machines } = await runLoad(net, net.outside, { port: 80, connections: 40 });
                expect(ok).toBe(40);
                expect(Object.keys(machines).sort()).toEqual(healthy.map(({ name }) => name));
            }
            expect(await outcomes(net.neighbour, TCP, 1)).toEqual({ ok: 0, TIMEOUT: 1 });
        });
    });

    describe.each(BOTH)("with at most three connections, $protocol", (frontend) => {
        const { protocol, port } = frontend;

        it("then a fourth is refused, also after a new configuration and a new agent, until one has ended", async () => {
            const settings = { maxConnections: 3 };
            await engine.apply(planWith(settings));
            const flows = await openFlows(net, net.outside, { protocol, port, flows: 3 });
            const before = await flows.ask();
            const isFull = async () =>
                expect(await outcomes(net.neighbour, frontend, 2)).toEqual({ ok: 0, ECONNREFUSED: 2 });
            await isFull();

            await engine.apply(planFor(net, net.machines, { http: settings, dns: { ...settings, allDown: "allUp" } }));
            await engine.apply({ ...planWith(settings), network: { ...net.network, publicSubnet: "203.0.113.0/25" } });
            await isFull();
            await engine.close();
            engine = await startEngine(net);
            await engine.apply(planWith(settings));
            await isFull();
            expect(await flows.ask()).toEqual(before);

            await flows.close();
            // A udp flow ends by silence.
            if (protocol === "udp") await gateway.attempt(["conntrack", "-D", "-p", "udp", "--orig-port-dst", "53"]);
            await until("there is room again", async () => (await outcomes(net.neighbour, frontend, 1)).ok === 1);
        });
    });

    describe.each(BOTH)("with a rate for each source, $protocol", (frontend) => {
        it("then a source that opens more gets no answer, also after a new configuration, and others are served", async () => {
            const settings = { maxConnectionRatePerSource: { perMinute: 1, burst: 3 } };
            await engine.apply(planWith(settings));

            expect(await outcomes(net.outside, frontend, 5)).toEqual({ ok: 3, TIMEOUT: 2 });
            await engine.apply({ ...planWith(settings), network: { ...net.network, publicSubnet: "203.0.113.0/25" } });
            expect(await outcomes(net.outside, frontend, 1)).toEqual({ ok: 0, TIMEOUT: 1 });
            expect(await outcomes(net.neighbour, frontend, 3)).toEqual({ ok: 3 });
        });
    });

    it("with a rate per second, then a source may go on after a moment", async () => {
        await engine.apply(planWith({ maxConnectionRatePerSource: { perSecond: 1 } }));

        expect(await outcomes(net.outside, UDP, 2)).toEqual({ ok: 1, TIMEOUT: 1 });
        await until("it may go on", async () => (await outcomes(net.outside, UDP, 1)).ok === 1);
    });

    describe("with an idle timeout", () => {
        const timeouts = async (protocol: string, port: number) => {
            const open = protocol === "tcp" ? ["--state", "ESTABLISHED"] : ["--status", "ASSURED"];
            const filter = ["-p", protocol, "--orig-port-dst", String(port), ...open];
            const listed = await gateway.run(["conntrack", "-L", ...filter]);
            return [...listed.matchAll(/^\S+\s+\d+ (\d+) /gm)].map(([, seconds]) => Number(seconds));
        };

        it("then the kernel keeps silent connections so long", async () => {
            await engine.apply(planWith({ idleTimeoutMinutes: 5 }));
            const tcp = await openFlows(net, net.outside, { port: 80, flows: 2 });
            const udp = await openFlows(net, net.outside, { protocol: "udp", port: 53, flows: 2 });
            await udp.ask();
            // A udp flow counts as one after 2 seconds.
            await pause(2_200);
            await Promise.all([tcp.ask(), udp.ask()]);

            for (const { protocol, port } of BOTH) {
                const seconds = await timeouts(protocol, port);
                expect(seconds).toHaveLength(2);
                expect(Math.min(...seconds)).toBeGreaterThan(240);
                expect(Math.max(...seconds)).toBeLessThanOrEqual(300);
            }
            await Promise.all([tcp.close(), udp.close()]);
        });

        it("when a connection was forgotten, then the client still reaches the same machine on it", async () => {
            const plan = planFor(net);
            const brief = plan.frontends.map((frontend) => ({ ...frontend, idleTimeoutMinutes: 2 / 60 }));
            await engine.apply({ ...plan, frontends: brief });
            const flows = await openFlows(net, net.outside, { port: 80, flows: 20 });
            const before = await flows.askEach();

            await until("the kernel has forgotten them", async () => (await timeouts("tcp", 80)).length === 0);

            expect(await flows.askEach()).toEqual(before);
            await flows.close();
        });
    });
});
