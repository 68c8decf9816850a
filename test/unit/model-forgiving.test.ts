import { expect, test } from "vitest";
import { compile } from "../../model/balancer/compile";
import { balancerConfiguration } from "../../model/balancer/configuration";
import type { HealthStatus } from "../../model/health/health";
import { network, observed } from "./support/configurations";

type Given = readonly (HealthStatus | readonly [HealthStatus, share: object])[];
const UP = "healthy";
const DOWN = "unhealthy";

/** Whether the set's clients are to try again when one of these members refuses them. */
function isForgiving(given: Given, settings: object = {}): boolean {
    const all = given.map((one) => (typeof one === "string" ? ([one, {}] as const) : one));
    const members = Object.fromEntries(
        all.map(([, share], position) => [`web${position}`, { container: `web${position}-1`, position, ...share }]),
    );
    const http = {
        protocol: "tcp",
        publicPort: 80,
        privatePort: 8080,
        probe: { protocol: "http" },
        members,
        ...settings,
    };
    const statuses = all.map(([status], n) => [`set/http/web${n}`, `${status} 10.80.1.${n + 2}`] as const);
    const configuration = balancerConfiguration.parse({ loadBalancedSets: { http } });
    return compile(configuration, network, observed(Object.fromEntries(statuses))).forgiving.has("set/http");
}

test.each<[string, Given, boolean]>([
    ["of two healthy ones either can be taken out", [UP, UP], true],
    ["the last one stays", [UP, DOWN], false],
    ["the only one stays", [UP], false],
    ["nobody is left", [DOWN, DOWN], false],
    ["of three one can go", [UP, UP, UP], true],
    ["of three no second one", [UP, UP, DOWN], false],
    ["of four two can go", [UP, UP, UP, DOWN], true],
    ["of four no third one", [UP, UP, DOWN, DOWN], false],
    ["the one that serves alone has another behind it", [UP, [UP, { priority: 2 }]], true],
    ["the one behind it is down", [UP, [DOWN, { priority: 2 }]], false],
    ["one of them stays whatever its probe says", [UP, UP, UP, [UP, { adminState: "up" }]], false],
    ["who receives nothing does not count", [UP, UP, [UP, { adminState: "down" }], [UP, { weight: 0 }]], true],
    ["who receives nothing is nobody to turn to", [UP, [UP, { weight: 0 }], [UP, { adminState: "down" }]], false],
])("%s", (_, given, expected) => expect(isForgiving(given)).toBe(expected));

test.each<[string, object, boolean]>([
    ["passive detection is off", { passiveDetection: false }, false],
    ["nothing decides about members", { probe: { protocol: "none" } }, false],
    ["another port is asked than the one that refuses", { probe: { protocol: "http", port: 9090 } }, false],
    ["the port that refuses is asked, and named", { probe: { protocol: "tcp", port: 8080 } }, true],
    ["a try more would count against the client", { maxConnectionRatePerSource: { perMinute: 6 } }, false],
    ["a range of ports refuses one by one", { publicPort: "80-81", privatePort: "8080-8081" }, false],
    [
        "udp knows no refusal that passive detection hears",
        { protocol: "udp", probe: { protocol: "tcp", port: 8080 } },
        false,
    ],
])("%s", (_, settings, expected) => expect(isForgiving([UP, UP, UP], settings)).toBe(expected));

test("one of them refuses some and is well: what it refuses, it may refuse for good", () => {
    const members = Object.fromEntries(["a", "b"].map((name, position) => [name, { container: name, position }]));
    const http = { protocol: "tcp", publicPort: 80, privatePort: 8080, probe: { protocol: "tcp" }, members };
    const configuration = balancerConfiguration.parse({ loadBalancedSets: { http } });
    const known = (refusesSome: boolean) =>
        new Map(
            ["a", "b"].map((name) => [`set/http/${name}`, { status: UP, address: "10.80.1.2", refusesSome } as const]),
        );
    const forgives = [false, true, false].map(
        (refusesSome) => compile(configuration, network, known(refusesSome)).forgiving.size,
    );
    expect(forgives).toEqual([1, 0, 1]);
});

test("all serve because nobody is healthy: nobody is taken out", () => {
    expect(isForgiving([DOWN, DOWN, DOWN], { allDown: "allUp" })).toBe(false);
});
