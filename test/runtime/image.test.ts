import net from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { balancerConfiguration } from "../../model/balancer/configuration";
import type { AgentClient } from "./agent/client";
import { AGENT, docker, DockerGateway } from "./agent/docker";

describe("given a gateway's container, made as a provider makes it", () => {
    const gateway = new DockerGateway();
    let client: AgentClient;
    let agent: string;
    let web1: string;
    let web2: string;

    beforeAll(async () => {
        await gateway.create();
        client = gateway.client();
    }, 300_000);

    afterAll(() => gateway.remove(), 60_000);

    /** What a client on the Docker host gets from the VIP: a machine's name, or why not. */
    function ask(): Promise<string> {
        return new Promise((resolve) => {
            let text = "";
            const socket = net.connect({ host: gateway.network.virtualIp, port: 80, timeout: 3_000 });
            socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
            socket.on("timeout", () => socket.destroy(new Error("no answer")));
            socket.on("error", (error) => (text ||= error.message));
            socket.on("close", () => resolve(text.trim()));
        });
    }

    async function answers(count: number): Promise<Record<string, number>> {
        const counts: Record<string, number> = {};
        for (let asked = 0; asked < count; asked++) {
            const answer = await ask();
            counts[answer] = (counts[answer] ?? 0) + 1;
        }
        return counts;
    }

    async function agentIs(bundle: string) {
        await expect
            .poll(async () => (await client.status().catch(() => undefined))?.bundle, { timeout: 30_000 })
            .toBe(bundle);
    }

    const agentProcess = () => gateway.exec("cat", "/run/switchyard/agent");

    it("then it waits for its first agent", async () => {
        expect(await docker("inspect", "--format", "{{.State.Running}}", gateway.name)).toBe("true");
        await expect(gateway.exec("switchyard-agent", "use", "0123456789ab")).rejects.toThrow(
            "there is no bundle /var/lib/switchyard/agent/0123456789ab.js",
        );
    });

    it("then it neither answers nor refuses anybody before its agent has come", async () => {
        expect(await ask()).toBe("no answer");
    });

    it("when a first bundle cannot run, then it says so and waits for a better one", async () => {
        await expect(gateway.use("process.exit(3);")).rejects.toThrow(
            /agent [0-9a-f]{12} did not stay up: it ended 3 times, last with status 3, and there is no previous one/,
        );
    });

    it("when an agent is uploaded, then it runs and what is applied serves, by the machines' names", async () => {
        agent = await gateway.use(AGENT);
        web1 = await gateway.startMachine("web1");
        web2 = await gateway.startMachine("web2");
        const configuration = balancerConfiguration.parse({
            loadBalancedSets: {
                http: {
                    protocol: "tcp",
                    publicPort: 80,
                    privatePort: 8080,
                    // So rarely that whatever is found out sooner was not found out by probes.
                    probe: { protocol: "tcp", intervalSeconds: 600 },
                    members: { web1: { container: web1, position: 0 }, web2: { container: web2, position: 1 } },
                },
            },
        });
        expect((await client.apply(configuration)).at(-1)).toEqual({ event: "applied", revision: 1 });

        expect(Object.keys(await answers(40)).sort()).toEqual(["web1", "web2"]);
        expect(await client.status()).toMatchObject({ bundle: agent, revision: 1, problems: [] });
        expect(await gateway.exec("switchyard-agent", "status", "--json")).toContain(`"bundle":"${agent}"`);
        expect(await gateway.exec("switchyard-agent", "status")).toContain(`serves configuration revision 1 (applied`);
    });

    it("when the same agent is uploaded again, then it runs on undisturbed", async () => {
        const before = await agentProcess();
        await gateway.use(AGENT);
        expect(await agentProcess()).toBe(before);
    });

    it("when the agent is killed again and again, then it is back each time and no connection fails", async () => {
        let stopped = false;
        const load = (async () => {
            const counts: Record<string, number> = {};
            while (!stopped) {
                const answer = await ask();
                counts[answer] = (counts[answer] ?? 0) + 1;
            }
            return counts;
        })();
        for (let round = 0; round < 3; round++) {
            const before = await agentProcess();
            await gateway.exec("sh", "-c", `kill -KILL ${before.split(" ")[0]}`);
            await expect.poll(agentProcess, { timeout: 10_000 }).not.toBe(before);
            await agentIs(agent);
        }
        stopped = true;
        expect(Object.keys(await load).sort()).toEqual(["web1", "web2"]);
    });

    it("when a new bundle does not come up, then the previous one runs again and says why", async () => {
        const broken = "throw new Error('broken');";
        await expect(gateway.use(broken)).rejects.toThrow(
            new RegExp(`did not stay up: it ended 3 times, last with status 1; ${agent} runs again`),
        );
        await agentIs(agent);
        expect((await client.status()).problems).toEqual([expect.stringContaining(`${agent} runs again`)]);
        expect(Object.keys(await answers(20)).sort()).toEqual(["web1", "web2"]);
    });

    it("when that previous one is asked for, then nothing is said of the other any more", async () => {
        await gateway.use(AGENT);
        expect((await client.status()).problems).toEqual([]);
    });

    it("when a new bundle comes up but does not stay up, then the previous one runs again and says why", async () => {
        const ready = `require("node:fs").writeFileSync("/run/switchyard/ready", require("node:path").basename(__filename, ".js"));`;
        await gateway.use(`${ready} setTimeout(() => process.exit(4), 500);`);
        await agentIs(agent);
        expect((await client.status()).problems).toEqual([
            expect.stringContaining(`it ended 3 times, last with status 4; ${agent} runs again`),
        ]);
    });

    it("when a better bundle comes, then it takes over and older ones go", async () => {
        const better = await gateway.use(`${AGENT}\n// better`);
        expect(await client.status()).toMatchObject({ bundle: better, revision: 1, problems: [] });
        await expect
            .poll(async () => (await gateway.exec("ls", "/var/lib/switchyard/agent")).split("\n").sort(), {
                timeout: 20_000,
            })
            .toEqual([`${agent}.js`, `${better}.js`, "current", "previous"].sort());
        agent = better;
    });

    it("when a machine stops, then it leaves at once, and it is followed to whatever address it comes back with", async () => {
        const { address: before } = await client.member("http", "web1");
        await docker("stop", web1);
        await client.memberIs("http", "web1", "stopped");
        expect(await answers(20)).toEqual({ web2: 20 });

        // Somebody else takes its address.
        await gateway.startMachine("web3");
        await docker("start", web1);
        const { address } = await client.memberIs("http", "web1", "healthy");
        expect(address).not.toBe(before);
        expect(Object.keys(await answers(40)).sort()).toEqual(["web1", "web2"]);
    });

    it("when the container restarts, then it serves what was applied, without anybody applying it", async () => {
        await docker("restart", gateway.name);
        await agentIs(agent);
        expect(Object.keys(await answers(40)).sort()).toEqual(["web1", "web2"]);
        expect((await client.status()).revision).toBe(1);
    });

    it("when it is stopped, then it ends by itself and not by force", async () => {
        await docker("stop", "--time", "20", gateway.name);
        expect(await docker("inspect", "--format", "{{.State.ExitCode}}", gateway.name)).toBe("0");
    });
});
