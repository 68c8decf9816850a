import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { objectsOf } from "./support/docker";
import { Project, Steps } from "./support/project";

/** Every option of policies, their endpoints and the traffic manager: what its change shows, and that it is made in place. */
describe("the options of traffic policies", () => {
    let project: Project;
    let stack: Stack;

    const options = {
        policies: {
            RoundRobin: {
                prefix: "www.contoso",
                ttlSeconds: 30,
                monitor: {
                    protocol: "https",
                    port: 8443,
                    path: "/healthz",
                    headers: { "X-Probe": "switchyard" },
                    expectedStatus: ["200-299"],
                    intervalSeconds: 10,
                    timeoutSeconds: 5,
                    toleratedFailures: 0,
                },
                fallback: { address: "192.0.2.99" },
                // One that is not probed, since it is disabled.
                endpoints: { b: { enabled: false, alwaysServe: false, headers: { Host: "b.contoso.example" } } },
            },
            Weighted: { enabled: false, endpoints: { a: { weight: 95 }, b: { weight: 5 } } },
            Failover: {
                endpoints: {
                    a: { priority: 20 },
                    b: { priority: 10 },
                    c: { address: "192.0.2.60", alwaysServe: true, priority: 30 },
                },
            },
            Performance: { endpoints: { a: { location: "rack-1" } } },
            Subnet: { endpoints: { a: { subnets: ["198.51.100.0-198.51.100.9", "203.0.113.7"] }, b: null } },
            MultiValue: { maxReturn: 3, endpoints: { c: { address: "2001:db8::1" } } },
        },
        nested: { minChildEndpoints: 2 },
        server: { hostName: "ns1.contoso.example", advertisedAddress: "198.51.100.53" },
        manager: {
            soa: {
                hostmaster: "dns-admin.contoso.example",
                refreshSeconds: 3600,
                retrySeconds: 600,
                expireSeconds: 86400,
                negativeTtlSeconds: 10,
            },
            addressTtlSeconds: 60,
            latencies: { "203.0.113.0/24": { eastus: 12, "rack-1": 2 } },
            locations: { "rack-1": { latitude: 52.5, longitude: 13.4 } },
        },
    };

    beforeAll(async () => {
        project = new Project(inject("installation"), "policies");
        stack = await project.stack("policies");
    });
    afterAll(() => project.remove());

    async function changesOf(operation: "preview" | "up", target?: string[]): Promise<Steps["byResource"]> {
        const steps = new Steps();
        await stack[operation]({ onEvent: steps.onEvent, target });
        return steps.byResource;
    }

    it("given none of them, an unchanged program has nothing to show", async () => {
        project.declare(stack, {});
        await stack.up();
        expect(await changesOf("preview")).toEqual({});
    });

    it("given all of them, the preview names each by its path, and the update is made in place", async () => {
        project.declare(stack, options);
        const preview = await changesOf("preview");
        expect(preview).toMatchSnapshot();
        expect(await changesOf("up")).toEqual(preview);
        expect(await changesOf("preview")).toEqual({});
    });

    it("given none again, all are taken back", async () => {
        project.declare(stack, {});
        await stack.up();
        expect(await changesOf("preview")).toEqual({});
    });

    it("a secret in a monitor hides itself, and nothing beside it", async () => {
        const shownFor = async (shape: object) => {
            project.declare(stack, shape);
            const { changes } = (await changesOf("preview"))["DnsConfiguration dns-ns1-configuration"]!;
            return changes.filter((change) => change.includes("Subnet"));
        };
        project.declare(stack, { token: "one", path: "/a" });
        await stack.up();
        expect(await shownFor({ token: "one", path: "/b" })).toEqual(["policies.Subnet.monitor.path"]);
        const header = "policies.Subnet.monitor.headers.Authorization";
        expect(await shownFor({ token: "two", path: "/a" })).toEqual([header]);
    });

    it("an update of a server alone applies the policies as they are in the program, and no mixture", async () => {
        project.declare(stack, { policies: { Weighted: { ttlSeconds: 30, endpoints: { a: { weight: 5 } } } } });
        const { "DnsConfiguration dns-ns1-configuration": step } = await changesOf("preview", ["**DnsConfiguration**"]);
        expect(step!.changes.filter((change) => change.includes("Weighted") && !change.includes("monitor"))).toEqual([
            "policies.Weighted.endpoints.a.weight",
            "policies.Weighted.ttlSeconds",
        ]);
    });

    it("leaves nothing behind", async () => {
        await stack.destroy();
        expect(Object.values(objectsOf(project.name)).flat()).toEqual([]);
    });
});
