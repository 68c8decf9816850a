import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { balancerConfiguration } from "../../model/balancer/configuration";
import { AgentClient } from "./agent/client";
import { ip } from "./support/namespaces";
import { runLoad, startAgent, startServers, Topology, until, type TestAgent } from "./support";

const PORT = 9580;

describe("given a gateway whose load balancer has metrics", () => {
    let net: Topology;
    let agent: TestAgent;
    let client: AgentClient;

    beforeAll(async () => {
        net = new Topology(2);
        await startServers(net, { tcp: [8080] });
        agent = await startAgent(net);
        client = new AgentClient(agent.socket);
    });

    afterAll(async () => {
        await agent?.remove();
        await net?.remove();
    });

    beforeEach(() => apply({ metrics: {} }));

    async function apply(settings: object) {
        const members = Object.fromEntries(
            net.machines.map(({ name, address }, position) => [name, { container: address, position }]),
        );
        const http = { protocol: "tcp", publicPort: 80, privatePort: 8080, probe: { protocol: "tcp" }, members };
        await client.apply(balancerConfiguration.parse({ loadBalancedSets: { http }, ...settings }));
    }

    const url = (address: string) => `http://${address}:${PORT}/metrics`;
    const fetchFrom = (namespace: string, address: string = net.network.privateGateway) =>
        net.commands(namespace).attempt(["curl", "--silent", "--show-error", "--max-time", "2", url(address)]);
    const isServed = async () => (await fetchFrom(net.machines[0]!.namespace)).code === 0;

    it("then machines read there what was counted", async () => {
        await until("metrics are served", isServed);
        await runLoad(net, net.outside, { port: 80, connections: 30 });
        await until("all was counted", async () => {
            const { stdout } = await fetchFrom(net.machines[1]!.namespace);
            return stdout.includes('switchyard_connections_arrived_total{set="http"} 30\n');
        });
        const { stdout } = await fetchFrom(net.machines[1]!.namespace);
        for (const { name } of net.machines) {
            const value = (metric: string) => {
                const line = new RegExp(`^switchyard_${metric}\\{set="http",member="${name}"\\} (\\S+)$`, "m");
                return Number(line.exec(stdout)?.[1]);
            };
            expect(value("connections_answered_total")).toBe(value("connections_total"));
            expect(value("received_packets_total")).toBeGreaterThan(3 * value("connections_total"));
            expect(value("sent_bytes_total")).toBeGreaterThan(40 * value("connections_total"));
            expect(value("member_healthy")).toBe(1);
        }
    });

    it("then nobody on the public side reads them, not even by a route through the gateway", async () => {
        await until("metrics are served", isServed);
        const { privateSubnet, virtualIp } = net.network;
        ip("-n", net.neighbour, "route", "add", privateSubnet, "via", virtualIp);
        expect(await fetchFrom(net.neighbour)).toMatchObject({ code: 28, stdout: "" });
        for (const namespace of [net.neighbour, net.outside])
            expect(await fetchFrom(namespace, virtualIp)).toMatchObject({ code: 7, stdout: "" });
    });

    it("then an agent that starts again serves them too, and none without metrics", async () => {
        await agent.kill();
        await agent.start();
        await until("metrics are served", isServed);
        await apply({});
        expect((await fetchFrom(net.machines[0]!.namespace)).code).toBe(7);
    });

    it("when the port is in use, then that is a problem, and all else is served", async () => {
        await apply({});
        const taken = net.processes.start(net.gateway, [
            process.execPath,
            "-e",
            `require("net").createServer().listen(${PORT}, "${net.network.privateGateway}", () => console.log("taken"))`,
        ]);
        await taken.printed("taken");
        await apply({ metrics: { port: PORT } });
        await until("the problem shows", async () =>
            (await client.status()).problems.some((problem) => problem.includes("the port is in use")),
        );
        expect(await runLoad(net, net.outside, { port: 80, connections: 20 })).toMatchObject({ ok: 20 });

        await taken.kill();
        await until("metrics are served", isServed);
        expect((await client.status()).problems).toEqual([]);
    });
});
