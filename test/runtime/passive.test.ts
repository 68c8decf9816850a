import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { balancerConfiguration } from "../../model/balancer/configuration";
import { AgentClient } from "./agent/client";
import {
    pause,
    runLoad,
    startAgent,
    startLoad,
    startServer,
    Topology,
    until,
    type Load,
    type Machine,
    type RunningProcess,
    type TestAgent,
} from "./support";

/** The next probe of a member is a minute away, and it would take five of them. */
const SLOW_PROBE = { protocol: "tcp", intervalSeconds: 60, unhealthyThreshold: 5 };
/** Generous for a busy machine: it takes 0.3 to 0.8 s. */
const SOON_SECONDS = 10;

describe("given three members under traffic, and probes a minute apart", () => {
    let net: Topology;
    let agent: TestAgent;
    let client: AgentClient;
    let load: Load;
    let vm1: Machine;
    const servers = new Map<Machine, RunningProcess>();

    beforeAll(async () => {
        net = new Topology(3);
        vm1 = net.machines[0]!;
        agent = await startAgent(net);
        client = new AgentClient(agent.socket);
    });

    afterAll(async () => {
        await agent?.remove();
        await net?.remove();
    });

    beforeEach(async () => {
        for (const machine of net.machines)
            if (!servers.get(machine)?.alive) servers.set(machine, await startServer(net, machine, { tcp: [8080] }));
        await serve();
        await client.memberIs("http", "vm1", "healthy");
        await until("somebody attends to refusals", attended);
        load = await startLoad(net, net.outside, { port: 80, concurrency: 8, pauseMs: 5, timeoutMs: 8_000 });
    });

    afterEach(async () => {
        await load.stop();
        await client.apply(balancerConfiguration.parse({}));
    });

    const attended = async () =>
        (await net.commands(net.gateway).run(["nft", "list", "set", "ip", "switchyard", "attended"])).includes("tcp");

    async function serve(settings: object = {}) {
        const members = Object.fromEntries(
            net.machines.map(({ name, address }, position) => [name, { container: address, position }]),
        );
        const http = { protocol: "tcp", publicPort: 80, privatePort: 8080, probe: SLOW_PROBE, members, ...settings };
        const events = await client.apply(balancerConfiguration.parse({ loadBalancedSets: { http } }));
        expect(events.at(-1)).toMatchObject({ event: "applied" });
    }

    const outAfter = async () => {
        const begin = performance.now();
        const member = await client.memberIs("http", "vm1", "unhealthy", SOON_SECONDS);
        return { member, milliseconds: performance.now() - begin };
    };

    it("when one refuses, then it is out long before its probe, the status says why, and no client is refused", async () => {
        await servers.get(vm1)!.kill();
        const { member } = await outAfter();
        expect(member.reason).toMatch(/^\d+ new connections? refused, and connection refused on 10\.77\.0\.11:8080$/);
        // The verdict is told a moment before the kernel follows.
        await until("nobody is sent to it", async () => (await client.member("http", "vm1")).share === 0);
        expect(member.traffic!.refused).toBeGreaterThan(0);
        // Those that met it have tried again by then.
        await pause(1_500);
        const { failed, machines } = await load.stop();
        expect(failed["ECONNREFUSED"]).toBeUndefined();
        expect(failed["TIMEOUT"]).toBeUndefined();
        expect(Object.keys(machines)).toContain("vm2");
    });

    it("when the one client refused is the only client, then it is served at its next try", async () => {
        await load.stop();
        await servers.get(vm1)!.kill();
        const { failed, machines } = await runLoad(net, net.outside, {
            port: 80,
            connections: 12,
            concurrency: 1,
            timeoutMs: 8_000,
        });
        expect(failed).toEqual({});
        expect(machines["vm1"]).toBeUndefined();
        expect((await client.member("http", "vm1")).status).toBe("unhealthy");
    });

    it("when one dies in silence, then it is out, and clients that wait for it go on with the others at their next try", async () => {
        await net.silence(vm1);
        try {
            const { member } = await outAfter();
            expect(member.reason).toMatch(
                /^\d+ new connections got no answer, and no answer from 10\.77\.0\.11:8080 within 0\.25 s$/,
            );
            const { failed, machines } = await load.stop();
            // Only what the machine had already taken is lost: one exchange of each client at most.
            expect(failed["TIMEOUT"] ?? 0).toBeLessThanOrEqual(8);
            expect(Object.keys(machines)).toContain("vm2");
            load = await startLoad(net, net.outside, { port: 80, concurrency: 2, timeoutMs: 5_000 });
        } finally {
            await net.revive(vm1);
        }
    });

    it("when the set does not want it, then it waits for its probe", async () => {
        await serve({ passiveDetection: false });
        await servers.get(vm1)!.kill();
        await expect(client.memberIs("http", "vm1", "unhealthy", 3)).rejects.toThrow("vm1 is healthy");
        expect((await client.member("http", "vm1")).traffic!.refused).toBeGreaterThan(3);
        expect((await load.stop()).failed["ECONNREFUSED"]).toBeGreaterThan(3);
    });

    it("when two of three refuse, then one stays, since half of three is one", async () => {
        const [first, second] = net.machines as [Machine, Machine];
        await Promise.all([servers.get(first)!.kill(), servers.get(second)!.kill()]);
        const deadline = Date.now() + SOON_SECONDS * 1_000;
        const statuses = async () => {
            const { members } = (await client.status()).loadBalancedSets["http"]!;
            return [members["vm1"]!.status, members["vm2"]!.status].sort();
        };
        while ((await statuses())[1] !== "unhealthy") expect(Date.now()).toBeLessThan(deadline);
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        expect(await statuses()).toEqual(["healthy", "unhealthy"]);
        const { failed } = await runLoad(net, net.outside, { port: 80, connections: 30, timeoutMs: 500 });
        // Nobody waits for what will not change.
        expect(failed["TIMEOUT"]).toBeUndefined();
        expect(failed["ECONNREFUSED"]).toBeGreaterThan(0);
    });
});
