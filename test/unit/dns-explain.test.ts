import { describe, expect, test } from "vitest";
import type { PolicyReport } from "../../model/dns/control";
import type { Place } from "../../model/dns/countries";
import { explain } from "../../model/dns/explain";
import { explanationText } from "../../model/dns/explain/text";
import { configured, healths, policy } from "./support/dns";

const A = { address: "198.51.100.1" };
const B = { address: "198.51.100.2" };
const C = { address: "198.51.100.3" };
const off = { enabled: false };
const FALLBACK = { fallback: { address: "203.0.113.1" } };
const CLIENT = "192.0.2.7";
const germany: Place = { country: "DE" };

const Q = { q: policy("q", "Weighted", { v1: { ...A, weight: 3 }, v2: { ...B, weight: 1 } }) };

function explained(
    policies: Record<string, object>,
    letters: Record<string, string> = {},
    place?: Place,
    more: object = {},
) {
    const configuration = configured(policies, more);
    return explain(configuration, { healths: healths(configuration, letters) }, "p", CLIENT, () => place);
}

/** Why each endpoint of `p` is answered or is not, and how often. */
function reasons(
    method: string,
    endpoints: Record<string, object>,
    letters: string,
    rest: object = {},
    others: Record<string, object> = {},
    more: object = {},
) {
    const [step] = explained(
        { p: policy("p", method, endpoints, rest), ...others },
        { p: letters },
        germany,
        more,
    ).steps;
    return step!.endpoints.map(({ name, why, odds }) => `${name} ${odds}: ${why}`);
}

describe("why an endpoint is answered, or is not", () => {
    const weights = (a: number, b: number, c: number) => ({
        a: { ...A, weight: a },
        b: { ...B, weight: b },
        c: { ...C, weight: c },
    });
    const nets = { a: { ...A, subnets: ["192.0.2.0/24"] }, b: { ...B, subnets: ["198.51.100.0/24"] }, c: C };
    const latencies = { geoDatabase: undefined, latencies: { "192.0.2.0/24": { eastus: 1, westus: 9 } } };
    test.each<[string, Record<string, object>, string, string[], object?, Record<string, object>?, object?]>([
        [
            "RoundRobin",
            { a: A, b: B, c: { ...C, ...off } },
            "oo",
            ["a 0.5: one of 2, evenly", "b 0.5: one of 2, evenly", "c 0: is disabled"],
        ],
        ["RoundRobin", { a: A, b: B }, "od", ["a 1: the only one that may be answered", "b 0: is Degraded"]],
        ["RoundRobin", { a: A, b: B }, "dd", ["a 0.5: one of 2, evenly", "b 0.5: one of 2, evenly"]],
        ["RoundRobin", { a: A, b: B }, "dd", ["a 0: is Degraded", "b 0: is Degraded"], FALLBACK],
        ["RoundRobin", { a: A }, "o", ["a 0: the policy is disabled"], off],
        [
            "RoundRobin",
            { q: { policy: "q" } },
            "",
            ["q 0: policy q is disabled, or has nobody to answer"],
            {},
            { q: policy("q", "RoundRobin", { a: A }, off) },
        ],
        [
            "RoundRobin",
            { q: { policy: "q" }, c: C },
            "-o",
            ["q 0: policy q has no answer for this client", "c 1: the only one that may be answered"],
            {},
            { q: policy("q", "Subnet", { a: { ...A, subnets: ["203.0.113.0/24"] } }) },
        ],
        [
            "Weighted",
            weights(1, 3, 0),
            "ooo",
            [
                "a 0.25: weight 1 of 4",
                "b 0.75: weight 3 of 4",
                "c 0: weight 0: only while nobody with a weight may be answered",
            ],
        ],
        [
            "Weighted",
            weights(1, 3, 0),
            "ddo",
            [
                "a 0: is Degraded",
                "b 0: is Degraded",
                "c 1: weight 0, the last resort: nobody with a weight may be answered",
            ],
        ],
        [
            "Failover",
            { a: { ...A, priority: 2 }, b: { ...B, priority: 1 }, c: { ...C, priority: 3 } },
            "odo",
            [
                "b 0: is Degraded",
                "a 1: priority 2, the lowest that may be answered",
                "c 0: priority 3: only while a may not be answered",
            ],
        ],
        [
            "Failover",
            { a: { ...A, priority: 1 }, b: { ...B, priority: 2 } },
            "dd",
            ["a 1: priority 1, the lowest that may be answered", "b 0: priority 2: only while a may not be answered"],
        ],
        [
            "MultiValue",
            { a: A, b: B, c: C },
            "ood",
            [
                "a 0.5: one of 2, of which an answer holds at most 2",
                "b 0.5: one of 2, of which an answer holds at most 2",
                "c 0: is Degraded",
            ],
        ],
        [
            "Subnet",
            nets,
            "ooo",
            [
                "a 1: its subnets hold the client",
                "b 0: its subnets do not hold the client",
                "c 0: is for clients in nobody's subnets",
            ],
        ],
        [
            "Subnet",
            { ...nets, a: { ...nets.a, ...off } },
            "ooo",
            ["a 0: is disabled", "b 0: its subnets do not hold the client", "c 1: is for clients in nobody's subnets"],
        ],
        [
            "Geographic",
            { a: { ...A, places: ["DE", "FR"] }, b: { ...B, places: ["GEO-EU"] } },
            "do",
            [
                "a 1: DE is the most specific code that holds for the client",
                "b 0: another code holds for the client, or none",
            ],
        ],
        [
            "Geographic",
            { a: { ...A, places: ["FR"] }, b: { ...B, places: ["US", "GEO-EU"] } },
            "oo",
            [
                "a 0: another code holds for the client, or none",
                "b 1: GEO-EU is the most specific code that holds for the client",
            ],
        ],
        [
            "Geographic",
            { a: { ...A, places: ["FR"] }, b: { ...B, places: ["US", "WORLD"] } },
            "oo",
            [
                "a 0: another code holds for the client, or none",
                "b 1: WORLD is the most specific code that holds for the client",
            ],
        ],
        [
            "Performance",
            { a: { ...A, location: "eastus" }, b: { ...B, location: "westus" } },
            "oo",
            [
                "a 1: in eastus, the nearest location where anybody may be answered",
                "b 0: in westus, which is farther from the client",
            ],
            {},
            {},
            latencies,
        ],
    ])("%s %j %s", (method, endpoints, letters, expected, rest, others, more) => {
        expect(reasons(method, endpoints, letters, rest, others, more)).toEqual(expected);
    });
});

describe("what is said of a policy as a whole", () => {
    const notes = (p: object, letters = "", place: Place | undefined = germany, more: object = {}) =>
        explained({ p }, { p: letters }, place, more).steps[0]!.notes;
    const near = policy("p", "Performance", { a: { ...A, location: "eastus" }, b: { ...B, location: "westeurope" } });
    const latencies = { latencies: { "192.0.2.0/24": { eastus: 1, westeurope: 1 } } };
    test.each<[string[], object, string?, Place?, object?]>([
        [[], policy("p", "RoundRobin", { a: A, b: B }), "od"],
        [["nobody is available: whoever is Degraded counts as Online"], policy("p", "RoundRobin", { a: A }), "d"],
        [
            ["nobody is available for this client: the fallback 203.0.113.1 is answered"],
            policy("p", "RoundRobin", { a: A }, FALLBACK),
            "d",
        ],
        [
            ["nobody is eligible: all endpoints are Disabled or Stopped, or there are none"],
            policy("p", "RoundRobin", {}),
        ],
        [["the policy is disabled"], policy("p", "RoundRobin", { a: A }, off)],
        [["client 192.0.2.7 is in 192.0.2.0/25"], policy("p", "Subnet", { a: { ...A, subnets: ["192.0.2.0/25"] } })],
        [
            ["client 192.0.2.7 is in none of the networks"],
            policy("p", "Subnet", { a: { ...A, subnets: ["192.0.2.128/25"] } }),
        ],
        [
            ["client 192.0.2.7 is in US-CA, US, GEO-NA"],
            policy("p", "Geographic", { a: { ...A, places: ["WORLD"] } }),
            "",
            { country: "US", state: "CA" },
        ],
        [["client 192.0.2.7 is in DE, GEO-EU", "nearest first: westeurope, eastus"], near],
        [["client 192.0.2.7 is nowhere that the database knows", "nearest first: eastus and westeurope"], near, "", {}],
        [["client 192.0.2.7 is in 192.0.2.0/24", "nearest first: eastus and westeurope"], near, "", germany, latencies],
    ])("%j", (expected, p, letters, place, more) => {
        expect(notes(p, letters, place, more)).toEqual(expected);
    });
});

describe("the answer", () => {
    test("is what the tree of policies comes to", () => {
        const { steps, answers, otherwise } = explained({
            p: policy("p", "RoundRobin", { q: { policy: "q" }, c: C }),
            ...Q,
        });
        expect(
            steps.map(({ policy, endpoints }) => [policy, ...endpoints.map(({ name, odds }) => `${name} ${odds}`)]),
        ).toEqual([
            ["p", "q 0.5", "c 0.5"],
            ["q", "v1 0.375", "v2 0.125"],
        ]);
        expect(answers).toEqual([
            { type: "A", data: "198.51.100.3", odds: 0.5 },
            { type: "A", data: "198.51.100.1", odds: 0.375 },
            { type: "A", data: "198.51.100.2", odds: 0.125 },
        ]);
        expect(otherwise).toBeUndefined();
    });

    test("is a name for a cloud service", () => {
        expect(explained({ p: policy("p", "RoundRobin", { east: { cloudService: "contoso-east" } }) }).answers).toEqual(
            [{ type: "CNAME", data: "contoso-east.cloudapp.example", odds: 1 }],
        );
    });

    test.each<[string, Record<string, object>, string]>([
        ["nobody answers anybody", { p: policy("p", "RoundRobin", {}) }, "NXDOMAIN"],
        [
            "another name is below it",
            { p: policy("p", "RoundRobin", {}), below: policy("x.p", "RoundRobin", { a: A }) },
            "NODATA",
        ],
        [
            "a name below it answers nobody either",
            { p: policy("p", "RoundRobin", {}), below: policy("x.p", "RoundRobin", {}) },
            "NXDOMAIN",
        ],
        ["others are answered", { p: policy("p", "Subnet", { a: { ...A, subnets: ["203.0.113.0/24"] } }) }, "NODATA"],
    ])("is negative where %s", (_, policies, expected) => {
        const { answers, otherwise } = explained(policies);
        expect([answers, otherwise]).toEqual([[], expected]);
    });

    test.each(["2002:c000:207::1", "64:ff9b::192.0.2.7", "::ffff:0:192.0.2.7", "2001:0:1:2:3:4:3fff:fdf8"])(
        "for %s goes by the IPv4 address within, as gdnsd does",
        (client) => {
            const endpoints = { office: { ...A, subnets: ["192.0.2.0/24"] }, others: B };
            const { answers } = explain(
                configured({ p: policy("p", "Subnet", endpoints) }),
                { healths: new Map() },
                "p",
                client,
                () => undefined,
            );
            expect(answers).toEqual([{ type: "A", data: A.address, odds: 1 }]);
        },
    );

    test("is asked for by people who get a name or an address wrong", () => {
        const configuration = configured(Q);
        const ask = (policy: string, client: string) => () =>
            explain(configuration, { healths: new Map() }, policy, client, () => undefined);
        expect(ask("p", CLIENT)).toThrow("there is no policy p");
        expect(ask("q", "localhost")).toThrow("localhost is not an IPv4 or IPv6 address");
        expect(ask("q", "::ffff:192.0.2.7")().client).toBe(CLIENT);
    });
});

test("an explanation reads well", () => {
    const configuration = configured({
        contoso: policy(
            "contoso",
            "Failover",
            { canary: { policy: "q", priority: 1 }, spare: { ...C, priority: 2 } },
            { ttlSeconds: 30 },
        ),
        ...Q,
    });
    const report = {
        status: "Degraded",
        reason: "503 in place of 200",
        since: Date.UTC(2026, 10, 21, 12),
        target: "198.51.100.2",
    };
    const reports = { q: { endpoints: { v2: report } } as unknown as PolicyReport };
    const explanation = explain(
        configuration,
        { healths: healths(configuration, { q: "od", contoso: "-o" }), reports },
        "contoso",
        CLIENT,
        () => undefined,
    );
    expect(explanationText(explanation).split("\n")).toEqual([
        "contoso.trafficmanager.example for client 192.0.2.7, TTL 30 s",
        "",
        "policy contoso (Failover) is Online",
        "  endpoint  leads to      status  answers  why",
        "  canary    policy q      Online  100 %    priority 1, the lowest that may be answered",
        "  spare     198.51.100.3  Online  0 %      priority 2: only while canary may not be answered",
        "",
        "policy q (Weighted) is Degraded",
        "  endpoint  leads to      status                                                      answers  why",
        "  v1        198.51.100.1  Online                                                      100 %    weight 3 of 3",
        "  v2        198.51.100.2  Degraded: 503 in place of 200 (since 2026-11-21 12:00:00Z)  0 %      is Degraded",
        "",
        "answer",
        "  A  198.51.100.1  100 %",
    ]);
});
