import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../model/balancer/compile";
import { memberKey } from "../../model/balancer/observation";
import { balancerConfiguration } from "../../model/balancer/configuration";
import { reuse } from "../../model/balancer/reuse";
import { network, observed, twoStates } from "./support/configurations";
import { planText } from "./support/planText";

const members = (...names: string[]) =>
    Object.fromEntries(names.map((name, position) => [name, { container: `dev-${name}-1`, position }]));
const http = {
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
    probe: { protocol: "http", path: "/healthz" },
    members: members("web1", "web2", "web3"),
};
const ssh = { protocol: "tcp", publicPort: 2201, privatePort: 22, container: "dev-web1-1" };
const healthy = {
    "endpoint/ssh": "healthy 10.80.1.2",
    "set/http/web1": "healthy 10.80.1.2",
    "set/http/web2": "healthy 10.80.1.3",
    "set/http/web3": "healthy 10.80.1.4",
};

/** `npx vitest run --project unit -u` writes these files anew; read the diff before you commit it. */
async function expectPlan(name: string, configuration: object, observations: Record<string, string>): Promise<void> {
    const plan = compile(balancerConfiguration.parse(configuration), network, observed(observations));
    await expect(planText(plan)).toMatchFileSnapshot(`golden/plan-${name}.txt`);
}

describe("the compiled plan", () => {
    const configuration = { endpoints: { ssh }, loadBalancedSets: { http } };

    test("of nothing has no frontend", async () => {
        await expectPlan("empty", {}, {});
    });

    test("of an endpoint and a set, when all are healthy", async () => {
        await expectPlan("all-healthy", configuration, healthy);
    });

    test("when one member is unhealthy: the others have its slots", async () => {
        await expectPlan("one-unhealthy", configuration, { ...healthy, "set/http/web2": "unhealthy 10.80.1.3" });
    });

    test("when a machine is stopped: its endpoint refuses, and the set goes on without it", async () => {
        await expectPlan("one-stopped", configuration, {
            ...healthy,
            "endpoint/ssh": "stopped",
            "set/http/web1": "stopped",
        });
    });

    test("when an endpoint's machine runs, whatever its health: an endpoint has no probe", async () => {
        await expectPlan("endpoint-unhealthy", { endpoints: { ssh } }, { "endpoint/ssh": "unhealthy 10.80.1.2" });
    });

    const allDown = {
        "set/http/web1": "unhealthy 10.80.1.2",
        "set/http/web2": "unknown 10.80.1.3",
        "set/http/web3": "stopped",
    };

    test("when nobody is healthy: the set refuses", async () => {
        await expectPlan("all-down-reject", { loadBalancedSets: { http } }, allDown);
    });

    test("when nobody is healthy and the set is to send to all: to all that run", async () => {
        await expectPlan("all-down-all-up", { loadBalancedSets: { http: { ...http, allDown: "allUp" } } }, allDown);
    });

    test("when nobody runs: even a set that is to send to all refuses", async () => {
        await expectPlan(
            "nobody-runs-all-up",
            { loadBalancedSets: { http: { ...http, allDown: "allUp" } } },
            { "set/http/web1": "stopped" },
        );
    });

    test("when a set has no members: it refuses", async () => {
        await expectPlan("no-members", { loadBalancedSets: { http: { ...http, members: {} } } }, {});
    });

    test("when a member in the middle was removed: its position is a hole", async () => {
        const { web2: _, ...rest } = http.members;
        await expectPlan("hole", { loadBalancedSets: { http: { ...http, members: rest } } }, healthy);
    });

    test("of tcp and udp on the same port", async () => {
        const dns = { ...http, protocol: "udp", publicPort: 53, privatePort: 5353, probe: { protocol: "none" } };
        await expectPlan(
            "tcp-and-udp",
            {
                loadBalancedSets: {
                    "dns-udp": { ...dns, members: members("ns1", "ns2") },
                    "dns-tcp": { ...dns, protocol: "tcp", members: members("ns1", "ns2") },
                },
            },
            {
                "set/dns-udp/ns1": "healthy 10.80.1.5",
                "set/dns-udp/ns2": "healthy 10.80.1.6",
                "set/dns-tcp/ns1": "healthy 10.80.1.5",
                "set/dns-tcp/ns2": "unhealthy 10.80.1.6",
            },
        );
    });

    test("of a set with seven members has finer slots", async () => {
        const names = ["a", "b", "c", "d", "e", "f", "g"];
        await expectPlan(
            "seven-members",
            { loadBalancedSets: { http: { ...http, members: members(...names) } } },
            Object.fromEntries(names.map((name, index) => [`set/http/${name}`, `healthy 10.80.1.${index + 2}`])),
        );
    });
});

describe("compiled again after a change of health", () => {
    test("the plan is the same as one that nothing was compiled before", () => {
        fc.assert(
            fc.property(twoStates, ({ configuration, before, after }) => {
                compile(configuration, network, before);
                expect(compile(configuration, network, after)).toEqual(
                    compile(structuredClone(configuration), network, after),
                );
            }),
        );
    });

    test("a set that it does not concern keeps its table", () => {
        const two = balancerConfiguration.parse({
            loadBalancedSets: { http, other: { ...http, publicPort: 81, members: members("app1") } },
        });
        const health = { ...healthy, "set/other/app1": "healthy 10.80.1.5" };
        const before = compile(two, network, observed(health));
        const after = compile(two, network, observed({ ...health, "set/http/web1": "stopped" }));

        expect(after.tables.get("set/other")).toBe(before.tables.get("set/other"));
        expect(after.tables.get("set/http")).not.toEqual(before.tables.get("set/http"));
        after.frontends.forEach((frontend, index) => expect(frontend).toBe(before.frontends[index]));
    });

    test("a set that a new configuration has just so keeps its table and frontend", () => {
        const other = { ...http, publicPort: 81, members: members("app1") };
        const grouped = { ...http, distribution: "sourceIP", affinityGroup: "shop" };
        const loadBalancedSets = {
            http,
            other,
            cart: { ...grouped, publicPort: 82 },
            pay: { ...grouped, publicPort: 83 },
        };
        const health = observed({ ...healthy, "set/other/app1": "healthy 10.80.1.5" });
        const first = balancerConfiguration.parse({ endpoints: { ssh }, loadBalancedSets });
        const next = balancerConfiguration.parse({
            loadBalancedSets: {
                ...loadBalancedSets,
                http: { ...http, drainSeconds: 1 },
                more: { ...other, publicPort: 84 },
            },
        });
        const before = compile(first, network, health);
        const after = compile(reuse(first, next), network, health);

        expect(after).toEqual(compile(next, network, health));
        for (const name of ["set/other", "set/cart", "set/pay"]) {
            expect(after.tables.get(name)).toBe(before.tables.get(name));
            const frontend = (plan: typeof after) => plan.frontends.find((one) => one.name === name);
            expect(frontend(after)).toBe(frontend(before));
        }
    });

    test("what it remembers of a configuration shows nowhere", () => {
        fc.assert(
            fc.property(twoStates, ({ configuration, before, after }) => {
                compile(configuration, { ...network, virtualIp: "10.224.7.47" }, after);
                compile(configuration, network, before);
                const plan = compile(configuration, network, after);
                expect(plan).toEqual(compile(structuredClone(configuration), network, after));
            }),
        );
    });
});

describe("a member's key", () => {
    test("names it among all members of a configuration, also where names hold slashes", () => {
        const keys = [
            memberKey("endpoint", "ssh"),
            memberKey("endpoint", "ssh/web1"),
            memberKey("set", "ssh", "web1"),
            memberKey("set", "a/b", "c"),
            memberKey("set", "a", "b/c"),
            memberKey("set", "a%2Fb", "c"),
        ];
        expect(keys[0]).toBe("endpoint/ssh");
        expect(keys[2]).toBe("set/ssh/web1");
        expect(new Set(keys).size).toBe(keys.length);
    });
});
