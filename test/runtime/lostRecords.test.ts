import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../runtime/balancer";
import {
    applyAndSettle,
    openFlows,
    OUTSIDE_ADDRESS,
    pause,
    planFor,
    startEngine,
    startServer,
    startServers,
    Topology,
    until,
} from "./support";

describe("given connections of which the kernel loses its records", () => {
    let net: Topology;
    let engine: Engine;

    beforeAll(async () => {
        net = new Topology(3);
        engine = await startEngine(net);
        await engine.apply(planFor(net));
    });

    afterEach(() => net.processes.endAll());

    afterAll(async () => {
        await engine?.close();
        await net?.remove();
    });

    const loseRecords = () => net.commands(net.gateway).run(["conntrack", "-F"]);

    it("when the client speaks next, then none of 40 is lost", async () => {
        await startServers(net, { tcp: [8080] });
        const flows = await openFlows(net, net.outside, { port: 80, flows: 40 });
        const before = await flows.ask();
        expect(before.failed).toEqual({});
        expect(Object.keys(before.machines)).toHaveLength(3);

        await loseRecords();

        expect(await flows.ask()).toEqual(before);
    });

    it("when the machine speaks next and the client never does, then none of 20 is lost", async () => {
        await startServers(net, { ticking: [8080] });
        const flows = await openFlows(net, net.outside, { port: 80, flows: 20, silent: true });
        const before = await flows.ask();
        expect(before.failed).toEqual({});

        await loseRecords();

        for (let tick = 0; tick < 4; tick++) expect(await flows.ask()).toEqual(before);
    });

    it("when clients are machines or on the public network, then theirs go on as soon as they speak", async () => {
        await startServers(net, { tcp: [8080] });
        for (const client of [net.neighbour, net.machines[0]!.namespace]) {
            const flows = await openFlows(net, client, { port: 80, flows: 20 });
            const before = await flows.ask();

            await loseRecords();

            expect(await flows.ask()).toEqual(before);
            expect(before.failed).toEqual({});
        }
    });

    it("when machines had called the outside, then theirs go on too, whatever the other side says meanwhile", async () => {
        const elsewhere = { name: "elsewhere", namespace: net.outside, address: OUTSIDE_ADDRESS };
        await startServer(net, elsewhere, { tcp: [9000], ticking: [9001] });
        for (const port of [9000, 9001]) {
            const flows = await openFlows(net, net.machines[0]!.namespace, {
                address: OUTSIDE_ADDRESS,
                port,
                flows: 20,
                timeoutMs: 5_000,
            });
            await flows.ask();

            await loseRecords();
            await pause(500);

            expect(await flows.ask()).toEqual({ machines: { elsewhere: 20 }, failed: {} });
        }
    });

    it("when the gateway itself is replaced, then connections go on through the new one", async () => {
        await startServers(net, { tcp: [8080] });
        const flows = await openFlows(net, net.outside, { port: 80, flows: 20 });
        const before = await flows.ask();
        expect(before.failed).toEqual({});

        await engine.close();
        net.replaceGateway();
        engine = await startEngine(net);
        await engine.apply(planFor(net));

        expect(await flows.ask()).toEqual(before);
    });

    it("when a udp member answers after its flows were moved, then they stay moved", async () => {
        const [slow, other] = net.machines;
        // The same port inside and outside, so that the late answer looks just like one of the frontend's.
        const planOf = (healthy: typeof net.machines) => {
            const plan = planFor(net, healthy);
            const frontends = plan.frontends.map((frontend) => ({ ...frontend, port: frontend.privatePort }));
            return { ...plan, frontends };
        };
        const server = await startServer(net, slow!, { udp: [5353], udpDelayMs: 2_500 });
        await startServer(net, other!, { udp: [5353] });
        await engine.apply(planOf([slow!]));
        const flows = await openFlows(net, net.outside, { protocol: "udp", port: 5353, flows: 10, timeoutMs: 400 });
        expect(await flows.ask()).toEqual({ machines: {}, failed: { TIMEOUT: 10 } });

        await applyAndSettle(engine, planOf([other!]));
        await until("the late answers have passed the gateway", async () => {
            const listed = await net
                .commands(net.gateway)
                .run(["conntrack", "-L", "-p", "udp", "--orig-src", slow!.address, "--orig-port-src", "5353"]);
            return listed.trim().split("\n").length >= 10;
        });
        await server.kill();

        expect(await flows.ask()).toEqual({ machines: { [other!.name]: 10 }, failed: {} });
    });
});
