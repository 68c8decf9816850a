import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import * as switchyard from "../../sdk";
import { register, type Registration } from "./support/program";
import { refusalOf } from "./support/refusal";
import { refusals } from "./support/schemas";

const monitor = { protocol: "http", path: "/healthz" } as const;

function inputsOf(registered: Record<string, Registration>, key: string): Record<string, any> {
    const { __urn, __provider, ...inputs } = registered[key]!.inputs;
    return inputs;
}

async function policyInputs(args: () => switchyard.TrafficPolicyArgs, name = "contoso"): Promise<Record<string, any>> {
    const registered = await register(() => new switchyard.TrafficPolicy(name, args()));
    expect(refusals(registered)).toEqual({});
    return inputsOf(registered, `TrafficPolicy ${name}`);
}

describe("what a TrafficPolicy registers", () => {
    it("has its name in small letters for its prefix, and nothing that is not given", async () => {
        const endpoints = { a: { address: "192.0.2.1", alwaysServe: true } };
        expect(await policyInputs(() => ({ method: "RoundRobin", endpoints }), "Contoso")).toEqual({
            method: "RoundRobin",
            prefix: "contoso",
            endpoints,
        });
    });

    it("names cloud services, of this stack and another, and policies", async () => {
        const registered = await register(() => {
            const east = new switchyard.CloudService("contoso-east", { location: "eastus" });
            const canary = new switchyard.TrafficPolicy("canary", {
                method: "Weighted",
                monitor,
                endpoints: {
                    old: { cloudService: east, weight: 95 },
                    new: { cloudService: { name: "next", address: pulumi.output("192.0.2.9") }, weight: 5 },
                },
            });
            new switchyard.TrafficPolicy("contoso", {
                method: "Failover",
                prefix: "www.contoso",
                ttlSeconds: 30,
                endpoints: {
                    first: { policy: canary, minChildEndpoints: 2 },
                    second: { cloudService: east, alwaysServe: true },
                },
                fallback: { cloudService: east },
            });
        });
        expect(refusals(registered)).toEqual({});
        expect(inputsOf(registered, "TrafficPolicy canary").endpoints).toEqual({
            old: { cloudService: "contoso-east", weight: 95 },
            new: { cloudService: "next", weight: 5 },
        });
        expect(inputsOf(registered, "TrafficPolicy contoso")).toEqual({
            method: "Failover",
            prefix: "www.contoso",
            ttlSeconds: 30,
            endpoints: {
                first: { policy: "canary", minChildEndpoints: 2, priority: 1 },
                second: { cloudService: "contoso-east", alwaysServe: true, priority: 2 },
            },
            fallback: { cloudService: "contoso-east" },
            nestedDetectionSeconds: 130,
        });
    });

    it("tells how slow the monitors of nested policies are, through policies that probe nothing themselves", async () => {
        const registered = await register(() => {
            const probed = new switchyard.TrafficPolicy("probed", {
                method: "RoundRobin",
                monitor,
                endpoints: { a: { hostName: "a.example" } },
            });
            const fixed = new switchyard.TrafficPolicy("fixed", {
                method: "RoundRobin",
                endpoints: { b: { hostName: "b.example", alwaysServe: true } },
            });
            const middle = new switchyard.TrafficPolicy("middle", {
                method: "Weighted",
                endpoints: { probed: { policy: probed }, fixed: { policy: fixed } },
            });
            new switchyard.TrafficPolicy("outer", { method: "Weighted", endpoints: { middle: { policy: middle } } });
            new switchyard.TrafficPolicy("over", {
                method: "Weighted",
                monitor,
                endpoints: { fixed: { policy: fixed } },
            });
        });
        expect(refusals(registered)).toEqual({});
        const told = ["probed", "fixed", "middle", "outer", "over"].map(
            (name) => inputsOf(registered, `TrafficPolicy ${name}`).nestedDetectionSeconds,
        );
        // The echo for the provider says 430.1 of each, with a TTL of 300.
        expect(told).toEqual([undefined, undefined, 130, 130, undefined]);
    });

    it("passes on each method's own arguments", async () => {
        const host = { hostName: "www.contoso.com" };
        const all: switchyard.TrafficPolicyArgs[] = [
            { method: "RoundRobin", monitor, endpoints: { a: { ...host, enabled: false, headers: { Host: "a" } } } },
            { method: "Weighted", monitor, endpoints: { a: { ...host, weight: 0 } } },
            { method: "Failover", monitor, endpoints: { a: { ...host, priority: 7 } } },
            { method: "Performance", monitor, endpoints: { a: { ...host, location: "eastus" } } },
            { method: "Geographic", monitor, endpoints: { a: { ...host, places: ["DE", "US-CA"] } } },
            {
                method: "Subnet",
                monitor,
                endpoints: { a: { ...host, subnets: ["192.0.2.0/24"] }, b: { hostName: "b.example" } },
            },
            { method: "MultiValue", monitor, maxReturn: 3, endpoints: { a: { address: "192.0.2.1" } } },
        ];
        for (const args of all) {
            expect(await policyInputs(() => ({ ...args, enabled: false }))).toEqual({
                ...args,
                prefix: "contoso",
                enabled: false,
            });
        }
    });

    it("keeps secrets secret, and awaits what is not known yet", async () => {
        const registered = await register(
            () =>
                new switchyard.TrafficPolicy("contoso", {
                    method: "Weighted",
                    monitor: { ...monitor, headers: { Authorization: pulumi.secret("s3cret") } },
                    endpoints: {
                        a: { hostName: "a.example", headers: { "X-Token": pulumi.secret("t0ken") } },
                        b: { hostName: pulumi.output("b.example"), weight: Promise.resolve(3) },
                    },
                }),
        );
        const inputs = inputsOf(registered, "TrafficPolicy contoso");
        const isSecret = (key: string) => pulumi.runtime.isRpcSecret(inputs[key]);
        // Pulumi's mocks see the property as secret that holds a secret; providers get it by path.
        expect(Object.keys(inputs).filter(isSecret).sort()).toEqual(["endpoints", "monitor"]);
        expect(pulumi.runtime.unwrapRpcSecret(inputs.endpoints)).toEqual({
            a: { hostName: "a.example", headers: { "X-Token": "t0ken" } },
            b: { hostName: "b.example", weight: 3 },
        });
    });
});

describe("the order of a Failover policy", () => {
    const orderOf = async (endpoints: Record<string, switchyard.FailoverEndpointArgs>) => {
        const inputs = await policyInputs(() => ({ method: "Failover", monitor, endpoints }));
        return Object.fromEntries(
            Object.entries(inputs.endpoints).map(([name, { priority }]: any) => [name, priority]),
        );
    };
    const at = (hostName: string) => ({ hostName });

    it("is the order in which endpoints are written", async () => {
        expect(await orderOf({ west: at("w.example"), east: at("e.example"), central: at("c.example") })).toEqual({
            west: 1,
            east: 2,
            central: 3,
        });
    });

    it("is that of the priorities where they are given", async () => {
        expect(
            await orderOf({ west: { ...at("w.example"), priority: 20 }, east: { ...at("e.example"), priority: 10 } }),
        ).toEqual({
            west: 20,
            east: 10,
        });
    });
});

const anything = (value: unknown) => value as never;

describe("a TrafficPolicy's mistakes, found before anything is registered", () => {
    const policy = (args: object) => new switchyard.TrafficPolicy("contoso", anything(args));
    const parts = () => ({
        east: new switchyard.CloudService("east"),
        canary: policy({ method: "RoundRobin", endpoints: {} }),
    });

    it.each<[string, (given: ReturnType<typeof parts>) => object, string[]]>([
        ["no endpoints", () => ({ method: "RoundRobin" }), ["endpoints: is required"]],
        [
            "endpoints that are a list, and a fallback that is a text",
            ({ east }) => ({ method: "RoundRobin", endpoints: [{ cloudService: east }], fallback: "a.example" }),
            [
                "endpoints: must be a map of endpoints by name (got a list)",
                'fallback: must be an object such as { hostName: "www.contoso.com" } (got "a.example")',
            ],
        ],
        [
            "endpoints that are an Output",
            () => ({ method: "RoundRobin", endpoints: pulumi.output({}) }),
            ["endpoints: must be a map of endpoints by name (got an Output)"],
        ],
        [
            "things that are no endpoints",
            ({ east, canary }) => ({
                method: "RoundRobin",
                endpoints: { east, canary, "a b": "www.contoso.com", c: undefined, d: pulumi.output({}) },
            }),
            [
                "endpoints.east: must be an object such as { cloudService: … } (got a CloudService)",
                "endpoints.canary: must be an object such as { policy: … } (got a TrafficPolicy)",
                'endpoints["a b"]: must be an object such as { hostName: "www.contoso.com" } (got "www.contoso.com")',
                'endpoints.c: must be an object such as { hostName: "www.contoso.com" } (got undefined)',
                'endpoints.d: must be an object such as { hostName: "www.contoso.com" } (got an Output)',
            ],
        ],
        [
            "references to other things",
            ({ east, canary }) => ({
                method: "RoundRobin",
                endpoints: {
                    a: { cloudService: canary },
                    b: { policy: east },
                    c: { cloudService: { name: "" } },
                    d: { cloudService: "east" },
                    e: { policy: null },
                },
            }),
            [
                "endpoints.a.cloudService: must be a CloudService, or its { name, address } (got a TrafficPolicy)",
                "endpoints.b.policy: must be a TrafficPolicy (got a CloudService)",
                'endpoints.c.cloudService.name: must be the name of a cloud service (got "")',
                "endpoints.c.cloudService.address: is required",
                'endpoints.d.cloudService: must be a CloudService, or its { name, address } (got "east")',
                "endpoints.e.policy: is required",
            ],
        ],
        [
            "priorities of some endpoints only",
            () => ({
                method: "Failover",
                endpoints: { a: { hostName: "a" }, b: { hostName: "b", priority: 1 }, "c d": { hostName: "c" } },
            }),
            [
                "endpoints.a.priority: is required, as b has one " +
                    "(or give none, and endpoints come in the order in which they are written)",
                'endpoints["c d"].priority: is required, as b has one ' +
                    "(or give none, and endpoints come in the order in which they are written)",
            ],
        ],
    ])("%s", async (_what, args, problems) => {
        const refused = await refusalOf(parts, (given) => new switchyard.TrafficPolicy("wrong", anything(args(given))));
        expect(refused.problems).toEqual(problems);
        expect(refused.urn).toBe("urn:pulumi:dev::project::pulumi-nodejs:dynamic/switchyard:TrafficPolicy::wrong");
        expect(Object.keys(refused.registered)).not.toContain("TrafficPolicy wrong");
    });
});

/** Compiled, never run: each line but the first must not compile, or tsc reports its comment. */
export function typesOfMethods(host: { hostName: string }): unknown[] {
    const of = (args: switchyard.TrafficPolicyArgs) => args;
    return [
        of({ method: "Weighted", endpoints: { a: { ...host, weight: 1 } } }),
        // @ts-expect-error weights mean something under Weighted only
        of({ method: "RoundRobin", endpoints: { a: { hostName: "a", weight: 1 } } }),
        // @ts-expect-error priorities under Failover only
        of({ method: "Weighted", endpoints: { a: { hostName: "a", priority: 1 } } }),
        // @ts-expect-error places under Geographic only
        of({ method: "Performance", endpoints: { a: { hostName: "a", places: ["DE"] } } }),
        // @ts-expect-error and there they are needed
        of({ method: "Geographic", endpoints: { a: { hostName: "a" } } }),
        // @ts-expect-error subnets under Subnet only
        of({ method: "Failover", endpoints: { a: { hostName: "a", subnets: [] } } }),
        // @ts-expect-error several values under MultiValue only
        of({ method: "RoundRobin", maxReturn: 2, endpoints: {} }),
        // @ts-expect-error no such method
        of({ method: "Random", endpoints: {} }),
        // @ts-expect-error a fallback is answered, not chosen by a policy
        of({ method: "RoundRobin", endpoints: {}, fallback: { policy: new switchyard.TrafficPolicy("a", {}) } }),
    ];
}
