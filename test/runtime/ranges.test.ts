import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../runtime/balancer";
import { countConnections } from "../../runtime/balancer/conntrack";
import {
    applyAndSettle,
    membersOf,
    openFlows,
    pause,
    planOf,
    runLoad,
    startEngine,
    startServers,
    Topology,
    until,
} from "./support";

describe("given a set on a range of ports, and an endpoint on a range that leads to other ports", () => {
    let net: Topology;
    let engine: Engine;

    const plan = (healthy = net.machines) =>
        planOf(
            net,
            {
                endpoints: {
                    moved: {
                        protocol: "tcp",
                        publicPort: "6000-6002",
                        privatePort: "5000-5002",
                        container: net.machines[0]!.address,
                    },
                },
                loadBalancedSets: {
                    media: {
                        protocol: "udp",
                        publicPort: "5000-5009",
                        privatePort: "5000-5009",
                        probe: { protocol: "none" },
                        members: membersOf(net),
                    },
                    passive: {
                        protocol: "tcp",
                        publicPort: "7000-7002",
                        privatePort: "5000-5002",
                        probe: { protocol: "tcp" },
                        members: membersOf(net),
                    },
                },
            },
            healthy,
        );

    beforeAll(async () => {
        net = new Topology(3);
        engine = await startEngine(net);
        await startServers(net, { tcp: [5000, 5001, 5002], udp: [5000, 5004, 5009] });
        await engine.apply(plan());
    });

    afterAll(async () => {
        await engine?.close();
        await net?.remove();
    });

    it.each([5000, 5004, 5009])("then udp port %d reaches the same port of every machine", async (port) => {
        const report = await runLoad(net, net.outside, { protocol: "udp", port, connections: 60 });
        expect(report).toMatchObject({ ok: 60, failed: {} });
        expect(Object.keys(report.machines).sort()).toEqual(["vm1", "vm2", "vm3"]);
    });

    it("then each port leads to its own, and ports beside the range to nobody", async () => {
        for (const port of [6000, 6001, 6002]) {
            const report = await runLoad(net, net.outside, { port, connections: 5 });
            expect(report).toMatchObject({ ok: 5, machines: { vm1: 5 } });
        }
        const all = await runLoad(net, net.outside, { port: 7001, connections: 60 });
        expect(Object.keys(all.machines).sort()).toEqual(["vm1", "vm2", "vm3"]);
        for (const port of [5999, 6003])
            expect(await runLoad(net, net.outside, { port, connections: 2 })).toMatchObject({
                ok: 0,
                failed: { ECONNREFUSED: 2 },
            });
    });

    it("when a machine leaves, then its udp flows of every port move and its tcp connections are counted", async () => {
        const [vm1, ...others] = net.machines;
        const flows = await Promise.all(
            [5000, 5009].map((port) => openFlows(net, net.outside, { protocol: "udp", port, flows: 20 })),
        );
        const tcp = await openFlows(net, net.outside, { port: 7002, flows: 20 });
        for (const each of flows) expect((await each.ask()).machines).toHaveProperty("vm1");
        const { machines: before } = await tcp.ask();

        await applyAndSettle(engine, plan(others));

        for (const each of flows) {
            const report = await each.ask();
            expect(report.failed).toEqual({});
            expect(report.machines).not.toHaveProperty("vm1");
            await each.close();
        }
        const ports = { first: 5000, count: 3 };
        const machine = { protocol: "tcp", address: vm1!.address, ports } as const;
        expect(await countConnections([machine], net.commands(net.gateway))).toEqual([before["vm1"]]);
        expect((await tcp.ask()).machines).toEqual(before);
        await tcp.close();
    });

    it("when nobody is left, then every port of the range refuses", async () => {
        await applyAndSettle(engine, plan([]));
        for (const port of [7000, 7002])
            expect(await runLoad(net, net.outside, { port, connections: 2 })).toMatchObject({
                failed: { ECONNREFUSED: 2 },
            });
        await applyAndSettle(engine, plan());
        expect(await runLoad(net, net.outside, { port: 7002, connections: 10 })).toMatchObject({ ok: 10 });
    });
});

describe("given ranges of ports that change while they have connections", () => {
    let net: Topology;
    let engine: Engine;

    beforeAll(async () => {
        net = new Topology(3);
        engine = await startEngine(net);
        await startServers(net, { ticking: [7000, 7001], udp: [5000, 5009] });
    });

    afterAll(async () => {
        await engine?.close();
        await net?.remove();
    });

    const range = (protocol: "tcp" | "udp", ports: string, names = ["vm1", "vm2", "vm3"], settings: object = {}) => ({
        ...{ protocol, publicPort: ports, privatePort: ports, probe: { protocol: "none" } as const, ...settings },
        members: Object.fromEntries(Object.entries(membersOf(net)).filter(([name]) => names.includes(name))),
    });
    const serve = (loadBalancedSets: Record<string, ReturnType<typeof range>>, healthy = net.machines) =>
        applyAndSettle(engine, planOf(net, { loadBalancedSets }, healthy));
    const openUdp = async (port: number) => {
        const flows = await openFlows(net, net.outside, { protocol: "udp", port, flows: 20, timeoutMs: 3_000 });
        return { flows, before: await flows.askEach() };
    };

    it("when one is divided, then udp flows of each port go to the machines of its new owner", async () => {
        await serve({ whole: range("udp", "5000-5009") });
        const [low, high] = [await openUdp(5000), await openUdp(5009)];
        expect(new Set(high.before).size).toBe(3);

        await serve({ low: range("udp", "5000-5004"), high: range("udp", "5005-5009", ["vm3"]) });

        expect(await low.flows.askEach()).toEqual(low.before);
        expect(new Set(await high.flows.askEach())).toEqual(new Set(["vm3"]));
        await Promise.all([low.flows.close(), high.flows.close()]);
    });

    it("when one begins at another port, then its udp flows still move when their machine leaves", async () => {
        await serve({ media: range("udp", "5000-5009") });
        const { flows, before } = await openUdp(5009);
        await serve({ media: range("udp", "4999-5009") });
        expect(await flows.askEach()).toEqual(before);

        await serve({ media: range("udp", "4999-5009") }, net.machines.slice(1));

        expect(await flows.askEach()).not.toContain("vm1");
        await flows.close();
    });

    it("when a machine went on with connections that were lost and then goes down, then it has lost them", async () => {
        const set = () => ({ passive: range("tcp", "7000-7002", undefined, { resetOnDown: true }) });
        await serve(set());
        const flows = await openFlows(net, net.outside, { port: 7001, flows: 24, silent: true, timeoutMs: 3_000 });
        const before = await flows.askEach();
        expect(before).toContain("vm1");
        await net.commands(net.gateway).run(["conntrack", "-F"]);
        await pause(500);
        expect(await flows.askEach()).toEqual(before);

        await serve(set(), net.machines.slice(1));
        await until("the machine has lost its connections", async () => {
            const { namespace } = net.machines[0]!;
            const open = ["ss", "-Htn", "state", "established", "sport = :7001"];
            return (await net.commands(namespace).run(open)).trim() === "";
        });
        expect(await flows.askEach()).toEqual(before.map((machine) => (machine === "vm1" ? "TIMEOUT" : machine)));
        await flows.close();
    });
});
