import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../model/balancer/plan";
import { countConnections, type Engine } from "../../runtime/balancer";
import {
    applyAndSettle,
    openFlows,
    pause,
    planFor,
    planOf,
    runLoad,
    startEngine,
    startServers,
    Topology,
    until,
    type Machine,
} from "./support";

describe("given a set of three machines", () => {
    let net: Topology;
    let engine: Engine;
    let vm1: Machine;
    let vm2: Machine;
    let vm3: Machine;

    beforeAll(async () => {
        net = new Topology(3);
        [vm1, vm2, vm3] = net.machines as [Machine, Machine, Machine];
        engine = await startEngine(net);
        await startServers(net, { tcp: [8080], udp: [5353] });
    });

    afterAll(async () => {
        await engine?.close();
        await net?.remove();
    });

    describe("all of them healthy", () => {
        it("when one leaves, then its udp flows go on with the others, and no other flow moves", async () => {
            await applyAndSettle(engine, planFor(net));
            const flows = await openFlows(net, net.outside, { protocol: "udp", port: 53, flows: 60 });
            const before = await flows.askEach();
            expect([...new Set(before)].sort()).toEqual(["vm1", "vm2", "vm3"]);

            await applyAndSettle(engine, planFor(net, [vm2, vm3]));

            const after = await flows.askEach();
            const stayed = before.map((machine, flow) => (machine === "vm1" ? after[flow] : machine));
            expect(after).toEqual(stayed);
            expect([...new Set(after)].sort()).toEqual(["vm2", "vm3"]);
        });
    });

    describe("two of them healthy", () => {
        beforeAll(() => applyAndSettle(engine, planFor(net, [vm1, vm2])));
        afterEach(() => applyAndSettle(engine, planFor(net, [vm1, vm2])));

        it("when nobody is left, then udp flows are refused, and served again as soon as somebody is", async () => {
            const flows = await openFlows(net, net.outside, { protocol: "udp", port: 53, flows: 3, timeoutMs: 5_000 });
            await flows.ask();

            await applyAndSettle(engine, planFor(net, []));
            expect(await flows.ask()).toEqual({ machines: {}, failed: { ECONNREFUSED: 3 } });

            await applyAndSettle(engine, planFor(net, [vm1]));
            expect(await flows.ask()).toEqual({ machines: { vm1: 3 }, failed: {} });
        });

        it("when one dies in silence, then connections in setup reach the other at their next try", async () => {
            await net.silence(vm1);
            try {
                const load = runLoad(net, net.outside, { port: 80, connections: 40, concurrency: 40 });
                await until("connections to the dead machine are in setup", async () => {
                    const listed = await net
                        .commands(net.gateway)
                        .run(["conntrack", "-L", "-p", "tcp", "--state", "SYN_SENT", "--reply-src", vm1.address]);
                    return listed.split("\n").length > 5;
                });

                await applyAndSettle(engine, planFor(net, [vm2]));

                const report = await load;
                expect(report).toMatchObject({ ok: 40, failed: {}, machines: { vm2: 40 } });
                // Their own retries come after 1, 3 and 7 s; a connection left with the dead machine would try for two minutes.
                expect(report.slowestMs).toBeGreaterThan(500);
                expect(report.slowestMs).toBeLessThan(8_000);
            } finally {
                await net.revive(vm1);
            }
        });

        it("when one leaves, then its established connections stay and are counted until they end", async () => {
            const commands = net.commands(net.gateway);
            const machine = { protocol: "tcp", address: vm1.address, ports: { first: 8080, count: 1 } } as const;
            const flows = await openFlows(net, net.outside, { port: 80, flows: 20 });
            const before = await flows.ask();

            await applyAndSettle(engine, planFor(net, [vm2]));

            expect(await flows.ask()).toEqual(before);
            const open = () => countConnections([machine, { ...machine, address: vm2.address }], commands);
            expect(await open()).toEqual([before.machines["vm1"], before.machines["vm2"]]);
            await flows.close();
            await until("no connection is open", async () => (await open()).every((count) => count === 0));
        });
    });

    describe("none of them healthy", () => {
        it("then tcp connections are refused at once, from outside, from a neighbour and from a machine", async () => {
            await applyAndSettle(engine, planFor(net, []));

            for (const client of [net.outside, net.neighbour, vm1.namespace]) {
                const report = await runLoad(net, client, { port: 80, connections: 20, concurrency: 1 });
                expect(report).toMatchObject({ ok: 0, failed: { ECONNREFUSED: 20 } });
                expect(report.slowestMs).toBeLessThan(900);
            }
        });
    });

    describe("when slots are empty though nothing says to refuse", () => {
        it("then connections are dropped, so that the client tries again, and succeeds", async () => {
            const plan = planFor(net);
            const nowhere = [...plan.tables].map(([name, table]) => [name, table.map(() => undefined)] as const);
            await applyAndSettle(engine, { ...plan, tables: new Map(nowhere) } satisfies Plan);

            const given = await runLoad(net, net.outside, { port: 80, connections: 5, concurrency: 5, timeoutMs: 700 });
            expect(given).toMatchObject({ ok: 0, failed: { TIMEOUT: 5 } });

            const load = runLoad(net, net.outside, { port: 80, connections: 5, concurrency: 5 });
            await pause(500);
            await applyAndSettle(engine, plan);
            expect(await load).toMatchObject({ ok: 5, failed: {} });
        });
    });

    describe("that resets what a member had when it goes down", () => {
        const resetting = (port: number, healthy: readonly Machine[]) => {
            const members = Object.fromEntries(
                net.machines.map(({ name, address }, position) => [name, { container: address, position }]),
            );
            const probe = { protocol: "tcp" } as const;
            const http = { protocol: "tcp", publicPort: 80, privatePort: port, probe, members } as const;
            return planOf(net, { loadBalancedSets: { http: { ...http, resetOnDown: true } } }, healthy);
        };

        it("then its clients are reset at their next packet, and nobody else's", async () => {
            await applyAndSettle(engine, resetting(8080, net.machines));
            const flows = await openFlows(net, net.outside, { port: 80, flows: 40 });
            const before = await flows.askEach();
            expect([...new Set(before)].sort()).toEqual(["vm1", "vm2", "vm3"]);

            await applyAndSettle(engine, resetting(8080, [vm2, vm3]));

            expect(await flows.askEach()).toEqual(
                before.map((machine) => (machine === "vm1" ? "ECONNRESET" : machine)),
            );
            expect(
                await countConnections(
                    [{ protocol: "tcp", address: vm1.address, ports: { first: 8080, count: 1 } }],
                    net.commands(net.gateway),
                ),
            ).toEqual([0]);
            await flows.close();
        });

        it("then what it still says on its own reaches nobody, and it is reset too", async () => {
            const servers = await startServers(net, { ticking: [8082] });
            await applyAndSettle(engine, resetting(8082, net.machines));
            const options = { port: 80, flows: 24, silent: true, timeoutMs: 3_000 };
            const flows = await openFlows(net, net.outside, options);
            const before = await flows.askEach();
            expect(before).toContain("vm1");

            await applyAndSettle(engine, resetting(8082, [vm2, vm3]));
            await until("the machine has lost its connections", async () => {
                const open = await net
                    .commands(vm1.namespace)
                    .run(["ss", "-Htn", "state", "established", "sport = :8082"]);
                return open.trim() === "";
            });

            expect(await flows.askEach()).toEqual(before.map((machine) => (machine === "vm1" ? "TIMEOUT" : machine)));
            await flows.close();
            for (const server of servers) await server.kill();
        });

        it("when nobody is left, then its clients are reset all the same", async () => {
            await applyAndSettle(engine, resetting(8080, [vm1]));
            const flows = await openFlows(net, net.outside, { port: 80, flows: 3 });
            await flows.ask();

            await applyAndSettle(engine, resetting(8080, []));

            expect(await flows.ask()).toEqual({ machines: {}, failed: { ECONNRESET: 3 } });
            await flows.close();
        });
    });
});
