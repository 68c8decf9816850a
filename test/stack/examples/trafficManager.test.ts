import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, type Question, type Reply } from "../../runtime/dns/client";
import { DnsClient, type DnsRecord } from "../support/client";
import { docker, objectsOf } from "../support/docker";
import { Example } from "../support/example";
import { freePorts } from "../support/traffic";

const POLICY = "contoso.trafficmanager.example";
const EAST = "contoso-east.cloudapp.example";
const WEST = "contoso-west.cloudapp.example";
const SERVERS = ["ns1", "ns2"] as const;
const LONGEST_MS = 60_000;

describe("the traffic manager's how-to", () => {
    let example: Example;
    let client: DnsClient;
    let port: number;
    let addresses: Record<(typeof SERVERS)[number], string>;

    beforeAll(async () => {
        example = new Example("traffic-manager");
        client = new DnsClient(example.project.name);
        // The first two to begin with, and then the other two.
        port = await freePorts(4);
        await example.configure({ port, method: "RoundRobin", enabled: "true", eastEnabled: "true" });
        await Promise.all([example.up(), client.build()]);
        const outputs = await (await example.stack()).outputs();
        addresses = outputs["addresses"]!.value;
        const network = objectsOf(example.project.name).network.find((name) => name.includes("public"))!;
        client.start(network, { delegation: outputs["delegation"]!.value, cname: outputs["cname"]!.value });
    });
    afterAll(() => {
        example.remove();
        client.removeImage();
    });

    function askServer(server: (typeof SERVERS)[number], name: string, question: Question = {}): Promise<Reply> {
        return ask(53, name, { ...question, server: addresses[server] });
    }

    /** How often each name is the answer of each server to 30 questions, sorted: of a round robin of two, both. */
    async function answersOf(server: (typeof SERVERS)[number]): Promise<string[]> {
        const replies = await Promise.all(Array.from({ length: 30 }, () => askServer(server, POLICY)));
        return [...new Set(replies.map(({ code, data }) => data[0] ?? code))].sort();
    }

    async function eventually(expected: string[]): Promise<void> {
        const till = Date.now() + LONGEST_MS;
        const look = () => Promise.all(SERVERS.map(answersOf));
        let seen = await look();
        while (String(seen) !== String([expected, expected]) && Date.now() < till) {
            await sleep(100);
            seen = await look();
        }
        expect(seen).toEqual([expected, expected]);
    }

    /** What the resolver answers once the old answer has gone from its cache. */
    async function resolved(answer: string): Promise<void> {
        const till = Date.now() + LONGEST_MS;
        const look = async () => {
            const { code, records } = await client.resolve("www.contoso.example");
            return records.find(({ name }) => name === `${POLICY}.`)?.data ?? code;
        };
        let seen = await look();
        while (seen !== answer && Date.now() < till) {
            await sleep(200);
            seen = await look();
        }
        expect(seen).toBe(answer);
    }

    /** Makes a change of settings, and sees that it is one of the policy and of what both servers say of it, and no more. */
    async function change(settings: Record<string, string>, ...changes: string[]): Promise<void> {
        await example.configure(settings);
        expect(await example.up()).toEqual(changesOf(changes));
    }

    function changesOf(changes: string[]): Awaited<ReturnType<Example["preview"]>> {
        return {
            "TrafficPolicy contoso": { op: "update", changes },
            ...Object.fromEntries(
                SERVERS.map((server) => [
                    `DnsConfiguration contoso-${server}-configuration`,
                    { op: "update", changes: changes.map((path) => `policies.contoso.${path}`) },
                ]),
            ),
        };
    }

    async function status(): Promise<object> {
        return (await (await example.stack()).outputs())["status"]!.value;
    }

    it("resolves by delegation, from a CNAME in another zone to a web server", async () => {
        const { code, records } = await client.resolve("www.contoso.example");
        const [, , { data: address } = {} as DnsRecord] = records;
        const service = records[1]!.data;
        expect(code).toBe("NOERROR");
        expect([`${EAST}.`, `${WEST}.`]).toContain(service);
        expect(records.map(({ name, type, data }) => [name, type, data])).toEqual([
            ["www.contoso.example.", "CNAME", `${POLICY}.`],
            [`${POLICY}.`, "CNAME", service],
            [service, "A", address],
        ]);
        const answer = await client.run("curl", "--silent", `http://${address}/`);
        expect(answer).toMatch(new RegExp(`^${service.split(".")[0]}-web[12]$`));
        expect(await client.run("curl", "--silent", "http://www.contoso.example/")).toMatch(/^contoso-/);
    });

    it("answers alike from both servers, in any case of letters, by tcp and through the published ports", async () => {
        await eventually([EAST, WEST]);
        for (const [index, server] of SERVERS.entries()) {
            const [byName, byPort, mixed] = await Promise.all([
                askServer(server, EAST),
                ask(port + index, EAST, { tcp: true }),
                askServer(server, "Contoso.TrafficManager.Example"),
            ]);
            expect(byPort.data).toEqual(byName.data);
            expect(mixed.ttls).toEqual([5]);
            expect((await askServer(server, "www.contoso.example")).code).toBe("REFUSED");
        }
    });

    it("is the same to the resolver for as long as the TTL says", async () => {
        const seen: { ttl: number; data: string }[] = [];
        const till = Date.now() + LONGEST_MS;
        const steps = () => seen.slice(1).map(({ ttl }, index) => ttl - seen[index]!.ttl);
        // Until it has counted down, and begun anew.
        while (!(steps().some((step) => step < 0) && steps().some((step) => step > 0)) && Date.now() < till) {
            seen.push((await client.resolve(POLICY)).records[0]!);
            await sleep(300);
        }
        expect(Math.max(...seen.map(({ ttl }) => ttl))).toBeLessThanOrEqual(5);
        expect(steps().some((step) => step > 0)).toBe(true);
        for (const [index, step] of steps().entries())
            if (step < 0) expect(seen[index + 1]!.data).toBe(seen[index]!.data);
    });

    it("shows nothing to do while the program is the same", async () => {
        expect(await example.preview()).toEqual({});
    });

    it("sends clients elsewhere while the web servers of a service are stopped, and back", async () => {
        const machines = await Promise.all(["1", "2"].map((n) => example.container(`contoso-east-web${n}`)));
        docker("stop", ...machines);
        await eventually([WEST]);
        await resolved(`${WEST}.`);
        expect(await client.run("curl", "--silent", "http://www.contoso.example/")).toMatch(/^contoso-west-web[12]$/);
        docker("start", ...machines);
        await eventually([EAST, WEST]);
    });

    it("leaves out a service that is disabled in the policy; it runs on", async () => {
        await change({ eastEnabled: "false" }, "endpoints.east.enabled");
        await eventually([WEST]);
        await resolved(`${WEST}.`);
        expect(await status()).toEqual({
            contoso: { status: "Online", endpoints: { east: "Disabled", west: "Online" } },
        });
        expect(await client.run("curl", "--silent", `http://${EAST}/`)).toMatch(/^contoso-east-web[12]$/);
    });

    it("answers NXDOMAIN for a disabled policy", async () => {
        const changes = ["enabled", "endpoints.east.enabled"];
        await example.configure({ enabled: "false", eastEnabled: "true" });
        expect(await example.preview()).toEqual(changesOf(changes));
        expect(await example.up()).toEqual(changesOf(changes));
        await eventually(["NXDOMAIN"]);
        await resolved("NXDOMAIN");
        expect(await status()).toMatchObject({ contoso: { status: "Disabled" } });
    });

    it("answers the first by Failover", async () => {
        const priorities = ["endpoints.east.priority", "endpoints.west.priority"];
        await change({ enabled: "true", method: "Failover" }, "enabled", ...priorities, "method");
        await eventually([EAST]);
        await resolved(`${EAST}.`);
    });

    it("answers the nearest to the client by Performance", async () => {
        const priorities = ["endpoints.east.priority", "endpoints.west.priority"];
        await change({ method: "Performance" }, ...priorities, "method");
        for (const server of SERVERS) {
            const east = await askServer(server, POLICY, { client: "192.0.2.0/24" });
            const west = await askServer(server, POLICY, { client: "198.51.100.0/24" });
            expect(east).toMatchObject({ data: [EAST], scope: 24 });
            expect(west).toMatchObject({ data: [WEST], scope: 24 });
        }
    });

    it("replaces one server after the other, and one always answers", async () => {
        const containers = () => SERVERS.map((name) => docker("inspect", "--format", "{{.Id}}", containerOf(name)));
        const containerOf = (server: string) =>
            objectsOf(example.project.name).container.find((name) => name.endsWith(`contoso-${server}`))!;
        const before = containers();
        await example.configure({ port: port + 2 });
        const { result, asked } = await whileAsked(() => example.up());
        expect(result).toMatchObject({ "DnsServer contoso-ns1": { op: "delete-replaced", replaces: ["publish"] } });
        const after = containers();
        expect(SERVERS.filter((_, index) => before[index] === after[index])).toEqual([]);

        const [first, second] = asked.map((questions) =>
            questions.filter(({ reply }) => reply === undefined),
        ) as Asked[];
        expect(Math.max(...first!.map(({ at }) => at))).toBeLessThan(Math.min(...second!.map(({ at }) => at)));
        const answers = asked.flat().flatMap(({ reply }) => reply?.data ?? []);
        expect([...new Set(answers)]).toEqual([EAST]);
    });

    type Asked = { at: number; reply: Reply | undefined }[];

    /** Asks each server again and again while something happens. */
    async function whileAsked<T>(action: () => Promise<T>): Promise<{ result: T; asked: Asked[] }> {
        let done = false;
        const asking = SERVERS.map(async (server) => {
            const asked: Asked = [];
            while (!done) {
                const at = Date.now();
                const question = { client: "192.0.2.0/24", timeoutMs: 1_000 };
                asked.push({ at, reply: await askServer(server, POLICY, question).catch(() => undefined) });
                await sleep(20);
            }
            return asked;
        });
        const result = await action().finally(() => (done = true));
        return { result, asked: await Promise.all(asking) };
    }

    it("leaves nothing behind", async () => {
        client.stop();
        expect(await example.destroy()).toEqual([]);
    });
});
