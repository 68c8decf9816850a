import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { ProviderProcess } from "./support/providerProcess";
import { TestStack } from "./support/resources";

let provider: ProviderProcess;
const stack = new TestStack();
beforeAll(async () => {
    provider = await ProviderProcess.start();
});
afterAll(() => provider.stop());

describe("Endpoint", () => {
    const endpoint = (properties: object) =>
        stack.inputs("endpoint", "ssh", {
            protocol: "tcp",
            publicPort: 2201,
            privatePort: 22,
            virtualMachine: "web1",
            container: "dev-web1-1",
            ...properties,
        });

    it("given no private port, then it is the public one", async () => {
        const inputs = endpoint({});
        delete inputs["privatePort"];
        expect((await provider.check(inputs)).inputs).toEqual({ ...inputs, privatePort: 2201 });
    });

    it("given an unknown in any field, then the check lets it through", async () => {
        const fields = [
            "protocol",
            "publicPort",
            "privatePort",
            "virtualMachine",
            "container",
            "acl",
            "maxConnections",
        ];
        for (const field of fields) {
            const { inputs, failures } = await provider.check(endpoint({ [field]: UNKNOWN }));
            expect({ failures, value: inputs[field] }).toEqual({ failures: [], value: UNKNOWN });
        }
    });

    it("given several mistakes, then each has its sentence and none names a top-level property", async () => {
        const checked = await provider.check(
            endpoint({ protocol: "sctp", publicPort: 0, privatePort: 1.5, weigth: 2 }),
        );
        expect(checked.failures).toEqual([
            'protocol: must be one of "tcp", "udp" (got "sctp")',
            'publicPort: must be a port between 1 and 65535, or a range such as "5000-5010" (got 0)',
            'privatePort: must be a port between 1 and 65535, or a range such as "5000-5010" (got 1.5)',
            'has unknown property "weigth" (allowed: acl, idleTimeoutMinutes, maxConnectionRatePerSource, maxConnections)',
        ]);
        expect(checked.failedProperties).toEqual(["", "", "", ""]);
    });

    it("given an ACL, then its ranges are written in one way, and what a rule gets wrong is said by its order", async () => {
        const rule = { action: "permit", remoteSubnet: "203.0.113.77/24" };
        const { inputs } = await provider.check(endpoint({ acl: { "100": rule } }));
        expect(inputs["acl"]).toEqual({ "100": { ...rule, remoteSubnet: "203.0.113.0/24" } });
        const { failures } = await provider.check(endpoint({ acl: { "100": { ...rule, remoteSubnet: "office" } } }));
        expect(failures).toEqual([
            'acl["100"].remoteSubnet: must be a range of IPv4 addresses such as 203.0.113.0/24, or one address (got "office")',
        ]);
    });

    it("given a number that is none, then the sentence says so", async () => {
        const { failures } = await provider.check(endpoint({ publicPort: NaN }));
        expect(failures).toEqual([
            'publicPort: must be a port between 1 and 65535, or a range such as "5000-5010" (got NaN)',
        ]);
    });

    it("when it changes, then in place, and the engine finds out what changed", async () => {
        const { inputs } = await provider.check(endpoint({}));
        const { id, properties } = await provider.create(inputs);
        expect(properties).toEqual(inputs);
        expect(id).toBe(`${stack.name}-ssh`);
        const changed = { ...inputs, publicPort: 2202 };
        expect(await provider.diff(id, properties, changed)).toEqual({
            changes: 0,
            replaces: [],
            deleteBeforeReplace: false,
        });
        const updated = await provider.update(id, properties, changed);
        expect(updated).toEqual(changed);
        expect(await provider.read(id, updated)).toEqual({ id, properties: changed, inputs: changed });
        await provider.delete(id, updated);
    });

    it("given a rename by alias, then the old URN stays and nothing changes", async () => {
        const { inputs } = await provider.check(endpoint({}));
        const renamed = { ...endpoint({}), __urn: stack.urn("Endpoint", "shell") };
        expect((await provider.check(renamed, inputs)).inputs).toEqual(inputs);
    });
});

describe("EndpointPool", () => {
    const pool = (properties: object) =>
        stack.inputs("endpointPool", "ssh", {
            protocol: "tcp",
            publicPorts: "2201 - 2209",
            privatePort: 22,
            virtualMachines: { web1: "dev-web1-1", web2: "dev-web2-1" },
            ...properties,
        });

    it("shows each machine's port in the preview, and keeps it when others come and go", async () => {
        const { inputs } = await provider.check(pool({}));
        expect(inputs).toMatchObject({ publicPorts: "2201-2209", ports: { web1: 2201, web2: 2202 } });
        const { inputs: changed } = await provider.check(
            pool({ virtualMachines: { web2: UNKNOWN, web3: UNKNOWN } }),
            inputs,
        );
        expect(changed["ports"]).toEqual({ web2: 2202, web3: 2201 });
    });

    it.each(["publicPorts", "virtualMachines", "privatePort"])(
        "given unknown %s, then they are let through",
        async (key) => {
            expect(await provider.check(pool({ [key]: UNKNOWN }))).toMatchObject({
                failures: [],
                inputs: { [key]: UNKNOWN },
            });
        },
    );
});

describe("LoadBalancedSet", () => {
    const set = (properties: object) =>
        stack.inputs("loadBalancedSet", "http", {
            protocol: "tcp",
            publicPort: 80,
            privatePort: 8080,
            virtualMachines: { web1: { container: "dev-web1-1" }, web2: { container: "dev-web2-1" } },
            ...properties,
        });

    const wholeShare = { weight: 1, adminState: "auto", priority: 1 };

    it("given only what is required, then the rest is filled in, so that the preview shows it", async () => {
        const { inputs, failures } = await provider.check(set({}));
        expect(failures).toEqual([]);
        expect(inputs).toEqual({
            ...set({}),
            probe: { protocol: "tcp", intervalSeconds: 15, healthyThreshold: 1 },
            allDown: "reject",
            passiveDetection: true,
            internal: false,
            drainSeconds: 30,
            distribution: "fiveTuple",
            resetOnDown: false,
            virtualMachines: {
                web1: { container: "dev-web1-1", ...wholeShare },
                web2: { container: "dev-web2-1", ...wholeShare },
            },
        });
    });

    it("given a udp set without a probe, then it has none", async () => {
        expect((await provider.check(set({ protocol: "udp" }))).inputs["probe"]).toEqual({ protocol: "none" });
    });

    it.each([
        ["a member's weight", { virtualMachines: { web1: { container: "dev-web1-1", weight: UNKNOWN } } }],
        ["a member", { virtualMachines: { web1: UNKNOWN } }],
        ["all members", { virtualMachines: UNKNOWN }],
        ["the protocol", { protocol: UNKNOWN }],
        ["the probe", { probe: UNKNOWN }],
        ["the probe's protocol", { probe: { protocol: UNKNOWN, path: "/" } }],
        ["the probe's path", { probe: { protocol: "http", path: UNKNOWN } }],
        ["the probe's interval", { probe: { protocol: "tcp", intervalSeconds: UNKNOWN, timeoutSeconds: 5 } }],
        ["the drain time", { drainSeconds: UNKNOWN }],
    ])("given that %s is unknown, then the check lets it through", async (_what, unknown) => {
        const { inputs, failures } = await provider.check(set(unknown));
        expect(failures).toEqual([]);
        expect(inputs).toMatchObject(unknown);
    });

    it("given mistakes below the surface, then the paths lead to them", async () => {
        const { failures } = await provider.check(
            set({
                probe: { protocol: "http", path: "healthz", intervalSeconds: 0 },
                virtualMachines: { "web 1": { container: "a b" } },
            }),
        );
        expect(failures).toEqual([
            'probe.path: must start with "/" (got "healthz")',
            "probe.intervalSeconds: must be between 0.2 and 3600 (got 0)",
            expect.stringMatching(
                /^virtualMachines\["web 1"\]\.container: must start with a letter or digit .* \(got "a b"\)$/,
            ),
        ]);
    });

    it("given a probe over https, then it is in the state as it will be asked", async () => {
        const probe = {
            ...{ protocol: "https", path: "/healthz", headers: { Host: "www.contoso.com" } },
            body: { matches: "^ok" },
        };
        const { inputs, failures } = await provider.check(
            set({ probe: { ...probe, expectedStatus: [304, "200-299"] } }),
        );
        expect(failures).toEqual([]);
        expect(inputs["probe"]).toEqual({
            ...probe,
            ...{ expectedStatus: ["200-299", 304], intervalSeconds: 15, healthyThreshold: 1 },
        });
        expect((await provider.check(inputs, inputs)).inputs).toEqual(inputs);
    });

    it("given credentials that are none, then no message repeats them", async () => {
        const { failures } = await provider.check(
            set({ probe: { protocol: "https", headers: { Authorization: "hush\n" }, clientKey: "hush" } }),
        );
        expect(failures).toEqual([
            "probe.headers.Authorization: must hold only printable ASCII characters, without spaces at its ends",
            "probe.clientKey: must be a private key in PEM (-----BEGIN PRIVATE KEY----- …)",
            "probe.clientCertificate: is required with clientKey",
        ]);
    });

    it("given an expression that cannot be bounded, then the preview says so", async () => {
        const { failures } = await provider.check(set({ probe: { protocol: "http", body: { matches: "(a)\\1" } } }));
        expect(failures).toEqual([
            "probe.body.matches: must be a regular expression in RE2's syntax (invalid escape sequence: `\\1`) " +
                '(got "(a)\\\\1")',
        ]);
    });
});
