import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { freePort } from "./support/cloudService";
import { DnsUnderTest } from "./support/dns";
import { EngineLog } from "./support/engine";
import { docker, removeEverythingOf } from "./support/host";
import type { Made } from "./support/made";
import { ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
let engine: EngineLog;
let provider: ProviderProcess;
let dns: DnsUnderTest;
let port: number;

beforeAll(async () => {
    engine = await EngineLog.start();
    provider = await ProviderProcess.start({ engine: engine.address });
    dns = new DnsUnderTest(provider, stack);
    port = await freePort();
    await dns.startServer({ publish: { address: "127.0.0.1", port } });
}, 300_000);
afterAll(async () => {
    await provider.stop();
    engine.stop();
    await removeEverythingOf(stack);
});

describe("DnsServer, checked", () => {
    const inputs = (properties: Properties = {}) =>
        stack.inputs("dnsServer", "other", {
            image: "switchyard-dns-runtime:1",
            volume: "v",
            publicNetwork: "p",
            publicSubnet: "10.230.0.0/24",
            ...properties,
        });

    it("given no address, then one of the public network is known at preview, the same every time", async () => {
        const first = await provider.check(inputs());
        expect(first.failures).toEqual([]);
        expect(first.inputs).toMatchObject({
            address: expect.stringMatching(/^10\.230\.0\.\d+$/),
            state: "running",
            name: `${stack.name}-other`,
        });
        expect((await provider.check(inputs())).inputs).toEqual(first.inputs);
        expect((await provider.check(inputs({ publicSubnet: UNKNOWN }))).inputs["address"]).toBe(UNKNOWN);
    });

    it("given as little as may be, then the defaults are those of DNS", async () => {
        const { inputs: checked } = await provider.check(inputs({ publish: {}, resolvers: [] }));
        expect(checked["publish"]).toEqual({ address: "0.0.0.0", port: 53 });
        expect(checked).not.toHaveProperty("resolvers");
    });

    it.each([
        { publish: UNKNOWN },
        { publish: { address: UNKNOWN, port: 53 } },
        { publish: { address: "127.0.0.1", port: UNKNOWN } },
        { resolvers: ["192.0.2.1", UNKNOWN] },
        { resolvers: UNKNOWN },
        { publicNetwork: UNKNOWN, publicSubnet: UNKNOWN, image: UNKNOWN, volume: UNKNOWN },
        { address: UNKNOWN },
    ])("given %j, then the unknown is let through", async (unknown) => {
        const { inputs: checked, failures } = await provider.check(inputs(unknown));
        expect(failures).toEqual([]);
        expect(checked).toMatchObject(unknown);
    });

    it("given what cannot be, then each has its sentence", async () => {
        const { failures } = await provider.check(
            inputs({ address: "10.231.0.1", publish: { port: 0 }, resolvers: ["dns.example"] }),
        );
        expect(failures).toEqual([
            "publish.port: must be between 1 and 65535 (got 0)",
            'resolvers[0]: must be an IPv4 or IPv6 address such as 192.0.2.10 or 2001:db8::10 (got "dns.example")',
        ]);
        expect((await provider.check(inputs({ address: "10.231.0.1" }))).failures).toEqual([
            'address: must be a host address of the public network 10.230.0.0/24 (got "10.231.0.1")',
        ]);
    });

    it("when anything that Docker fixes at creation changes, then it is replaced, the old one first", async () => {
        const { inputs: olds } = await provider.check(inputs());
        const { inputs: news } = await provider.check(inputs({ publish: {}, resolvers: ["192.0.2.1"] }), olds);
        expect(await provider.diff("id", olds, news)).toEqual({
            changes: 0,
            replaces: ["publish", "resolvers"],
            deleteBeforeReplace: true,
        });
    });
});

describe("a DNS server", () => {
    it("when created, then its container may do nothing that an ordinary program may not", async () => {
        const { id, properties } = dns.server;
        const { HostConfig, NetworkSettings, Config } = await docker.getContainer(id).inspect();
        expect(HostConfig).toMatchObject({
            CapDrop: ["ALL"],
            CapAdd: null,
            ReadonlyRootfs: true,
            SecurityOpt: ["no-new-privileges"],
            RestartPolicy: { Name: "always" },
        });
        expect(HostConfig.Memory).toBeGreaterThan(0);
        expect(HostConfig.PidsLimit).toBeGreaterThan(0);
        expect(Config.User).toBe("5353:5353");
        expect(Config.Labels["io.switchyard.type"]).toBe("DnsServer");
        const networks = Object.values(NetworkSettings.Networks);
        expect(networks.map(({ IPAddress }) => IPAddress)).toEqual([properties["address"]]);
        expect(properties["publishedAddresses"]).toEqual([
            { address: "127.0.0.1", port, publicPort: 53, protocol: "tcp" },
            { address: "127.0.0.1", port, publicPort: 53, protocol: "udp" },
        ]);
    });

    it("when refreshed, then nothing has changed", async () => {
        const { id, inputs, properties } = dns.server;
        expect(await provider.read(id, properties)).toEqual({ id, properties, inputs });
    });

    it("given a udp port that a program has, then a preview says so", async () => {
        const socket = createSocket("udp4").bind(0, "127.0.0.1");
        await once(socket, "listening");
        const { port: taken } = socket.address();
        try {
            const { failures } = await checkOther({ publish: { address: "127.0.0.1", port: taken } });
            expect(failures).toEqual([
                expect.stringMatching(
                    `^publish: 127.0.0.1:${taken}/udp of unix:\\S+ is in use already, by another program; free it or publish another port$`,
                ),
            ]);
        } finally {
            socket.close();
        }
    });

    /** The host's own in the public network. */
    async function gatewayAddress(): Promise<string> {
        const { IPAM } = await docker.getNetwork(dns.server.inputs["publicNetwork"]).inspect();
        return IPAM!.Config![0]!["Gateway"]!;
    }

    it("given an address to publish at that the host lacks, then a preview says so", async () => {
        const { failures } = await checkOther({ publish: { address: "203.0.113.9", port: 53_053 } });
        expect(failures).toEqual([
            "publish.address: must be an address of the Docker host, or 0.0.0.0 (got 203.0.113.9)",
        ]);
        for (const address of ["127.0.0.2", UNKNOWN, await gatewayAddress()]) {
            const known = await checkOther({ publish: { address, port: 53_053 } });
            expect(known.failures).toEqual([]);
        }
    });

    it("given a network still to be made, which may bring the address, then a preview lets it pass", async () => {
        const publish = { address: "203.0.113.9", port: 53_053 };
        for (const publicNetwork of [`${stack.name}-next`, UNKNOWN])
            expect((await checkOther({ publicNetwork, publish })).failures).toEqual([]);
    });

    it("given an address that is taken, then the error says by whom, and nothing is left", async () => {
        const address = dns.server.properties["address"];
        const { inputs, failures } = await checkOther({ address });
        expect(failures).toEqual([]);
        await expect(provider.create(inputs)).rejects.toThrow(
            `address ${address} is taken on network ${stack.name}-0-public-1 by ${stack.name}-ns1; choose another address`,
        );
        await expect(docker.getContainer(`${stack.name}-other`).inspect()).rejects.toMatchObject({ statusCode: 404 });
    });

    it("given resolvers, then the container asks those", async () => {
        const { inputs } = await checkOther({ resolvers: ["192.0.2.1", "2001:DB8::1"] });
        expect(inputs["resolvers"]).toEqual(["192.0.2.1", "2001:db8::1"]);
        const { id, properties } = await provider.create(inputs);
        expect((await docker.getContainer(id).inspect()).HostConfig.Dns).toEqual(["192.0.2.1", "2001:db8::1"]);
        await provider.delete(id, properties);
    });

    it("when somebody stops it, then a refresh shows it, and an update starts it", async () => {
        const { id, inputs, properties } = dns.server;
        await docker.getContainer(id).stop({ t: 5 });
        const stopped = await provider.read(id, properties);
        expect(stopped.inputs).toEqual({ ...inputs, state: "stopped" });
        expect(await provider.update(id, stopped.properties, inputs)).toEqual(properties);
        expect((await docker.getContainer(id).inspect()).State.Running).toBe(true);
    });

    it("when it is to be replaced, then a preview already says that it answers nobody meanwhile, once", async () => {
        const before = dns.server;
        const wanted = { ...dns.serverInputs, publish: { address: "127.0.0.1", port: await freePort() } };
        const { inputs } = await provider.check(stack.inputs("dnsServer", "ns1", wanted), before.inputs);
        engine.lines.length = 0;
        for (const _ of ["preview", "up"])
            expect((await provider.diff(before.id, before.properties, inputs)).replaces).toEqual(["publish"]);
        await expect
            .poll(() => engine.lines)
            .toEqual([
                {
                    urn: stack.urn("DnsServer", "ns1"),
                    message: expect.stringMatching(
                        `^${stack.name}-ns1 \\(10\\.\\S+\\) is replaced and answers nobody for a moment`,
                    ),
                    ephemeral: false,
                },
            ]);
        await provider.delete(before.id, before.properties);
        const after: Made = { ...before, inputs, ...(await provider.create(inputs)) };
        dns.resources["ns1"] = after;
        expect(after.properties["address"]).toBe(before.properties["address"]);
    });

    it("when it is removed for good, then nothing of the kind is said", async () => {
        engine.lines.length = 0;
        await provider.delete(dns.server.id, dns.server.properties);
        expect(engine.lines).toEqual([]);
        expect((await provider.read(dns.server.id, dns.server.properties)).id).toBe("");
    });

    /** Of a program that declares nothing else: what that has in common with another it would hear of at once. */
    async function checkOther(properties: Properties) {
        const { publish: _publish, ...inputs } = dns.serverInputs;
        const run = await ProviderProcess.start();
        return run.check(stack.inputs("dnsServer", "other", { ...inputs, ...properties })).finally(() => run.stop());
    }
});
