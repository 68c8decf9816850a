import { decode, encode, streamDecode, streamEncode, type Packet } from "dns-packet";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { agentBundle } from "../../provider/package";
import { freePort } from "./support/cloudService";
import { DnsUnderTest } from "./support/dns";
import { docker, removeEverythingOf } from "./support/host";
import type { Made } from "./support/made";
import { ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
const folder = mkdtempSync(path.join(tmpdir(), "switchyard-dns-"));
let provider: ProviderProcess;
let dns: DnsUnderTest;
let port: number;
let contoso: Made;

beforeAll(async () => {
    provider = await ProviderProcess.start();
    dns = new DnsUnderTest(provider, stack);
    port = await freePort();
    await dns.start({ publish: { address: "127.0.0.1", port } });
}, 300_000);
afterAll(async () => {
    await provider.stop();
    await removeEverythingOf(stack);
    rmSync(folder, { recursive: true });
});

const SECRET = "hunter2xyz";

/** One endpoint after the other; nobody probes these. */
const failover = (addresses: readonly string[], properties: Properties = {}): Properties => ({
    method: "Failover",
    prefix: "contoso",
    ttlSeconds: 30,
    endpoints: Object.fromEntries(
        addresses.map((address, index) => [`e${index + 1}`, { address, alwaysServe: true, priority: index + 1 }]),
    ),
    ...properties,
});

const withPolicy = (policy: Properties, more: Properties = {}) =>
    dns.configuration({ policies: { contoso: policy }, ...more });

async function question(name: string): Promise<Buffer> {
    return encode({ type: "query", id: 7, questions: [{ type: "A", name }] });
}

async function overUdp(name: string): Promise<Packet | undefined> {
    const socket = createSocket("udp4");
    try {
        socket.send(await question(name), port, "127.0.0.1");
        const [message] = (await once(socket, "message", { signal: AbortSignal.timeout(1_000) })) as [Buffer];
        return decode(message);
    } catch {
        return undefined;
    } finally {
        socket.close();
    }
}

async function overTcp(name: string): Promise<Packet> {
    const socket = net.connect(port, "127.0.0.1");
    socket.write(streamEncode({ type: "query", id: 7, questions: [{ type: "A", name }] }));
    const [message] = (await once(socket, "data", { signal: AbortSignal.timeout(3_000) })) as [Buffer];
    socket.destroy();
    return streamDecode(message);
}

const told = (packet: Packet | undefined) =>
    packet && [
        (packet as { rcode?: string }).rcode,
        ...(packet.answers ?? []).map((answer) => (answer as { data: unknown }).data),
    ];
const ask = async (name = "contoso.trafficmanager.test") => told(await overUdp(name));

/** The policy's answer, once there is the one that is waited for: a container that starts takes a moment. */
const answers = (wanted: unknown) => expect.poll(() => ask(), { timeout: 10_000 }).toEqual(wanted);

async function refreshIsSilent({ id, inputs, properties }: Made) {
    expect(await provider.read(id, properties)).toEqual({ id, properties, inputs });
}

/** What the next preview has as inputs. */
async function nextPreview(properties: Properties, olds = contoso.inputs): Promise<Properties> {
    const { inputs, failures } = await provider.check(stack.inputs("dnsConfiguration", "contoso", properties), olds);
    expect(failures).toEqual([]);
    return inputs;
}

describe("DnsConfiguration, checked", () => {
    const check = (properties: Properties) =>
        provider.check(stack.inputs("dnsConfiguration", "other", dns.configuration(properties)));

    it.each([
        { policies: UNKNOWN },
        { policies: { contoso: UNKNOWN } },
        { policies: { contoso: failover([UNKNOWN]) } },
        { server: UNKNOWN },
        { geoDatabase: { package: UNKNOWN } },
        { nameServers: { ns1: { hostName: "ns1.trafficmanager.test", addresses: UNKNOWN } } },
    ])("given %j, then the unknown is let through", async (unknown) => {
        const { inputs, failures } = await check(unknown);
        expect(failures).toEqual([]);
        expect(inputs).toMatchObject(unknown);
    });

    it("given headers, then no message repeats them", async () => {
        const { failures } = await check({
            policies: {
                contoso: failover(["192.0.2.1"], {
                    monitor: { protocol: "http", headers: { Authorization: `${SECRET}\n` } },
                    endpoints: { e1: { address: "192.0.2.1", priority: 1, headers: { "bad name": SECRET } } },
                }),
            },
        });
        expect(failures.length).toBeGreaterThan(0);
        expect(failures.join("\n")).not.toContain(SECRET);
    });

    it("given a state and a database of countries, then a preview says that no client would match", async () => {
        const geographic = (places: string[]) => ({
            method: "Geographic",
            prefix: "contoso",
            endpoints: { a: { address: "192.0.2.1", alwaysServe: true, places } },
        });
        const name = "@ip-location-db/geo-whois-asn-country-mmdb";
        const failuresWith = async (places: string[], geoDatabase: Properties) =>
            (await check({ policies: { contoso: geographic(places) }, geoDatabase })).failures;
        const problem = expect.stringMatching(
            `^policies.contoso.endpoints.a.places: must not have US-CA: ${name} knows countries only; give a geoDatabase that knows states`,
        );
        expect(await failuresWith(["US-CA", "GEO-EU", "DE"], { package: name })).toContainEqual(problem);
        expect(await failuresWith(["US", "GEO-EU"], { package: name })).not.toContainEqual(problem);
        const file = path.join(folder, "city.mmdb");
        writeFileSync(file, "states");
        expect(await failuresWith(["US-CA"], { file })).toEqual([]);
    });

    it("given a database, then its hash is known at preview, and one that is not there is refused", async () => {
        const file = path.join(folder, "country.mmdb");
        writeFileSync(file, "one");
        const { inputs } = await check({ geoDatabase: { file } });
        expect(inputs["geoDatabase"]).toEqual({ file, hash: expect.stringMatching(/^[0-9a-f]{12}$/) });
        expect((await check({ geoDatabase: { package: "no-such-geo" } })).failures).toEqual([
            'geoDatabase.package: must be installed where the program is: npm install no-such-geo (got "no-such-geo")',
        ]);
        expect((await check({ geoDatabase: {} })).failures).toEqual(["geoDatabase: must have package or file"]);
    });
});

describe("a DNS server's agent", () => {
    it("when installed, then it is the package's", async () => {
        const agent = dns.resources["ns1-agent"]!;
        expect(agent.properties).toMatchObject({
            server: `${stack.name}-ns1`,
            bundle: agentBundle("dns").hash,
        });
        await refreshIsSilent(agent);
    });
});

describe("a DNS configuration, from first to last", () => {
    it("when nothing was applied yet, then the server refuses questions", async () => {
        expect((await ask())?.[0] ?? "REFUSED").toBe("REFUSED");
    });

    it("when created, then the published port answers over udp and tcp, and the status is told", async () => {
        contoso = await dns.make("dnsConfiguration", "contoso", withPolicy(failover(["192.0.2.1", "192.0.2.2"])));
        await answers(["NOERROR", "192.0.2.1"]);
        expect(told(await overTcp("Contoso.trafficmanager.test"))).toEqual(["NOERROR", "192.0.2.1"]);
        expect(contoso.properties).toMatchObject({
            revision: 1,
            status: { contoso: { status: "Online", endpoints: { e1: "Online", e2: "Online" } } },
        });
        expect(contoso.inputs).not.toHaveProperty("overrides");
        await refreshIsSilent(contoso);
        expect(await nextPreview(withPolicy(failover(["192.0.2.1", "192.0.2.2"])))).toEqual(contoso.inputs);
    });

    it("when an endpoint is disabled, then the answer is another one, and only that has changed in the state", async () => {
        const policy = failover(["192.0.2.1", "192.0.2.2"]);
        policy["endpoints"].e1.enabled = false;
        const before = contoso.inputs;
        contoso = await dns.change(contoso, withPolicy(policy));
        expect(await ask()).toEqual(["NOERROR", "192.0.2.2"]);
        expect(contoso.properties).toMatchObject({
            revision: 2,
            status: { contoso: { endpoints: { e1: "Disabled", e2: "Online" } } },
        });
        const changed = structuredClone(before);
        changed["policies"].contoso.endpoints.e1.enabled = false;
        expect(contoso.inputs).toEqual(changed);
        await refreshIsSilent(contoso);
    });

    it("when somebody rolls back, then the next preview and a refresh show it, and an update takes it back, once", async () => {
        const policy = failover(["192.0.2.1", "192.0.2.2"]);
        policy["endpoints"].e1.enabled = false;
        const program = withPolicy(policy);
        await rollBack();
        expect(await ask()).toEqual(["NOERROR", "192.0.2.1"]);

        const preview = await nextPreview(program);
        expect(preview).toEqual({ ...contoso.inputs, overrides: "revision 3, which Pulumi did not apply" });
        expect(await nextPreview(program)).toEqual(preview);

        const refreshed = await provider.read(contoso.id, contoso.properties);
        expect(refreshed.inputs["policies"].contoso.endpoints.e1.enabled).toBe(true);
        expect(refreshed.properties["revision"]).toBe(3);
        expect(await nextPreview(program, refreshed.inputs)).toEqual(contoso.inputs);

        contoso = await dns.change(contoso, program);
        expect(await ask()).toEqual(["NOERROR", "192.0.2.2"]);
        expect(contoso.properties["revision"]).toBe(4);
        expect(await nextPreview(program)).toEqual(contoso.inputs);
        await refreshIsSilent(contoso);
    });

    it("when the agent refuses, then one message has its problems, and the old configuration serves on", async () => {
        const file = path.join(folder, "broken.mmdb");
        writeFileSync(file, "not a database");
        const wanted = withPolicy(
            {
                ...failover(["192.0.2.9"]),
                method: "Geographic",
                endpoints: { e1: { address: "192.0.2.9", places: ["US"], alwaysServe: true } },
            },
            { geoDatabase: { file } },
        );
        const inputs = await nextPreview(wanted);
        await expect(provider.update(contoso.id, contoso.properties, inputs)).rejects.toThrow(
            new RegExp(`^DNS server ${stack.name}-ns1 did not apply the configuration; revision 4 still serves:\\n- `),
        );
        expect(await ask()).toEqual(["NOERROR", "192.0.2.2"]);
        await refreshIsSilent(contoso);
    });

    it("when monitors carry a secret, then it is in the state where it was given and nowhere else", async () => {
        const headers = { Authorization: SECRET };
        const monitor = { protocol: "http", port: 9, headers, intervalSeconds: 1, timeoutSeconds: 0.2 };
        contoso = await dns.change(contoso, withPolicy(failover(["192.0.2.1"], { monitor })));
        const { policies, ...rest } = contoso.properties;
        expect(policies.contoso.monitor.headers).toEqual(headers);
        expect(JSON.stringify(rest)).not.toContain(SECRET);
        expect(provider.output).not.toContain(SECRET);
        await refreshIsSilent(contoso);
    });

    it("when the server does not answer, then a preview does without, and a refresh keeps what is known", async () => {
        const program = withPolicy(failover(["192.0.2.3"]));
        contoso = await dns.change(contoso, program);
        await docker.getContainer(dns.server.id).stop({ t: 5 });
        expect(await nextPreview(program)).toEqual(contoso.inputs);
        await refreshIsSilent(contoso);
        await expect(provider.update(contoso.id, contoso.properties, contoso.inputs)).rejects.toThrow(
            new RegExp(`^DNS server ${stack.name}-ns1 does not run`),
        );
        await provider.update(dns.server.id, dns.server.properties, dns.server.inputs);
        await answers(["NOERROR", "192.0.2.3"]);
    });

    it("when the server's container is killed, then the last configuration serves again by itself", async () => {
        // From within, as a crash would: what docker kill ends stays so.
        const container = docker.getContainer(dns.server.id);
        const startedAt = async () => (await container.inspect()).State.StartedAt;
        const before = await startedAt();
        await (await container.exec({ Cmd: ["sh", "-c", "kill -TERM 1"] })).start({});
        await expect.poll(startedAt, { timeout: 15_000 }).not.toBe(before);
        await answers(["NOERROR", "192.0.2.3"]);
    });

    it("when the server is replaced, then the new one serves what the old one did before it counts as made", async () => {
        await provider.delete(dns.server.id, dns.server.properties);
        expect(await ask()).toBeUndefined();
        dns.resources["ns1"] = { ...dns.server, ...(await provider.create(dns.server.inputs)) };
        await answers(["NOERROR", "192.0.2.3"]);
        await refreshIsSilent(contoso);
    });

    it("when an update is killed in its midst, then what serves is the old or the new, and the next one succeeds", async () => {
        const other = await ProviderProcess.start();
        const inputs = await nextPreview(withPolicy(failover(["192.0.2.4"])));
        const update = other.update(contoso.id, contoso.properties, inputs).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await other.stop();
        await update;
        expect([
            ["NOERROR", "192.0.2.3"],
            ["NOERROR", "192.0.2.4"],
        ]).toContainEqual(await ask());
        contoso = await dns.change(contoso, withPolicy(failover(["192.0.2.4"])));
        expect(await ask()).toEqual(["NOERROR", "192.0.2.4"]);
    });

    it("when another one has applied since, then a delete takes nothing away", async () => {
        const successor = await dns.make("dnsConfiguration", "renamed", withPolicy(failover(["192.0.2.5"])));
        await provider.delete(contoso.id, contoso.properties);
        expect(await ask()).toEqual(["NOERROR", "192.0.2.5"]);
        contoso = successor;
    });

    it("when deleted, then the server refuses questions", async () => {
        await provider.delete(contoso.id, contoso.properties);
        await answers(["REFUSED"]);
        const { inputs } = await provider.read(contoso.id, contoso.properties);
        expect(inputs).toMatchObject({ policies: {}, nameServers: {} });
    });

    it("when the server is gone, then so is the configuration, and nothing objects to a delete", async () => {
        await docker.getContainer(dns.server.id).remove({ force: true });
        for (const made of [contoso, dns.resources["ns1-agent"]!]) {
            expect((await provider.read(made.id, made.properties)).id).toBe("");
            await provider.delete(made.id, made.properties);
        }
    });

    /** To the revision before the one that serves, as the command does. */
    async function rollBack(): Promise<void> {
        const script = `
            const http = require("node:http"), socketPath = "/run/switchyard/agent.sock";
            const ask = (method, path, then) => http.request({ socketPath, method, path }, (response) => {
                let text = "";
                response.on("data", (part) => (text += part)).on("end", () => then(text));
            }).end();
            ask("GET", "/v1/revisions", (text) => {
                const { hash } = JSON.parse(text).find(({ serves }) => !serves);
                ask("POST", "/v1/revisions/" + hash + "/rollback", (answer) => console.log(answer));
            });`;
        const exec = await docker.getContainer(dns.server.id).exec({ Cmd: ["node", "-e", script], AttachStdout: true });
        const stream = await exec.start({ hijack: true });
        let output = "";
        stream.on("data", (part: Buffer) => (output += part.toString()));
        await once(stream, "end");
        expect(output).toContain("applied");
    }
});
