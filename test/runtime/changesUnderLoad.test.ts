import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../runtime/balancer";
import { NETWORK, OUTSIDE_ADDRESS, pause, planFor, startEngine, startLoad, startServers, Topology } from "./support";

describe("given clients that open connections without a pause", () => {
    let net: Topology;
    let engine: Engine;

    beforeAll(async () => {
        net = new Topology(3);
        engine = await startEngine(net);
        await startServers(net, { tcp: [8080], udp: [5353] });
        await engine.apply(planFor(net));
    });

    afterEach(() => engine.apply(planFor(net)));

    afterAll(async () => {
        await engine?.close();
        await net?.remove();
    });

    it("when members leave and come back 1,000 times, then no connection fails", async () => {
        const load = await startLoad(net, net.outside, { port: 80, pauseMs: 2 });

        const applied: Promise<void>[] = [];
        for (let swap = 0; swap < 1_000; swap++) {
            const healthy = net.machines.filter((_, index) => index !== swap % 3);
            applied.push(engine.apply(planFor(net, healthy)));
            await pause(5);
        }
        await Promise.all(applied);

        const report = await load.stop();
        expect(report.failed).toEqual({});
        expect(report.ok).toBeGreaterThan(1_000);
    });

    it.each([
        ["outside, who are shown as themselves", (net: Topology) => net.outside, OUTSIDE_ADDRESS],
        [
            "on the public network, who are shown as the gateway",
            (net: Topology) => net.neighbour,
            NETWORK.privateGateway,
        ],
    ])(
        "when the configuration changes and with it the whole table, then no connection fails of clients %s",
        async (_, clientOf, shown) => {
            const load = await startLoad(net, clientOf(net), { port: 80, pauseMs: 0 });

            for (let change = 0; change < 100; change++) {
                const plan = planFor(net);
                const frontends = plan.frontends.filter(({ name }) => change % 2 === 0 || name === "set/http");
                await engine.apply({ ...plan, frontends });
            }

            const report = await load.stop();
            expect(report.failed).toEqual({});
            expect(Object.keys(report.peers)).toEqual([shown]);
            expect(report.ok).toBeGreaterThan(100);
        },
    );

    it("when engines follow each other, then no connection fails of clients who are shown as the gateway", async () => {
        const load = await startLoad(net, net.neighbour, { port: 80, pauseMs: 0 });

        for (let round = 0; round < 10; round++) {
            await engine.close();
            engine = await startEngine(net);
            await engine.apply(planFor(net));
        }

        const report = await load.stop();
        expect(report.failed).toEqual({});
        expect(Object.keys(report.peers)).toEqual([NETWORK.privateGateway]);
        expect(report.ok).toBeGreaterThan(100);
    });
});
