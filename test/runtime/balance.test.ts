import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../runtime/balancer";
import {
    NEIGHBOUR_ADDRESS,
    OUTSIDE_ADDRESS,
    planFor,
    runLoad,
    startEngine,
    startServers,
    Topology,
    type LoadReport,
} from "./support";

describe("given a load-balanced set of three machines", () => {
    let net: Topology;
    let engine: Engine;

    beforeAll(async () => {
        net = new Topology(3);
        engine = await startEngine(net);
        await startServers(net, { tcp: [8080], udp: [5353] });
        await engine.apply(planFor(net));
    });

    afterAll(async () => {
        await engine?.close();
        await net?.remove();
    });

    it.each([
        ["tcp", 80],
        ["udp", 53],
    ] as const)("then 3,000 %s connections fall on them as by fair dice", async (protocol, port) => {
        const report = await runLoad(net, net.outside, { protocol, port, connections: 3_000, concurrency: 16 });

        expect(report).toMatchObject({ ok: 3_000, failed: {} });
        expect(chiSquare(report, 3)).toBeLessThan(BEYOND_CHANCE);
    });

    it("then a machine sees the address of a client beyond the public network", async () => {
        for (const [protocol, port] of [
            ["tcp", 80],
            ["udp", 53],
        ] as const) {
            const { peers } = await runLoad(net, net.outside, { protocol, port, connections: 20 });
            expect(peers).toEqual({ [OUTSIDE_ADDRESS]: 20 });
        }
    });

    it("then a client on the public network itself is served, and shown as the gateway", async () => {
        const report = await runLoad(net, net.neighbour, { port: 80, connections: 30 });

        expect(report).toMatchObject({ ok: 30, peers: { [net.network.privateGateway]: 30 } });
        expect(report.peers).not.toHaveProperty(NEIGHBOUR_ADDRESS);
    });

    it("then a machine that calls its own VIP is served by every member, itself too", async () => {
        const [caller] = net.machines;
        for (const [protocol, port] of [
            ["tcp", 80],
            ["udp", 53],
        ] as const) {
            const report = await runLoad(net, caller!.namespace, { protocol, port, connections: 60 });
            expect(report).toMatchObject({ ok: 60, failed: {}, peers: { [net.network.privateGateway]: 60 } });
            expect(Object.keys(report.machines).sort()).toEqual(["vm1", "vm2", "vm3"]);
        }
    });
});

/** With two degrees of freedom, fair dice exceed this once in a million throws of 3,000. */
const BEYOND_CHANCE = 27.6;

function chiSquare({ ok, machines }: LoadReport, memberCount: number): number {
    const expected = ok / memberCount;
    const counts = Array.from({ length: memberCount }, (_, index) => machines[`vm${index + 1}`] ?? 0);
    return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
