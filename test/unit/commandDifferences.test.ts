import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences } from "../../cli/differences";
import type { Explanation } from "../../model/dns/explanation";

const explanation = (changes: Partial<Explanation> = {}): Explanation => ({
    policy: "contoso",
    name: "contoso.tm.example",
    client: "203.0.113.5",
    ttlSeconds: 300,
    steps: [
        {
            policy: "contoso",
            method: "Weighted",
            status: "Online",
            notes: [],
            endpoints: [
                { name: "a", target: "a.example", status: "Online", reason: "", eligible: true, why: "", odds: 1 / 3 },
                { name: "b", target: "b.example", status: "Online", reason: "", eligible: true, why: "", odds: 2 / 3 },
            ],
        },
    ],
    answers: [
        { type: "CNAME", data: "a.example", odds: 1 / 3 },
        { type: "CNAME", data: "b.example", odds: 2 / 3 },
    ],
    ...changes,
});
const step = explanation().steps[0]!;
const endpoint = (changes: object) => [{ ...step.endpoints[0]!, ...changes }, step.endpoints[1]!];

describe("differences between servers' explanations", () => {
    it("are none when they say the same, whatever the order of answers, their times and their words", () => {
        const other = explanation({
            answers: [...explanation().answers].reverse(),
            steps: [{ ...step, endpoints: endpoint({ since: 5, reason: "answered in 3 ms", why: "since 14:03" }) }],
        });
        expect(differences([explanation(), other, explanation()])).toEqual([]);
    });

    it.each<[string, Partial<Explanation>, string, string, string]>([
        ["the TTL", { ttlSeconds: 30 }, "TTL", "300 s", "30 s"],
        [
            "no answer",
            { answers: [], otherwise: "NXDOMAIN" },
            "answer",
            "CNAME a.example 33.3 %, CNAME b.example 66.7 %",
            "NXDOMAIN",
        ],
        [
            "a policy's status",
            { steps: [{ ...step, status: "Degraded" }] },
            "policy contoso",
            "Weighted, Online",
            "Weighted, Degraded",
        ],
        ["a note", { steps: [{ ...step, notes: ["client is in DE"] }] }, "notes of contoso", "none", "client is in DE"],
        [
            "an endpoint's status",
            { steps: [{ ...step, endpoints: endpoint({ status: "Degraded", reason: "timeout" }) }] },
            "endpoint a of contoso",
            "a.example, Online, eligible, 33.3 %",
            "a.example, Degraded, eligible, 33.3 % (timeout)",
        ],
        [
            "an endpoint that one lacks",
            { steps: [{ ...step, endpoints: [step.endpoints[0]!] }] },
            "endpoint b of contoso",
            "b.example, Online, eligible, 66.7 %",
            "-",
        ],
    ])("name %s", (_what, changes, what, ...told) => {
        expect(differences([explanation(), explanation(changes)])).toEqual([{ what, told }]);
    });

    it("tell what each server says, in their order", () => {
        fc.assert(
            fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 }), (ttls) => {
                const found = differences(ttls.map((ttlSeconds) => explanation({ ttlSeconds })));
                const told = ttls.map((ttl) => `${ttl} s`);
                expect(found).toEqual(new Set(ttls).size === 1 ? [] : [{ what: "TTL", told }]);
            }),
        );
    });
});
