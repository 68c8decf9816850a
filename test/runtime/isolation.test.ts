import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../runtime/balancer";
import { ip } from "./support/namespaces";
import {
    OUTSIDE_ADDRESS,
    planFor,
    runLoad,
    startEngine,
    startServer,
    startServers,
    Topology,
    type Machine,
} from "./support";

describe("given a gateway between a private and a public network", () => {
    let net: Topology;
    let engine: Engine;
    let vm1: Machine;

    beforeAll(async () => {
        net = new Topology(2);
        vm1 = net.machines[0]!;
        engine = await startEngine(net);
        await startServers(net, { tcp: [8080], udp: [5353] });
        await engine.apply({ ...planFor(net), frontends: [] });
    });

    afterAll(async () => {
        await engine?.close();
        await net?.remove();
    });

    it("then a machine reaches the outside as the VIP, before there is any endpoint", async () => {
        const elsewhere = { name: "elsewhere", namespace: net.outside, address: OUTSIDE_ADDRESS };
        await startServer(net, elsewhere, { tcp: [9000], udp: [9000] });

        for (const protocol of ["tcp", "udp"] as const) {
            const call = { protocol, address: OUTSIDE_ADDRESS, port: 9000, connections: 20 };
            const report = await runLoad(net, vm1.namespace, call);
            expect(report).toMatchObject({ ok: 20, failed: {}, peers: { [net.network.virtualIp]: 20 } });
        }
    });

    it("then neither a neighbour nor anybody outside can route into the private network", async () => {
        ip("-n", net.neighbour, "route", "add", net.network.privateSubnet, "via", net.network.virtualIp);
        ip("-n", net.host, "route", "add", net.network.privateSubnet, "via", net.network.virtualIp);
        const direct = { address: vm1.address, connections: 3, concurrency: 3, timeoutMs: 1_500 };

        for (const client of [net.neighbour, net.outside]) {
            for (const [protocol, port] of [
                ["tcp", 8080],
                ["udp", 5353],
            ] as const) {
                const report = await runLoad(net, client, { ...direct, protocol, port });
                expect(report).toMatchObject({ ok: 0, failed: { TIMEOUT: 3 } });
            }
        }
    });

    it("then machines of the cloud service reach each other without any endpoint", async () => {
        const direct = { address: net.machines[1]!.address, port: 8080, connections: 10 };

        expect(await runLoad(net, vm1.namespace, direct)).toMatchObject({ ok: 10, peers: { [vm1.address]: 10 } });
    });

    it("then ports of the VIP that nothing is mapped to are closed", async () => {
        const report = await runLoad(net, net.outside, { port: 8080, connections: 5 });

        expect(report).toMatchObject({ ok: 0, failed: { ECONNREFUSED: 5 } });
    });
});
