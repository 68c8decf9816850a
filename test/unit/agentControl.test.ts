import fs from "node:fs/promises";
import type http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { agentStatus as statusSchema, type AgentStatus } from "../../model/balancer/control";
import { applyEvent } from "../../model/control";
import { listen } from "../../runtime/agent/control-server";
import { balancerRoutes } from "../../runtime/agent/balancer/control";
import { agentStatus } from "../../runtime/agent/balancer/status";
import { makeAgent, NETWORK, REFUSED, webSet } from "./support/agent";
import { askAgent, problemsIn } from "./support/controlClient";

describe("the control server", () => {
    let agent: ReturnType<typeof makeAgent>;
    let directory: string;
    let socket: string;
    let server: http.Server;
    const configuration = webSet({ members: { web1: "web1-1", web2: "web2-1" } });

    beforeEach(async () => {
        agent = makeAgent();
        agent.machines.start("web1-1", "10.80.1.4");
        agent.machines.start("web2-1", "10.80.1.5");
        directory = await fs.mkdtemp(path.join(os.tmpdir(), "switchyard-control-"));
        socket = path.join(directory, "run", "agent.sock");
        await start();
    });

    afterEach(async () => {
        server.close();
        server.closeAllConnections();
        await agent.balancer.close();
        await fs.rm(directory, { recursive: true, force: true });
    });

    async function start() {
        const settings = { network: NETWORK, socket, stateDirectory: "", bundle: "0123456789ab", readyMark: "" };
        const { applies, balancer, kernel, meter, events } = agent;
        const problems = async () => [];
        const routes = balancerRoutes({
            applies,
            status: () => agentStatus({ settings, startedAt: 1, balancer, kernel, meter, applies, events, problems }),
            configuration: () => balancer.applied,
            quiesce: (container) => balancer.quiesce(container),
            connectionsLeft: (container) => balancer.connectionsLeft(container),
        });
        server = await listen(socket, routes);
    }

    const send = (method: string, url: string, body?: string | object) => askAgent(socket, method, url, body);
    const apply = (basedOn = 0, waitSeconds = 10) =>
        send("PUT", "/v1/configuration", { configuration, basedOn, waitSeconds });

    it("tells of one configuration, also when the next begins to serve while the kernel is being read", async () => {
        await apply();
        agent.kernel.aclCounts = async () => {
            await agent.applies.run(
                { configuration: webSet({ members: { web2: "web2-1" } }), basedOn: 1, waitSeconds: 0 },
                () => {},
                new AbortController().signal,
            );
            return new Map();
        };
        const { status, text } = await send("GET", "/v1/status");
        expect(text).toContain('"revision":1');
        expect(status).toBe(200);
        const { loadBalancedSets } = statusSchema.parse(JSON.parse(text));
        expect(Object.keys(loadBalancedSets["http"]!.members)).toEqual(["web1", "web2"]);
    });

    it("applies a configuration and gives it back", async () => {
        const { status, text } = await apply();
        expect(status).toBe(200);
        expect(
            text
                .trim()
                .split("\n")
                .map((line) => applyEvent.parse(JSON.parse(line))),
        ).toEqual([{ event: "applied", revision: 1 }]);

        const reply = await send("GET", "/v1/configuration");
        expect(JSON.parse(reply.text)).toMatchObject({ revision: 1, configuration });
    });

    it("shows every five seconds that an apply goes on, also while the kernel takes its time", async () => {
        let goOn = () => {};
        const kernel = new Promise<void>((resolve) => (goOn = resolve));
        const begun = new Promise<void>((resolve) => {
            agent.kernel.apply = () => {
                resolve();
                return kernel;
            };
        });
        vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
        try {
            const applied = apply(0, 0);
            await begun;
            vi.advanceTimersByTime(15_000);
            goOn();
            expect((await applied).text).toMatch(/^\n\n\n\{"event":"applied",.*\}\n$/);
            expect(vi.getTimerCount()).toBe(0);
        } finally {
            vi.useRealTimers();
        }
    });

    it("remembers whose configuration serves", async () => {
        const owner = "urn:pulumi:dev::project::pulumi-nodejs:dynamic/switchyard:LoadBalancer::contoso";
        await send("PUT", "/v1/configuration", { configuration, owner, basedOn: 0, waitSeconds: 10 });
        expect(JSON.parse((await send("GET", "/v1/configuration")).text)).toMatchObject({ revision: 1, owner });
    });

    it("tells what a machine still carries, and how long it may", async () => {
        await apply();
        agent.kernel.connections.set("10.80.1.5:8080", 3);
        const left = async (machine: string) =>
            JSON.parse((await send("GET", `/v1/machines/${machine}/connections`)).text) as object;
        expect(await left("web2-1")).toEqual({ connections: 3, drainSeconds: 30 });
        await send("POST", "/v1/machines/web2-1/quiesce");
        expect(await left("web2-1")).toEqual({ connections: 3, drainSeconds: 30 });
        expect(await left("web1-1")).toEqual({ connections: 0, drainSeconds: 30 });
        expect(await left("web9-1")).toEqual({ connections: 0, drainSeconds: 0 });
    });

    it("tells members, their health, and their shares", async () => {
        await apply();
        await send("POST", "/v1/machines/web2-1/quiesce");
        const reply = await send("GET", "/v1/status");
        const status: AgentStatus = statusSchema.parse(JSON.parse(reply.text));

        expect(status).toMatchObject({ bundle: "0123456789ab", revision: 1, network: NETWORK, problems: [] });
        expect(status.loadBalancedSets.http!.members).toMatchObject({
            web1: { status: "healthy", container: "web1-1", address: "10.80.1.4" },
            web2: { status: "stopped", reason: "stopping", container: "web2-1", share: 0 },
        });
        expect(status.loadBalancedSets.http!.members.web1!.share).toBeCloseTo(1);
        expect(status.events.map(({ message }) => message)).toContain("revision 1 serves");
    });

    it("tells what each rule of an ACL decided, and why not where nobody can", async () => {
        const acl = {
            200: { action: "permit", remoteSubnet: "203.0.113.0/24" },
            30: { action: "deny", remoteSubnet: "203.0.113.66", description: "noisy scanner" },
        };
        const [http] = Object.values(configuration.loadBalancedSets);
        const guarded = { loadBalancedSets: { http: { ...http, acl }, open: { ...http, publicPort: 81 } } };
        await send("PUT", "/v1/configuration", { configuration: guarded, basedOn: 0, waitSeconds: 10 });
        const status = async () => statusSchema.parse(JSON.parse((await send("GET", "/v1/status")).text));
        agent.kernel.decided = new Map([["set/http", new Map([[200, { packets: 3, bytes: 180 }]])]]);

        const { loadBalancedSets } = await status();
        expect(loadBalancedSets.http!.acl).toEqual({
            rules: [
                { order: 30, ...acl[30], remoteSubnet: "203.0.113.66/32", packets: 0, bytes: 0 },
                { order: 200, ...acl[200], packets: 3, bytes: 180 },
            ],
            default: { action: "deny", packets: 0, bytes: 0 },
        });
        expect(loadBalancedSets.open!.acl).toBeUndefined();

        agent.kernel.decided = new Error("nft ended");
        const unread = await status();
        expect(unread.loadBalancedSets.http!.acl).toBeUndefined();
        expect(unread.problems).toEqual(["what ACLs decided cannot be read: nft ended"]);
    });

    it("lets nobody but its own user in", async () => {
        expect((await fs.stat(socket)).mode & 0o777).toBe(0o600);
    });

    it("takes the place of a socket that a killed agent left", async () => {
        server.close();
        server.closeAllConnections();
        const stale = net.createServer();
        await new Promise<void>((resolve) => stale.listen(socket, resolve));
        await start();
        expect((await send("GET", "/v1/status")).status).toBe(200);
        stale.close();
    });

    it.each([
        ["not JSON", "{", /^the request is not JSON$/],
        ["not JSON, with a secret in it", '{"key":"s3cret', /^the request is not JSON$/],
        ["an empty request", "", /^the request is not JSON$/],
        ["a list", "[]", /must be a map of properties/],
        [
            "a wrong value deep inside",
            {
                basedOn: 0,
                waitSeconds: 1,
                configuration: {
                    loadBalancedSets: {
                        http: {
                            ...configuration.loadBalancedSets.http,
                            probe: { protocol: "http", path: "healthz" },
                        },
                    },
                },
            },
            /^configuration\.loadBalancedSets\.http\.probe\.path: must start with "\/" \(got "healthz"\)$/,
        ],
        [
            "a value that is not known yet",
            {
                basedOn: 0,
                waitSeconds: 1,
                configuration: { loadBalancedSets: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
            },
            /^configuration: holds a value that is not known yet$/,
        ],
    ])("refuses %s, with the path of the problem", async (_, body, problem) => {
        const reply = await send("PUT", "/v1/configuration", body);
        expect(reply.status).toBe(400);
        expect(problemsIn(reply)).toEqual([expect.stringMatching(problem)]);
        expect(agent.balancer.applied.revision).toBe(0);
    });

    it("names every problem of a configuration", async () => {
        const broken = structuredClone(configuration) as any;
        broken.loadBalancedSets.http.publicPort = 0;
        broken.endpoints.ssh = { protocol: "icmp", publicPort: 22, privatePort: 22, container: "web1-1" };
        const reply = await send("PUT", "/v1/configuration", { configuration: broken, basedOn: 0, waitSeconds: 0 });
        expect(problemsIn(reply)).toEqual([
            'configuration.endpoints.ssh.protocol: must be one of "tcp", "udp" (got "icmp")',
            'configuration.loadBalancedSets.http.publicPort: must be a port between 1 and 65535, or a range such as "5000-5010" (got 0)',
        ]);
    });

    it("refuses what is too long, and lives on", async () => {
        const reply = await send("PUT", "/v1/configuration", "x".repeat(17 * 1024 * 1024)).catch(() => undefined);
        // The client may see the answer or, still writing, the closed connection.
        if (reply) expect(reply.status).toBe(413);
        expect((await send("GET", "/v1/status")).status).toBe(200);
    });

    it.each([
        ["GET", "/"],
        ["DELETE", "/v1/configuration"],
        ["GET", "//"],
        ["POST", "/v1/machines//quiesce"],
    ])("does not know %s %s", async (method, url) => {
        const reply = await send(method, url);
        expect(reply.status).toBe(404);
        expect(problemsIn(reply)).toHaveLength(1);
    });

    it("answers a name that cannot be one, and noise, and lives on", async () => {
        expect((await send("POST", "/v1/machines/%ff/quiesce")).status).toBe(400);
        await new Promise<void>((resolve) => {
            const client = net.connect(socket, () => client.write("\0\x01\x02 noise\r\n\r\n"));
            client.on("error", () => {});
            client.on("close", () => resolve());
            client.resume();
        });
        expect((await send("GET", "/v1/status")).status).toBe(200);
    });

    it("refuses a second apply while one runs, and one that saw another revision", async () => {
        agent.machines.answers.set("10.80.1.5", REFUSED);
        const first = apply();
        await expect.poll(() => agent.machines.asked.length).toBeGreaterThan(1);
        const second = await apply();
        expect(second.status).toBe(409);
        expect(problemsIn(second)).toEqual([expect.stringMatching(/^another apply is running since /)]);
        agent.machines.start("web2-1", "10.80.1.5");
        expect((await first).text).toContain('"applied"');

        const outdated = await apply(0);
        expect(outdated.status).toBe(409);
        expect(problemsIn(outdated)).toEqual([expect.stringMatching(/^the apply is based on revision 0, /)]);
    });

    it.each(["closes the stream", "ends its half of the stream"])(
        "gives an apply up when the client %s before the swap",
        async (how) => {
            agent.machines.answers.set("10.80.1.5", REFUSED);
            const body = JSON.stringify({ configuration, basedOn: 0, waitSeconds: 60 });
            const client = net.connect(socket);
            client.write(
                `PUT /v1/configuration HTTP/1.1\r\nHost: agent\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
            );
            await new Promise((resolve) => client.once("data", resolve));
            if (how === "closes the stream") client.destroy();
            else client.end();

            await expect
                .poll(() => agent.events.list().map(({ message }) => message))
                .toContain("failed: given up by whoever asked for it");
            agent.machines.start("web2-1", "10.80.1.5");
            expect((await apply()).text).toContain('"applied"');
        },
    );
});
