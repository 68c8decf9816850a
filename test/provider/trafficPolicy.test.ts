import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

let provider: ProviderProcess;
const stack = new TestStack();
beforeAll(async () => {
    provider = await ProviderProcess.start();
});
afterAll(() => provider.stop());

/** Without what is undefined, as Pulumi's engine has it. */
const asSent = (properties: object): Properties => JSON.parse(JSON.stringify(properties)) as Properties;

const policy = (properties: object): Properties =>
    stack.inputs(
        "trafficPolicy",
        "contoso",
        asSent({
            method: "RoundRobin",
            prefix: "contoso",
            monitor: { protocol: "http" },
            endpoints: { east: { hostName: "east.example" }, west: { hostName: "west.example" } },
            ...properties,
        }),
    );

const filled = { enabled: true, alwaysServe: false };
const common = { enabled: true, ttlSeconds: 300, timeToDivert: 430.1 };
const quick = {
    ttlSeconds: 20,
    monitor: { protocol: "http", intervalSeconds: 2, timeoutSeconds: 1.8, toleratedFailures: 1 },
};
const nested = { canary: { policy: "canary" } };
const asked = { intervalSeconds: 30, toleratedFailures: 3 };

describe("TrafficPolicy", () => {
    it("given only what is required, then the rest is filled in as in Azure, so that the preview shows it", async () => {
        const { inputs, failures } = await provider.check(policy({}));
        expect(failures).toEqual([]);
        expect(inputs).toEqual({
            ...policy({}),
            ...common,
            monitor: { protocol: "http", path: "/", ...asked },
            endpoints: { east: { hostName: "east.example", ...filled }, west: { hostName: "west.example", ...filled } },
        });
        expect((await provider.check(inputs, inputs)).inputs).toEqual(inputs);
    });

    it("given names, addresses and places in several writings, then the state holds one of them", async () => {
        const { inputs, failures } = await provider.check(
            policy({
                method: "Geographic",
                prefix: "WWW.Contoso",
                endpoints: {
                    a: { hostName: "EAST.Example.", places: ["de", "us-ca"], location: "EastUS" },
                    b: { hostName: "b.example", places: ["World"] },
                },
                fallback: { address: "2001:DB8:0::1" },
            }),
        );
        expect(failures).toEqual([]);
        expect(inputs).toMatchObject({
            prefix: "www.contoso",
            endpoints: {
                a: { hostName: "east.example", places: ["DE", "US-CA"], location: "eastus" },
                b: { places: ["WORLD"] },
            },
            fallback: { address: "2001:db8::1" },
        });
    });

    it.each<[string, Properties]>([
        ["the method", { method: UNKNOWN }],
        ["the prefix", { prefix: UNKNOWN }],
        ["the TTL", { ttlSeconds: UNKNOWN, timeToDivert: UNKNOWN }],
        ["the monitor", { monitor: UNKNOWN, timeToDivert: UNKNOWN }],
        ["the monitor's protocol", { monitor: { protocol: UNKNOWN }, timeToDivert: UNKNOWN }],
        [
            "the monitor's interval",
            { monitor: { protocol: "http", intervalSeconds: UNKNOWN, timeoutSeconds: 5 }, timeToDivert: UNKNOWN },
        ],
        ["how slow nested monitors are", { nestedDetectionSeconds: UNKNOWN, timeToDivert: UNKNOWN }],
        ["all endpoints", { endpoints: UNKNOWN }],
        ["an endpoint", { endpoints: { east: UNKNOWN } }],
        ["an endpoint's host name", { endpoints: { east: { hostName: UNKNOWN } } }],
        ["whether an endpoint takes part", { endpoints: { east: { hostName: "a.example", enabled: UNKNOWN } } }],
        ["the fallback", { fallback: UNKNOWN }],
    ])("given that %s is unknown, then the check lets it through", async (_what, unknown) => {
        const { timeToDivert: _computed, ...given } = unknown;
        const { inputs, failures } = await provider.check(policy(given));
        expect(failures).toEqual([]);
        expect(inputs).toMatchObject(unknown);
    });

    it("given mistakes below the surface, then the paths lead to them", async () => {
        const { failures, failedProperties } = await provider.check(
            policy({
                method: "Weighted",
                prefix: "a_b",
                ttlSeconds: 268_435_456,
                monitor: { protocol: "tcp", port: 0, intervalSeconds: 10, timeoutSeconds: 11 },
                endpoints: {
                    "a b": { hostName: "a.example", weight: 1001, priority: 1 },
                    c: { hostName: "c.example", address: "192.0.2.1" },
                    d: {},
                    e: { policy: "canary", alwaysServe: true },
                },
            }),
        );
        expect(failures).toEqual([
            'prefix: must be a DNS prefix such as "contoso" or "www.contoso": labels of 1 to 63 letters, digits and hyphens, ' +
                'with no hyphen at either end, separated by dots, 253 characters in all (got "a_b")',
            "ttlSeconds: must be between 0 and 268435455 (got 268435456)",
            "monitor.port: must be between 1 and 65535 (got 0)",
            "monitor.timeoutSeconds: must not exceed intervalSeconds (10) (got 11)",
            'endpoints["a b"].weight: must be between 0 and 1000 (got 1001)',
            expect.stringMatching(/^endpoints\["a b"\]: has unknown property "priority" \(allowed: address, /),
            "endpoints.c: must have exactly one of cloudService, hostName, address, policy (has hostName, address)",
            "endpoints.d: must have exactly one of cloudService, hostName, address, policy (has none)",
            "endpoints.e.alwaysServe: is for endpoints that are probed, which a policy is not: its own endpoints are (got true)",
        ]);
        expect(new Set(failedProperties)).toEqual(new Set([""]));
    });

    it.each<[string, Properties, string]>([
        [
            "two endpoints of one priority",
            {
                method: "Failover",
                endpoints: { a: { hostName: "a.example", priority: 1 }, b: { hostName: "b.example", priority: 1 } },
            },
            "endpoints.b.priority: must differ from that of endpoint a (got 1)",
        ],
        [
            "several values of a name",
            { method: "MultiValue", endpoints: { a: { hostName: "a.example" } } },
            "endpoints.a.hostName: must be an address: a MultiValue policy answers with several of them " +
                '(got "a.example")',
        ],
        [
            "nothing to probe with",
            { monitor: undefined },
            "monitor: is required, because endpoint east is to be probed (alwaysServe: true for one that is not)",
        ],
    ])("given what contradicts itself, then its own row says so: %s", async (_what, given, problem) => {
        expect((await provider.check(policy(given))).failures).toEqual([problem]);
    });

    it("given a wrong header, then no message repeats it", async () => {
        const { failures } = await provider.check(
            policy({
                monitor: { protocol: "http", headers: { Authorization: "hush\n" } },
                endpoints: { a: { hostName: "a.example", headers: { "X-Token": "hush\n" } } },
            }),
        );
        expect(failures).toHaveLength(2);
        expect(failures.join()).not.toContain("hush");
    });

    it.each<[string, Properties, number | undefined]>([
        ["Azure's defaults", {}, 430.1],
        ["a short TTL", { ttlSeconds: 0 }, 130.1],
        [
            "a monitor in a hurry",
            {
                ttlSeconds: 5,
                monitor: { protocol: "http", intervalSeconds: 1, timeoutSeconds: 0.5, toleratedFailures: 0 },
            },
            6.6,
        ],
        [
            "odd fractions, rounded up",
            {
                ttlSeconds: 0,
                monitor: { protocol: "http", intervalSeconds: 0.3, timeoutSeconds: 0.21, toleratedFailures: 0 },
            },
            0.7,
        ],
        ["no monitor", { monitor: undefined, endpoints: {} }, undefined],
        [
            "a monitor with nothing to probe",
            { endpoints: { a: { hostName: "a.example", alwaysServe: true } } },
            undefined,
        ],
        ["a slower nested monitor", { ...quick, nestedDetectionSeconds: 130 }, 150.1],
        ["a quicker nested monitor", { nestedDetectionSeconds: 5.8 }, 430.1],
        ["nested policies only, under a monitor", { endpoints: nested, nestedDetectionSeconds: 5.8 }, 305.9],
        ["nested policies only", { monitor: undefined, endpoints: nested, nestedDetectionSeconds: 130 }, 430.1],
    ])("tells how long clients may be sent to an endpoint that failed: %s", async (_what, given, seconds) => {
        const { inputs, failures } = await provider.check(policy(given));
        expect(failures).toEqual([]);
        if (seconds === undefined) expect(inputs).not.toHaveProperty("timeToDivert");
        else expect(inputs["timeToDivert"]).toBe(seconds);
    });

    it.each<[string, Properties]>([
        ["the method", { method: "Weighted" }],
        ["the prefix", { prefix: "www.contoso" }],
        ["an endpoint's name", { endpoints: { south: { hostName: "east.example" } } }],
        ["everything", { method: "Failover", enabled: false, ttlSeconds: 1, monitor: undefined, endpoints: {} }],
    ])("when %s changes, then in place", async (_what, change) => {
        const { inputs: before } = await provider.check(policy({}));
        const { id, properties } = await provider.create(before);
        expect(id).toBe(`${stack.name}-contoso`);
        const { inputs: after, failures } = await provider.check(policy(change), before);
        expect(failures).toEqual([]);
        expect(await provider.diff(id, properties, after)).toEqual({
            changes: 0,
            replaces: [],
            deleteBeforeReplace: false,
        });
        expect(await provider.update(id, properties, after)).toEqual(after);
        expect(await provider.read(id, after)).toEqual({ id, properties: after, inputs: after });
        await provider.delete(id, after);
    });
});

/** What the engine's own comparison would show, as paths: it compares the checked inputs. */
function changedPaths(before: unknown, after: unknown, path = ""): string[] {
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const isMap = (value: unknown): value is Properties => typeof value === "object" && value !== null;
    if (!isMap(before) || !isMap(after)) return [`${path}: ${JSON.stringify(before)} => ${JSON.stringify(after)}`];
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => changedPaths(before[key], after[key], path ? `${path}.${key}` : key));
}

describe("the preview of a changed TrafficPolicy", () => {
    const given = (properties: object) =>
        policy({
            method: "Weighted",
            monitor: { protocol: "http", path: "/healthz" },
            endpoints: { east: { cloudService: "contoso-east" }, west: { cloudService: "contoso-west" } },
            ...properties,
        });
    const withEast = (properties: object) => ({
        endpoints: {
            east: { cloudService: "contoso-east", ...properties },
            west: { cloudService: "contoso-west" },
        },
    });
    const withMonitor = (properties: object) => ({ monitor: { protocol: "http", path: "/healthz", ...properties } });
    const divert = (seconds: number) => `timeToDivert: 430.1 => ${seconds}`;

    it.each<[Properties, string[]]>([
        [{}, []],
        [{ prefix: "CONTOSO", ttlSeconds: 300, enabled: true }, []],
        [{ prefix: "www.contoso" }, ['prefix: "contoso" => "www.contoso"']],
        [{ enabled: false }, ["enabled: true => false"]],
        [{ ttlSeconds: 30 }, [divert(160.1), "ttlSeconds: 300 => 30"]],
        [{ fallback: { hostName: "sorry.example" } }, ['fallback: undefined => {"hostName":"sorry.example"}']],
        [withMonitor({ path: "/ready" }), ['monitor.path: "/healthz" => "/ready"']],
        [withMonitor({ port: 8080 }), ["monitor.port: undefined => 8080"]],
        [withMonitor({ protocol: "https" }), ['monitor.protocol: "http" => "https"']],
        [withMonitor({ headers: { Host: "a" } }), ['monitor.headers: undefined => {"Host":"a"}']],
        [withMonitor({ expectedStatus: [200, 204] }), ["monitor.expectedStatus: undefined => [200,204]"]],
        [withMonitor({ intervalSeconds: 10 }), ["monitor.intervalSeconds: 30 => 10", divert(349.1)]],
        [withMonitor({ timeoutSeconds: 5 }), ["monitor.timeoutSeconds: undefined => 5", divert(425.1)]],
        [withMonitor({ toleratedFailures: 1 }), ["monitor.toleratedFailures: 3 => 1", divert(370.1)]],
        [withEast({ weight: 5 }), ["endpoints.east.weight: 1 => 5"]],
        [withEast({ enabled: false }), ["endpoints.east.enabled: true => false"]],
        [withEast({ alwaysServe: true }), ["endpoints.east.alwaysServe: false => true"]],
        [withEast({ location: "EastUS" }), ['endpoints.east.location: undefined => "eastus"']],
        [withEast({ headers: { Host: "a" } }), ['endpoints.east.headers: undefined => {"Host":"a"}']],
        [withEast({ cloudService: "next" }), ['endpoints.east.cloudService: "contoso-east" => "next"']],
        [
            withEast({ cloudService: undefined, policy: "canary", minChildEndpoints: 2 }),
            [
                'endpoints.east.cloudService: "contoso-east" => undefined',
                "endpoints.east.minChildEndpoints: undefined => 2",
                'endpoints.east.policy: undefined => "canary"',
            ],
        ],
        [
            { method: "RoundRobin" },
            [
                "endpoints.east.weight: 1 => undefined",
                "endpoints.west.weight: 1 => undefined",
                'method: "Weighted" => "RoundRobin"',
            ],
        ],
    ])("%j shows %j", async (change, shown) => {
        const { inputs: before } = await provider.check(given({}));
        const { inputs: after, failures } = await provider.check(given(change), before);
        expect(failures).toEqual([]);
        expect(changedPaths(before, after)).toEqual(shown);
    });

    const preview = async (method: string, one: Properties, other: Properties) => {
        const { inputs: before } = await provider.check(policy({ method, ...one }));
        const { inputs: after, failures } = await provider.check(policy({ method, ...other }), before);
        expect(failures).toEqual([]);
        return changedPaths(before, after);
    };
    const endpoint = (properties: object) => ({ endpoints: { a: { address: "192.0.2.1", ...properties } } });

    it.each<[string, Properties, Properties, string[]]>([
        ["Failover", endpoint({ priority: 1 }), endpoint({ priority: 2 }), ["endpoints.a.priority: 1 => 2"]],
        [
            "Geographic",
            endpoint({ places: ["DE"] }),
            endpoint({ places: ["FR"] }),
            ['endpoints.a.places.0: "DE" => "FR"'],
        ],
        [
            "Subnet",
            endpoint({ subnets: ["192.0.2.0/24"] }),
            endpoint({ subnets: ["192.0.2.7/25"] }),
            ['endpoints.a.subnets.0: "192.0.2.0/24" => "192.0.2.0/25"'],
        ],
        ["MultiValue", endpoint({}), { ...endpoint({}), maxReturn: 3 }, ["maxReturn: 2 => 3"]],
        [
            "MultiValue",
            endpoint({}),
            endpoint({ address: "192.0.2.9" }),
            ['endpoints.a.address: "192.0.2.1" => "192.0.2.9"'],
        ],
    ])("of method %s: %j to %j shows %j", async (method, one, other, shown) => {
        expect(await preview(method, one, other)).toEqual(shown);
    });
});
