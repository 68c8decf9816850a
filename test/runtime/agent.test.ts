import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { balancerConfiguration } from "../../model/balancer/configuration";
import { AgentClient } from "./agent/client";
import {
    runLoad,
    startAgent,
    startLoad,
    startServer,
    Topology,
    type Machine,
    type RunningProcess,
    type TestAgent,
} from "./support";

const QUICK = { protocol: "tcp", intervalSeconds: 0.3 } as const;

describe("given an agent in a gateway, and four machines", () => {
    let net: Topology;
    let agent: TestAgent;
    let client: AgentClient;
    const servers = new Map<Machine, RunningProcess>();

    beforeAll(async () => {
        net = new Topology(4);
        for (const machine of net.machines) await serve(machine);
        agent = await startAgent(net);
        client = new AgentClient(agent.socket);
    });

    afterAll(async () => {
        await agent?.remove();
        await net?.remove();
    });

    beforeEach(async () => {
        for (const machine of net.machines) if (!servers.get(machine)?.alive) await serve(machine);
        await apply(web(1, 2, 3));
    });

    async function serve(machine: Machine) {
        servers.set(machine, await startServer(net, machine, { tcp: [8080] }));
    }

    const machine = (number: number) => net.machines[number - 1]!;
    const stop = (number: number) => servers.get(machine(number))!.kill();

    /** A set `http` of these machines; `{ web1: 4 }` puts another machine in a member's place. */
    function web(...members: (number | Readonly<Record<string, number>>)[]) {
        return webWith({}, ...members);
    }
    function webWith(settings: object, ...members: (number | Readonly<Record<string, number>>)[]) {
        const named = Object.assign({}, ...members.map((m) => (typeof m === "number" ? { [`web${m}`]: m } : m)));
        return balancerConfiguration.parse({
            loadBalancedSets: {
                http: {
                    ...{ protocol: "tcp", publicPort: 80, privatePort: 8080, probe: QUICK, drainSeconds: 10 },
                    ...settings,
                    members: Object.fromEntries(
                        Object.entries(named as Record<string, number>).map(([name, number], position) => [
                            name,
                            { container: machine(number).address, position },
                        ]),
                    ),
                },
            },
        });
    }

    async function apply(configuration: ReturnType<typeof web>) {
        const events = await client.apply(configuration);
        expect(events.at(-1)).toMatchObject({ event: "applied" });
        return events;
    }

    const load = (connections: number) => runLoad(net, net.outside, { port: 80, connections, timeoutMs: 5_000 });
    const underLoad = () => startLoad(net, net.outside, { port: 80, concurrency: 2, pauseMs: 2 });

    it("then what was applied is balanced, and its status tells so", async () => {
        const { ok, machines } = await load(120);
        expect(ok).toBe(120);
        expect(Object.keys(machines).sort()).toEqual(["vm1", "vm2", "vm3"]);

        const status = await client.status();
        expect(status.problems).toEqual([]);
        expect(status.loadBalancedSets.http!.members.web1).toMatchObject({ status: "healthy", reason: "" });
        expect(status.loadBalancedSets.http!.members.web1!.share).toBeCloseTo(1 / 3);
    });

    it("when a machine's service dies, then it leaves and comes back with it", async () => {
        await stop(2);
        const { reason } = await client.memberIs("http", "web2", "unhealthy");
        expect(reason).toBe(`connection refused on ${machine(2).address}:8080`);
        expect(Object.keys((await load(60)).machines).sort()).toEqual(["vm1", "vm3"]);

        await serve(machine(2));
        await client.memberIs("http", "web2", "healthy");
        expect(Object.keys((await load(60)).machines).sort()).toEqual(["vm1", "vm2", "vm3"]);
        const messages = (await client.status()).events.map(({ message }) => message);
        expect(messages).toContain(`web2 in set http is unhealthy: ${reason}`);
    });

    it("when a machine answers its own network but has no way back to clients, then it leaves too", async () => {
        const commands = net.commands(machine(2).namespace);
        await commands.run(["ip", "route", "delete", "default"]);
        try {
            await client.memberIs("http", "web2", "unhealthy");
            expect(Object.keys((await load(60)).machines).sort()).toEqual(["vm1", "vm3"]);
        } finally {
            await commands.run(["ip", "route", "add", "default", "via", net.network.privateGateway]);
        }
        await client.memberIs("http", "web2", "healthy");
    });

    it("when nobody is healthy, then the set refuses or tries them all, as it was told", async () => {
        // Nobody listens where the probe asks, so nobody is healthy, yet the machines serve.
        const probe = { ...QUICK, port: 9 };
        for (const [allDown, expected] of [
            ["reject", { ok: 0, failed: { ECONNREFUSED: 20 } }],
            ["allUp", { ok: 20 }],
        ] as const) {
            const configuration = webWith({ allDown, probe }, 1, 2);
            const events = await client.apply(configuration, { waitSeconds: 0 });
            expect(events.at(-1)).toMatchObject({ event: "applied" });
            await client.memberIs("http", "web1", "unhealthy");
            await client.memberIs("http", "web2", "unhealthy");
            expect(await load(20)).toMatchObject(expected);
        }
    });

    it("when the agent is killed under load, then no connection fails and it remembers who was healthy", async () => {
        const before = await client.status();
        const running = await underLoad();
        for (let round = 0; round < 3; round++) {
            await sleep(300);
            await agent.kill("SIGKILL");
            await sleep(300);
            await agent.start();
        }
        const report = await running.stop();

        expect(report.failed).toEqual({});
        expect(report.ok).toBeGreaterThan(100);
        const after = await client.status();
        expect(after.revision).toBe(before.revision);
        expect(after.loadBalancedSets.http!.members.web1!.since).toBe(
            before.loadBalancedSets.http!.members.web1!.since,
        );
        expect(after.events.map(({ kind }) => kind)).toContain("start");
    });

    it("when the agent is asked to end, then the kernel serves on without it", async () => {
        await agent.kill("SIGTERM");
        expect(await load(60)).toMatchObject({ ok: 60 });
        await agent.start();
    });

    it("when the gateway is replaced, then the stored configuration serves before anything is applied", async () => {
        // A container ends with all its processes; what a killed agent leaves would keep this namespace alive.
        await agent.kill("SIGTERM");
        net.replaceGateway();
        await agent.start();
        expect(await load(60)).toMatchObject({ ok: 60 });
    });

    it("when a new member never becomes healthy, then the apply fails and the old configuration serves", async () => {
        await stop(4);
        const revision = await client.revision();
        const events = await client.apply(web(1, 2, 4), { waitSeconds: 2.5 });

        const reason = `connection refused on ${machine(4).address}:8080`;
        expect(events[0]).toEqual({
            event: "progress",
            message: `waiting for web4 in set http: ${reason} (1 s of 2.5 s)`,
        });
        expect(events.at(-1)).toEqual({
            event: "failed",
            problems: [`web4 in set http did not become healthy within 2.5 s: ${reason}`],
        });
        expect(await client.revision()).toBe(revision);
        expect(Object.keys((await load(60)).machines).sort()).toEqual(["vm1", "vm2", "vm3"]);
    });

    it("when machines are replaced one after another under load, then no connection fails", async () => {
        const running = await underLoad();
        await apply(web({ web1: 4 }, 2, 3));
        await stop(1);
        await serve(machine(1));
        await apply(web({ web1: 4 }, { web2: 1 }, 3));
        await stop(2);
        const report = await running.stop();

        expect(report.failed).toEqual({});
        expect(report.ok).toBeGreaterThan(50);
        expect(Object.keys(report.machines).sort()).toEqual(["vm1", "vm2", "vm3", "vm4"]);
    });

    it("when a machine that leaves has a connection left, then the apply waits for it", async () => {
        await apply(web(1));
        const open = net.processes.start(net.outside, [
            process.execPath,
            "-e",
            `const s = require("net").connect(80, "${net.network.virtualIp}"); s.on("data", () => console.log("open")); s.on("error", (e) => console.log(e.message));`,
        ]);
        await open.printed("open");
        const begin = Date.now();
        const events = await client.apply(web({ web1: 2 }), {
            onEvent: ({ event }) => {
                if (event === "progress" && Date.now() - begin > 1_500) void open.kill();
            },
        });

        expect(events[0]).toEqual({ event: "progress", message: "draining web1: 1 connection, 10 s left" });
        expect(events.at(-1)).toMatchObject({ event: "applied" });
        expect(Date.now() - begin).toBeGreaterThan(1_500);
        expect(Date.now() - begin).toBeLessThan(10_000);
        expect(Object.keys((await load(20)).machines)).toEqual(["vm2"]);
    });

    it("when two want to apply at once, then one does and the other is told", async () => {
        await stop(4);
        const first = client.apply(web(1, 2, 3, 4), { waitSeconds: 3 });
        await sleep(500);
        await expect(client.apply(web(1))).rejects.toThrow(/^409: .*another apply is running since/);
        expect((await first).at(-1)).toMatchObject({ event: "failed" });

        const revision = await client.revision();
        await expect(client.apply(web(1), { basedOn: revision - 1 })).rejects.toThrow(/^409: .*is based on revision/);
    });

    it("when only the probe's interval changes, then the next failure is found that much sooner", async () => {
        await apply(webWith({ probe: { protocol: "tcp", intervalSeconds: 600 } }, 1, 2, 3));
        await stop(3);
        await sleep(1_500);
        expect(await client.member("http", "web3")).toMatchObject({ status: "healthy" });

        await apply(webWith({ probe: { protocol: "tcp", intervalSeconds: 0.3 } }, 1, 2, 3));
        await client.memberIs("http", "web3", "unhealthy");
    });

    it("when a machine is quiesced before it stops, then no connection fails", async () => {
        const running = await underLoad();
        await client.quiesce(machine(3).address);
        expect(await client.member("http", "web3")).toMatchObject({ status: "stopped", reason: "stopping", share: 0 });
        await sleep(200);
        await stop(3);
        await client.memberIs("http", "web3", "unhealthy");
        expect((await running.stop()).failed).toEqual({});
    });

    it("when the stored configuration is damaged, then it is served from its copy", async () => {
        // Those who are well: health may be a moment old after a kill.
        await apply(web(1, 2));
        const { revision } = await client.status();
        await agent.kill();
        damage("configuration.json");
        await agent.start();
        expect((await client.status()).revision).toBe(revision);
        expect(await load(60)).toMatchObject({ ok: 60 });
    });

    it("when the copy is damaged too, then the kernel serves on and the next apply heals it", async () => {
        await agent.kill();
        const file = damage("configuration.json");
        damage("configuration.copy.json");
        await agent.start();

        const status = await client.status();
        expect(status.revision).toBe(0);
        expect(status.problems).toContainEqual(expect.stringContaining(`${file} could not be read and was moved to`));
        expect(await load(60)).toMatchObject({ ok: 60 });
        expect(readdirSync(agent.stateDirectory)).toContain("configuration.json.unreadable");

        await apply(web(1, 2));
        expect((await client.status()).problems).toEqual([]);
        expect(Object.keys((await load(60)).machines).sort()).toEqual(["vm1", "vm2"]);
    });

    function damage(name: string): string {
        const file = path.join(agent.stateDirectory, name);
        writeFileSync(file, readFileSync(file, "utf8").slice(0, 40));
        return file;
    }
});
