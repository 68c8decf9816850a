import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../runtime/balancer";
import { applyAndSettle, membersOf, openFlows, planOf, runLoad, startEngine, startServers, Topology } from "./support";

describe("given an internal set on the port of a public one", () => {
    let net: Topology;
    let engine: Engine;

    const plan = (healthy = net.machines) => {
        const members = membersOf(net);
        const [vm1] = net.machines;
        return planOf(
            net,
            {
                loadBalancedSets: {
                    http: {
                        protocol: "tcp",
                        publicPort: 80,
                        privatePort: 8080,
                        probe: { protocol: "tcp" },
                        members: { vm1: { container: vm1!.address, position: 0 } },
                    },
                    internal: {
                        protocol: "tcp",
                        publicPort: 80,
                        privatePort: 8080,
                        internal: true,
                        probe: { protocol: "tcp" },
                        members,
                    },
                    names: {
                        protocol: "udp",
                        publicPort: 53,
                        privatePort: 5353,
                        internal: true,
                        probe: { protocol: "none" },
                        members,
                    },
                },
            },
            healthy,
        );
    };

    beforeAll(async () => {
        net = new Topology(3);
        engine = await startEngine(net);
        await startServers(net, { tcp: [8080], udp: [5353] });
        await engine.apply(plan());
    });

    afterAll(async () => {
        await engine?.close();
        await net?.remove();
    });

    const internal = () => net.network.internalVirtualIp;

    it.each([
        ["tcp", 80],
        ["udp", 53],
    ] as const)(
        "then a machine reaches every member over %s, itself too, shown as the gateway",
        async (protocol, port) => {
            const [caller] = net.machines;
            const options = { protocol, address: internal(), port, connections: 60 };
            const report = await runLoad(net, caller!.namespace, options);
            expect(report).toMatchObject({ ok: 60, failed: {}, peers: { [net.network.privateGateway]: 60 } });
            expect(Object.keys(report.machines).sort()).toEqual(["vm1", "vm2", "vm3"]);
        },
    );

    it("then the public set on the same port is another one", async () => {
        const report = await runLoad(net, net.outside, { port: 80, connections: 20 });
        expect(report).toMatchObject({ ok: 20, machines: { vm1: 20 } });
    });

    it("then nobody outside reaches it, also with a route to it", async () => {
        const commands = net.commands(net.neighbour);
        await commands.run(["ip", "route", "add", `${internal()}/32`, "via", net.network.virtualIp]);
        const report = await runLoad(net, net.neighbour, {
            address: internal(),
            port: 80,
            connections: 3,
            concurrency: 3,
            timeoutMs: 1_500,
        });
        expect(report).toMatchObject({ ok: 0, failed: { TIMEOUT: 3 } });
    });

    it("when the kernel loses its records, then connections go on", async () => {
        const [caller] = net.machines;
        const flows = await openFlows(net, caller!.namespace, { address: internal(), port: 80, flows: 20 });
        const before = await flows.ask();
        expect(before.failed).toEqual({});

        await net.commands(net.gateway).run(["conntrack", "-F"]);

        expect(await flows.ask()).toEqual(before);
        await flows.close();
    });

    it("when nobody is healthy, then a machine is refused at once", async () => {
        await applyAndSettle(engine, plan([]));
        const [caller] = net.machines;
        const report = await runLoad(net, caller!.namespace, { address: internal(), port: 80, connections: 5 });
        expect(report).toMatchObject({ ok: 0, failed: { ECONNREFUSED: 5 } });
        await applyAndSettle(engine, plan());
    });
});
