import { describe, expect, test } from "vitest";
import { oddsFor } from "../../model/dns/client";
import { decide, prepare } from "../../model/dns/decide";
import { endpointKey } from "../../model/dns/observation";
import { configured, decisionText, healths, policy } from "./support/dns";

const A = { address: "198.51.100.1" };
const B = { address: "198.51.100.2" };
const C = { address: "198.51.100.3" };
const FALLBACK = { fallback: { address: "203.0.113.1" } };

/** What `p` with these endpoints decides, their healths being as the letters say. */
function decided(
    method: string,
    endpoints: Record<string, object>,
    letters: string,
    rest: object = {},
    more: object = {},
) {
    const configuration = configured({ p: policy("p", method, endpoints, rest) }, more);
    return decisionText(decide(configuration, healths(configuration, { p: letters })).get("p")!.decision);
}

const three = (a: object = {}, b: object = {}, c: object = {}) => ({
    a: { ...A, ...a },
    b: { ...B, ...b },
    c: { ...C, ...c },
});
const off = { enabled: false };

describe("RoundRobin", () => {
    test.each<[string, Record<string, object>, object, string]>([
        ["ooo", three(), {}, "1 a, 1 b, 1 c"],
        ["odo", three(), {}, "1 a, 1 c"],
        ["c-d", three(), {}, "1 a, 1 b"],
        ["dod", three(), {}, "b"],
        ["ddd", three(), {}, "1 a, 1 b, 1 c"],
        ["ddd", three(off), {}, "1 b, 1 c"],
        ["ddd", three({ alwaysServe: true }), {}, "a"],
        ["ooo", three(off, off, off), {}, "nothing"],
        ["ooo", three(), { enabled: false }, "nothing"],
        ["ddd", three(), FALLBACK, "fallback"],
        ["dod", three(), FALLBACK, "b"],
        ["ooo", three(off, off, off), FALLBACK, "fallback"],
        ["ooo", three(), { enabled: false, ...FALLBACK }, "nothing"],
        ["", {}, {}, "nothing"],
    ])("%s of %j, %j → %s", (letters, endpoints, rest, expected) => {
        expect(decided("RoundRobin", endpoints, letters, rest)).toBe(expected);
    });
});

describe("Weighted", () => {
    const weights = (a: number, b: number, c: number) => three({ weight: a }, { weight: b }, { weight: c });
    test.each<[string, Record<string, object>, string]>([
        ["ooo", weights(2, 4, 6), "1 a, 2 b, 3 c"],
        ["ood", weights(1000, 999, 1), "1000 a, 999 b"],
        ["ooo", weights(5, 0, 0), "a"],
        ["doo", weights(5, 0, 0), "1 b, 1 c"],
        ["ddo", weights(5, 5, 0), "c"],
        ["ddd", weights(5, 5, 0), "1 a, 1 b"],
        ["ooo", weights(0, 0, 0), "1 a, 1 b, 1 c"],
    ])("%s of %j → %s", (letters, endpoints, expected) => {
        expect(decided("Weighted", endpoints, letters)).toBe(expected);
    });
});

describe("Failover", () => {
    const ordered = three({ priority: 2 }, { priority: 1 }, { priority: 1000 });
    test.each([
        ["ooo", "b"],
        ["odo", "a"],
        ["ddo", "c"],
        ["ddc", "c"],
        ["ddd", "b"],
    ])("%s → %s", (letters, expected) => {
        expect(decided("Failover", ordered, letters)).toBe(expected);
    });
});

describe("MultiValue", () => {
    test.each([
        ["ooo", "2 of a b c"],
        ["odo", "2 of a c"],
        ["odd", "a"],
        ["ddd", "2 of a b c"],
    ])("%s → %s", (letters, expected) => {
        expect(decided("MultiValue", three(), letters)).toBe(expected);
    });
});

describe("Subnet", () => {
    const mapped = three({ subnets: ["192.0.2.0/24"] }, { subnets: ["198.51.100.0/25"] });
    const unmapped = three(
        { subnets: ["192.0.2.0/24"] },
        { subnets: ["198.51.100.0/25"] },
        { subnets: ["203.0.113.1"] },
    );
    test.each<[string, Record<string, object>, object, string]>([
        ["ooo", mapped, {}, "{a: a; b: b; c: c}"],
        ["doo", mapped, {}, "{b: b; c: c}"],
        ["ddd", mapped, {}, "{a: a; b: b; c: c}"],
        ["doo", mapped, FALLBACK, "{a: fallback; b: b; c: c}"],
        ["ood", mapped, {}, "{a: a; b: b}"],
        ["ooo", unmapped, {}, "{a: a; b: b; c: c}"],
        ["ooo", unmapped, FALLBACK, "{a: a; b: b; c: c; others: fallback}"],
        ["ooo", { ...mapped, a: { ...mapped.a, ...off } }, {}, "{b: b; c: c}"],
        ["ooo", { ...mapped, a: { ...mapped.a, ...off }, b: { ...mapped.b, ...off } }, {}, "c"],
        ["ddo", unmapped, { ...FALLBACK, enabled: false }, "nothing"],
        ["ddd", mapped, FALLBACK, "fallback"],
    ])("%s of %j, %j → %s", (letters, endpoints, rest, expected) => {
        expect(decided("Subnet", endpoints, letters, rest)).toBe(expected);
    });
});

describe("Geographic", () => {
    const places = three({ places: ["DE", "US-CA"] }, { places: ["GEO-EU"] }, { places: ["WORLD"] });
    test.each<[string, Record<string, object>, object, string]>([
        ["ooo", places, {}, "{a: a; b: b; c: c}"],
        ["doo", places, {}, "{a: a; b: b; c: c}"],
        ["doo", places, FALLBACK, "{a: fallback; b: b; c: c}"],
        ["ooo", { ...places, a: { ...places.a, ...off } }, {}, "{b: b; c: c}"],
        ["ooo", { ...places, c: { ...places.c, ...off } }, {}, "{a: a; b: b}"],
        ["ooo", { ...places, c: { ...places.c, ...off } }, FALLBACK, "{a: a; b: b; others: fallback}"],
        ["o", { c: places.c }, {}, "c"],
    ])("%s of %j, %j → %s", (letters, endpoints, rest, expected) => {
        expect(decided("Geographic", endpoints, letters, rest)).toBe(expected);
    });

    test("answers nothing where the match is Stopped", () => {
        const configuration = configured({
            p: policy("p", "Geographic", { a: { policy: "q", places: ["DE"] }, b: { ...B, places: ["WORLD"] } }),
            q: policy("q", "RoundRobin", { a: { ...A, ...off } }),
        });
        expect(decisionText(decide(configuration, new Map()).get("p")!.decision)).toBe("{b: b}");
    });
});

describe("Performance", () => {
    const near = three({ location: "eastus" }, { location: "eastus" }, { location: "westeurope" });
    const latencies = {
        "192.0.2.0/24": { eastus: 10, westeurope: 90 },
        "198.51.100.0/24": { westeurope: 5 },
        "203.0.113.0/24": { eastus: 7, westeurope: 7 },
        "203.0.113.128/25": { japaneast: 7 },
    };
    const all = { latencies, geoDatabase: undefined };
    test.each<[string, string]>([
        ["ooo", "{eastus>westeurope: 1 a, 1 b; westeurope>eastus: c; eastus=westeurope: 1 a, 1 b, 1 c}"],
        ["doo", "{eastus>westeurope: b; westeurope>eastus: c; eastus=westeurope: 1 b, 1 c}"],
        ["ddo", "c"],
        ["ood", "1 a, 1 b"],
        ["ddd", "{eastus>westeurope: 1 a, 1 b; westeurope>eastus: c; eastus=westeurope: 1 a, 1 b, 1 c}"],
    ])("by latencies: %s → %s", (letters, expected) => {
        expect(decided("Performance", near, letters, {}, all)).toBe(expected);
    });

    test("by distance from the middle of a country, evenly where nobody knows it", () => {
        const configuration = configured({ p: policy("p", "Performance", near) });
        const { decision } = decide(configuration, new Map()).get("p")!;
        if (decision.kind !== "byClient" || decision.classifier.kind !== "places") throw new Error("no places");
        const { places, otherwise } = decision.classifier;
        expect([places.DE, places.US, places.NG, places.MX, otherwise]).toEqual([
            "westeurope>eastus",
            "eastus>westeurope",
            "westeurope>eastus",
            "eastus>westeurope",
            "eastus=westeurope",
        ]);
    });

    test("by distance for the clients of whom nothing is measured", () => {
        const configuration = configured({ p: policy("p", "Performance", near) }, { latencies });
        const { decision } = decide(configuration, new Map()).get("p")!;
        if (decision.kind !== "byClient") throw new Error("no choice by client");
        expect(decision.classifier).toMatchObject({ kind: "networks", otherwise: { kind: "places" } });
        expect(Object.keys(decision.classifier.kind === "networks" ? decision.classifier.networks : {})).not.toContain(
            "203.0.113.128/25",
        );
    });
});

describe("nesting", () => {
    const child = (method: string, endpoints: Record<string, object>, rest: object = {}) =>
        policy("q", method, endpoints, rest);
    const q = { policy: "q" };
    const [D] = [{ address: "198.51.100.4" }];
    test.each<[string, object, object, Record<string, string>, string]>([
        [
            "multiplies weights",
            policy("p", "Weighted", { q: { ...q, weight: 5 }, d: { ...D, weight: 95 } }),
            child("Weighted", three({ weight: 1 }, { weight: 2 }, { weight: 3 })),
            {},
            "1 q/a, 2 q/b, 3 q/c, 114 d",
        ],
        [
            "reduces what it multiplies",
            policy("p", "RoundRobin", { q, d: D }),
            child("RoundRobin", { a: A, b: B }),
            {},
            "1 q/a, 1 q/b, 2 d",
        ],
        [
            "counts by who is Online",
            policy("p", "Failover", { q: { ...q, priority: 1, minChildEndpoints: 2 }, d: { ...D, priority: 2 } }),
            child("RoundRobin", { a: A, b: B }),
            { p: "-o", q: "od" },
            "d",
        ],
        [
            "answers the degraded of a policy when all are",
            policy("p", "Failover", { q: { ...q, priority: 1 }, d: { ...D, priority: 2 } }),
            child("RoundRobin", { a: A, b: B }),
            { p: "-d", q: "dd" },
            "1 q/a, 1 q/b",
        ],
        [
            "leaves out a disabled policy",
            policy("p", "RoundRobin", { q, d: D }),
            child("RoundRobin", { a: A }, { enabled: false }),
            { p: "-d", q: "o" },
            "d",
        ],
        [
            "asks the client first, and then chance",
            policy("p", "Weighted", { q: { ...q, weight: 1 }, d: { ...D, weight: 3 } }),
            child("Subnet", { a: { ...A, subnets: ["192.0.2.0/24"] }, b: B }),
            {},
            "{a: 1 q/a, 3 d; b: 1 q/b, 3 d}",
        ],
        [
            "leaves to others whom a policy has no answer for",
            policy("p", "RoundRobin", { q, d: D }),
            child("Subnet", { a: { ...A, subnets: ["192.0.2.0/24"] } }),
            {},
            "{a: 1 q/a, 1 d; others: d}",
        ],
        [
            "does not pass over a policy that has no answer",
            policy("p", "Failover", { q: { ...q, priority: 1 }, d: { ...D, priority: 2 } }),
            child("Subnet", { a: { ...A, subnets: ["192.0.2.0/24"] } }),
            {},
            "{a: q/a}",
        ],
        [
            "but gives them the fallback",
            policy("p", "Failover", { q: { ...q, priority: 1 } }, FALLBACK),
            child("Subnet", { a: { ...A, subnets: ["192.0.2.0/24"] } }),
            {},
            "{a: q/a; others: fallback}",
        ],
        [
            "puts random choices into those by client",
            policy("p", "Geographic", { q: { ...q, places: ["DE"] }, d: { ...D, places: ["WORLD"] } }),
            child("RoundRobin", { a: A, b: B }),
            {},
            "{q: 1 q/a, 1 q/b; d: d}",
        ],
        [
            "passes on a nested fallback",
            policy("p", "Failover", { q: { ...q, priority: 1 } }),
            child("RoundRobin", { a: A }, FALLBACK),
            { q: "d" },
            "q/fallback",
        ],
    ])("%s", (_, p, q, letters, expected) => {
        const configuration = configured({ p, q });
        expect(decisionText(decide(configuration, healths(configuration, letters)).get("p")!.decision)).toBe(expected);
    });

    test("composes choices by client, and asks none twice", () => {
        const halves = (x: string) => ({
            a: { address: `198.51.100.${x}1`, subnets: ["192.0.2.0/25"] },
            b: { address: `198.51.100.${x}2` },
        });
        const configuration = configured({
            p: policy("p", "RoundRobin", { q: { policy: "q" }, r: { policy: "r" }, s: { policy: "s" } }),
            q: policy("q", "Subnet", halves("1")),
            r: policy("r", "Subnet", halves("2")),
            s: policy("s", "Geographic", {
                de: { address: "198.51.100.31", places: ["DE"] },
                all: { address: "198.51.100.32", places: ["WORLD"] },
            }),
        });
        expect(decisionText(decide(configuration, new Map()).get("p")!.decision)).toBe(
            "{a: {de: 1 q/a, 1 r/a, 1 s/de; all: 1 q/a, 1 r/a, 1 s/all}; b: {de: 1 q/b, 1 r/b, 1 s/de; all: 1 q/b, 1 r/b, 1 s/all}}",
        );
    });

    test("keeps weights within what gdnsd takes", () => {
        const primes = [997, 991, 983, 977].map((prime, index) => [
            `q${index}`,
            policy(`q${index}`, "Weighted", {
                a: { address: `198.51.100.${2 * index + 1}`, weight: prime },
                b: { address: `198.51.100.${2 * index + 2}`, weight: 1 },
            }),
        ]);
        const nested = primes.map(([name], index) => [
            name as string,
            { policy: name, weight: [1, 10, 100, 1000][index] },
        ]);
        const configuration = configured({
            p: policy("p", "Weighted", Object.fromEntries(nested)),
            ...Object.fromEntries(primes),
        });
        const { decision } = decide(configuration, new Map()).get("p")!;
        if (decision.kind !== "random") throw new Error("not random");
        const total = decision.choices.reduce((sum, { weight }) => sum + weight, 0);
        for (const { weight, of } of decision.choices) {
            expect(Number.isInteger(weight) && weight >= 1 && weight <= 1_048_575).toBe(true);
            const index = Number(of.policies[1]!.slice(1));
            const prime = [997, 991, 983, 977][index]!;
            const exact = ((10 ** index / 1111) * (of.endpoint === "a" ? prime : 1)) / (prime + 1);
            expect(Math.abs(weight / total - exact)).toBeLessThan(2e-6);
        }
    });
});

describe("an endpoint", () => {
    test.each(["constructor", "toString", "a b", '"$x', "ü/%"])("may be called %s", (name) => {
        const configuration = configured({
            p: policy("p", "Weighted", { child: { policy: "child" }, c: C }),
            child: policy("child", "Subnet", { [name]: { policy: "off", subnets: ["192.0.2.0/24"] }, others: B }),
            off: policy("off", "RoundRobin", { a: A }, { enabled: false }),
        });
        const states = decide(configuration, new Map());
        const told = (asked: string, address: string) =>
            oddsFor(states.get(asked)!.decision, { address }).map(({ chosen }) => chosen.endpoint);
        expect(told("child", "192.0.2.1")).toEqual([]);
        expect(told("p", "192.0.2.1")).toEqual(["c"]);
        expect(told("p", "203.0.113.1")).toEqual(["others", "c"]);
    });
});

describe("deciding again", () => {
    const configuration = configured({
        top: policy("top", "Failover", {
            q: { policy: "q", priority: 1 },
            d: { address: "198.51.100.9", priority: 2 },
        }),
        q: policy("q", "RoundRobin", three()),
        other: policy("other", "RoundRobin", three()),
    });
    const decider = prepare(configuration);

    test("touches the policies above, and no others", () => {
        const before = decider.decide(new Map());
        const after = decider.redecide(before, healths(configuration, { q: "ddd" }), ["q"]);
        expect(after).toEqual(decider.decide(healths(configuration, { q: "ddd" })));
        expect(decisionText(after.get("top")!.decision)).toBe("d");
        expect(after.get("other")).toBe(before.get("other"));
        expect(decisionText(before.get("top")!.decision)).toBe("1 q/a, 1 q/b, 1 q/c");
    });

    test("shares what depends on the configuration alone", () => {
        const mapped = (prefix: string) => policy(prefix, "Subnet", { a: { ...A, subnets: ["192.0.2.0/24"] }, b: B });
        const decider = prepare(configured({ p: mapped("p"), q: mapped("q") }));
        const classifiers = [new Map(), new Map([[endpointKey("p", "a"), "degraded" as const]])].flatMap((healths) =>
            [...decider.decide(healths).values()].map(
                ({ decision }) => decision.kind === "byClient" && decision.classifier,
            ),
        );
        expect(new Set(classifiers).size).toBe(1);
    });

    test("takes a moment for 10,000 policies", () => {
        const weighted = (name: string) =>
            policy(
                name,
                "Weighted",
                Object.fromEntries(
                    Array.from({ length: 10 }, (_, index) => [
                        `e${index}`,
                        { address: `198.51.100.${index + 1}`, weight: index + 1 },
                    ]),
                ),
            );
        const decider = prepare(
            configured(
                Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`p${index}`, weighted(`p${index}`)])),
            ),
        );
        const times = Array.from({ length: 5 }, () => {
            const begin = performance.now();
            decider.decide(new Map());
            return performance.now() - begin;
        });
        expect(Math.min(...times)).toBeLessThan(1000);
    });
});
