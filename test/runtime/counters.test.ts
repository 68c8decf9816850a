import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NO_TRAFFIC, type FrontendTraffic } from "../../model/balancer/traffic";
import type { Engine } from "../../runtime/balancer";
import {
    applyAndSettle,
    membersOf,
    openFlows,
    OUTSIDE_ADDRESS,
    planFor,
    planOf,
    runLoad,
    startEngine,
    startServer,
    startServers,
    Topology,
    until,
    type Machine,
} from "./support";

describe("given what the kernel counts", () => {
    let net: Topology;
    let engine: Engine;
    let vm1: Machine;
    let vm2: Machine;
    let told: string[];

    beforeAll(() => {
        net = new Topology(2);
        [vm1, vm2] = net.machines as [Machine, Machine];
    });

    beforeEach(async () => {
        engine = await startEngine(net, 1);
        told = [];
        engine.onForeignChange((what) => told.push(what));
        await engine.apply(planFor(net));
    });

    afterEach(async () => {
        await engine.close();
        await net.processes.endAll();
        await net.commands(net.gateway).attempt(["nft", "delete", "table", "ip", "switchyard"]);
        await net.commands(net.gateway).attempt(["conntrack", "-F"]);
    });

    afterAll(() => net?.remove());

    const counted = async (frontend: string): Promise<FrontendTraffic> => (await engine.traffic()).now.get(frontend)!;
    const total = ({ members }: FrontendTraffic, what: "connections" | "answered" | "refused") =>
        [...members.values()].reduce((sum, member) => sum + member[what], 0);

    it("when connections are served, then each is counted once, where it went, and nobody takes it for a change", async () => {
        await startServers(net, { tcp: [8080], udp: [5353] });
        const load = await runLoad(net, net.outside, { port: 80, connections: 60 });
        await runLoad(net, net.outside, { protocol: "udp", port: 53, connections: 20 });

        const http = await counted("set/http");
        expect(http.arrived).toBe(60);
        for (const { name, address } of net.machines) {
            const connections = load.machines[name];
            expect(http.members.get(address)).toEqual({ ...NO_TRAFFIC, connections, answered: connections });
        }
        const dns = await counted("set/dns");
        expect(dns.arrived).toBe(20);
        expect(total(dns, "connections")).toBe(20);
        expect(told).toEqual([]);
    });

    it("when an open connection carries much, then nothing is counted for it any more", async () => {
        await startServers(net, { tcp: [8080] });
        const flows = await openFlows(net, net.outside, { port: 80, flows: 4 });
        for (let round = 0; round < 20; round++) await flows.ask();

        const http = await counted("set/http");
        expect([http.arrived, total(http, "connections"), total(http, "answered")]).toEqual([4, 4, 4]);
    });

    it("when one member refuses and the other is silent, then the counts tell which", async () => {
        await net.silence(vm2);
        try {
            const { failed } = await runLoad(net, net.outside, {
                port: 80,
                connections: 40,
                concurrency: 40,
                // The silent one's clients have tried again by then, which is no new connection.
                timeoutMs: 1_500,
            });
            const http = await counted("set/http");
            expect(http.arrived).toBe(40);
            const refused = failed["ECONNREFUSED"];
            expect(http.members.get(vm1.address)).toEqual({ ...NO_TRAFFIC, connections: refused, refused });
            expect(http.members.get(vm2.address)).toEqual({ ...NO_TRAFFIC, connections: failed["TIMEOUT"] });
        } finally {
            await net.revive(vm2);
        }
    });

    it("when nobody is healthy, then connections arrive and go nowhere", async () => {
        await applyAndSettle(engine, planFor(net, []));
        await runLoad(net, net.outside, { port: 80, connections: 10 });

        expect(await counted("set/http")).toEqual({ arrived: 10, members: new Map() });
    });

    it("when connections go on after their record was lost, or machines call the outside, then none is counted", async () => {
        await startServers(net, { tcp: [8080] });
        await startServer(net, { name: "elsewhere", namespace: net.outside, address: OUTSIDE_ADDRESS }, { tcp: [80] });
        const flows = await openFlows(net, net.outside, { port: 80, flows: 20 });
        const before = await counted("set/http");
        expect(before.arrived).toBe(20);

        await net.commands(net.gateway).run(["conntrack", "-F"]);
        expect((await flows.ask()).failed).toEqual({});
        await runLoad(net, vm1.namespace, { address: OUTSIDE_ADDRESS, port: 80, connections: 10 });

        expect(await counted("set/http")).toEqual(before);
    });

    it("when bytes are wanted, then packets and bytes of both directions are counted, and no longer when they are not", async () => {
        await startServer(net, vm1, { tcp: [8080], udp: [5353] });
        const plan = planFor(net, [vm1]);
        await applyAndSettle(engine, { ...plan, countsPackets: true });
        await runLoad(net, net.outside, { protocol: "udp", port: 53, connections: 10 });
        const flows = await openFlows(net, net.outside, { port: 80, flows: 4 });
        await flows.ask();

        const dns = (await counted("set/dns")).members.get(vm1.address)!;
        expect(dns).toMatchObject({ receivedPackets: 10, sentPackets: 10 });
        // IP and UDP headers are 28 bytes.
        expect(dns.receivedBytes).toBeGreaterThan(10 * 28);
        const before = (await counted("set/http")).members.get(vm1.address)!;
        // The handshake of each is two packets there and one back.
        expect(before.receivedPackets).toBeGreaterThan(8);
        expect(before.sentPackets).toBeGreaterThan(4);
        await flows.ask();
        const after = (await counted("set/http")).members.get(vm1.address)!;
        expect(after.sentBytes).toBeGreaterThan(before.sentBytes);

        await applyAndSettle(engine, plan);
        await flows.ask();
        expect((await counted("set/http")).members.get(vm1.address)).toEqual({
            ...NO_TRAFFIC,
            connections: 4,
            answered: 4,
        });
        expect(told).toEqual([]);
    });

    it("when a frontend takes another's port, then what that one had counted is not its own", async () => {
        await startServer(net, vm1, { tcp: [8080] });
        const set = { protocol: "tcp", privatePort: 8080, probe: { protocol: "none" } } as const;
        const members = { vm1: membersOf(net)["vm1"]! };
        const plan = (name: string, publicPort: number) =>
            planOf(net, { loadBalancedSets: { [name]: { ...set, publicPort, members } } });
        await applyAndSettle(engine, plan("old", 80));
        await runLoad(net, net.outside, { port: 80, connections: 10 });
        await engine.traffic();
        await applyAndSettle(engine, plan("elsewhere", 81));
        await engine.traffic();

        await applyAndSettle(engine, plan("new", 80));
        await runLoad(net, net.outside, { port: 80, connections: 3 });

        const { before, now } = await engine.traffic();
        const [then, since] = [before!, now].map((traffic) => traffic.get("set/new")!);
        expect(since!.arrived - then!.arrived).toBe(3);
        expect(total(since!, "answered") - total(then!, "answered")).toBe(3);
    });

    it("when the configuration and health change, then counts go on", async () => {
        await startServers(net, { tcp: [8080] });
        await runLoad(net, net.outside, { port: 80, connections: 30 });
        const before = await counted("set/http");

        const plan = planFor(net, [vm1]);
        await applyAndSettle(engine, { ...plan, frontends: plan.frontends.filter(({ name }) => name === "set/http") });
        await runLoad(net, net.outside, { port: 80, connections: 10 });

        const after = await counted("set/http");
        expect(after.arrived).toBe(40);
        expect(after.members.get(vm2.address)).toEqual(before.members.get(vm2.address));
        expect(told).toEqual([]);
    });

    it("when somebody deletes the table, then counting begins anew", async () => {
        await startServers(net, { tcp: [8080] });
        await runLoad(net, net.outside, { port: 80, connections: 30 });
        await net.commands(net.gateway).run(["nft", "delete", "table", "ip", "switchyard"]);
        await until("the table is back", () => told.length > 0);
        await runLoad(net, net.outside, { port: 80, connections: 10 });

        expect((await counted("set/http")).arrived).toBe(10);
    });
});
