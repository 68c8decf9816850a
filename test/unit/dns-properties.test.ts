import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oddsFor, type Client } from "../../model/dns/client";
import { dnsConfiguration } from "../../model/dns/configuration";
import type { Chosen, Decision } from "../../model/dns/decision";
import { decide, prepare } from "../../model/dns/decide";
import type { EndpointHealth } from "../../model/dns/observation";
import { isAvailable } from "../../model/dns/statuses";
import { answersOf, type Answers } from "./support/dnsOracle";
import { given, policy } from "./support/dns";
import { LATENCIES, LOCATIONS, observed, SUBNETS } from "./support/dnsTrees";

const CLIENTS: Client[] = [
    { address: "192.0.2.7", place: { country: "DE" } },
    { address: "192.0.2.200", place: { country: "US", state: "CA" } },
    { address: "198.51.100.9", place: { country: "US", state: "NY" } },
    { address: "203.0.113.1", place: { country: "JP" } },
    { address: "2001:db8::1" },
];
/** Whom clients of a decision are sent to. */
function chosenIn(decision: Decision): Chosen[] {
    if (decision.kind === "nothing") return [];
    if (decision.kind === "endpoint") return [decision];
    if (decision.kind === "random") return decision.choices.map(({ of }) => of);
    if (decision.kind === "several") return [...decision.of];
    return Object.values(decision.cases).flatMap(chosenIn);
}

/** The odds by who answers, as the oracle names them. */
function oddsBy(decision: Decision, client: Client): Answers {
    const named = oddsFor(decision, client).map(({ chosen: { policies, endpoint = "fallback" }, odds }) => {
        return [[...policies, endpoint].join("/"), odds] as const;
    });
    return new Map(named);
}

describe("whatever the configuration and the healths", () => {
    test("answers are those of the rules taken one policy after another", () => {
        fc.assert(
            fc.property(observed, ({ configuration, healths }) => {
                const states = decide(configuration, healths);
                for (const name of Object.keys(configuration.policies))
                    for (const client of CLIENTS) {
                        const expected = answersOf(configuration, states, name, client);
                        const actual = oddsBy(states.get(name)!.decision, client);
                        expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
                        for (const [key, odds] of expected) expect(actual.get(key)).toBeCloseTo(odds, 9);
                    }
            }),
            { numRuns: 200 },
        );
    });

    test("nobody is answered who is neither available nor the last hope, and odds add up to 1", () => {
        fc.assert(
            fc.property(observed, ({ configuration, healths }) => {
                const states = decide(configuration, healths);
                for (const [name, { decision, status }] of states) {
                    for (const { policies, endpoint } of chosenIn(decision)) {
                        expect(policies[0]).toBe(name);
                        for (const policy of policies) expect(configuration.policies[policy]!.enabled).toBe(true);
                        const last = policies.at(-1)!;
                        const { method, endpoints } = configuration.policies[last]!;
                        if (endpoint === undefined) continue;
                        const now = states.get(last)!.endpoints.get(endpoint)!;
                        expect(endpoints[endpoint]!.enabled).toBe(true);
                        if (isAvailable(now)) continue;
                        expect(now).toBe("Degraded");
                        const others = [...states.get(last)!.endpoints.values()];
                        expect(method === "Geographic" || !others.some(isAvailable)).toBe(true);
                    }
                    if (status === "Disabled") expect(decision).toEqual({ kind: "nothing" });
                    for (const client of CLIENTS) {
                        const odds = oddsFor(decision, client).map(({ odds }) => odds);
                        if (odds.length > 0) expect(odds.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
                    }
                }
            }),
            { numRuns: 200 },
        );
    });

    test("decisions are in normal form", () => {
        const check = (decision: Decision) => {
            if (decision.kind === "byClient")
                for (const inner of Object.values(decision.cases)) {
                    expect(inner.kind).not.toBe("nothing");
                    check(inner);
                }
            if (decision.kind !== "random") return;
            expect(decision.choices.length).toBeGreaterThan(1);
            const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
            expect(decision.choices.map(({ weight }) => weight).reduce(gcd)).toBe(1);
            for (const { weight, of } of decision.choices) {
                expect(Number.isInteger(weight) && weight > 0).toBe(true);
                expect(of.kind).toBe("endpoint");
            }
        };
        fc.assert(
            fc.property(observed, ({ configuration, healths }) => {
                for (const { decision } of decide(configuration, healths).values()) check(decision);
            }),
        );
    });

    test("a walk of healths, decided step by step, arrives where deciding at once does", () => {
        fc.assert(
            fc.property(observed, ({ configuration, healths, walk }) => {
                const decider = prepare(configuration);
                let states = decider.decide(healths);
                for (const [key, health] of walk) {
                    healths.set(key, health);
                    const policy = key.split("/")[0]!;
                    const before = states;
                    states = decider.redecide(before, healths, [policy]);
                    expect(states).toEqual(decider.decide(healths));
                }
            }),
            { numRuns: 100 },
        );
    });
});

describe("failover is monotone", () => {
    const flat = fc.record({
        method: fc.constantFrom("RoundRobin", "Weighted", "Failover", "Performance", "Subnet"),
        up: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        falls: fc.nat({ max: 3 }),
    });

    test("an endpoint that goes down changes the answers of those clients alone who had it", () => {
        fc.assert(
            fc.property(flat, ({ method, up, falls }) => {
                const endpoints = up.map((_, number): [string, object] => [
                    `e${number}`,
                    {
                        address: `198.51.100.${number + 1}`,
                        ...(method === "Weighted" && { weight: number }),
                        ...(method === "Failover" && { priority: number + 1 }),
                        ...(method === "Performance" && { location: LOCATIONS[number] }),
                        ...(method === "Subnet" && number < 3 && { subnets: [SUBNETS[number]] }),
                    },
                ]);
                const configuration = dnsConfiguration.parse(
                    given(
                        { p: policy("p", method, Object.fromEntries(endpoints)) },
                        { latencies: LATENCIES, geoDatabase: undefined },
                    ),
                );
                const healthsOf = (up: boolean[]) =>
                    new Map(
                        up.map((one, number): [string, EndpointHealth] => [
                            `p/e${number}`,
                            one ? "online" : "degraded",
                        ]),
                    );
                const after = up.map((one, number) => one && number !== falls);
                // With nobody left, all count as online: then everything changes.
                fc.pre(after.some(Boolean));
                const answers = (up: boolean[], client: Client) =>
                    new Set(
                        oddsFor(decide(configuration, healthsOf(up)).get("p")!.decision, client).map(
                            ({ chosen }) => chosen.endpoint,
                        ),
                    );
                for (const client of CLIENTS) {
                    const had = answers(up, client);
                    if (!had.has(`e${falls}`)) expect(answers(after, client)).toEqual(had);
                    else expect(answers(after, client)).not.toContain(`e${falls}`);
                }
            }),
        );
    });
});
