import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostCondemned, suspicion, weigh, type Evidence } from "../../model/balancer/passive";
import { addTraffic, NO_TRAFFIC, trafficSince, type MemberTraffic } from "../../model/balancer/traffic";

const NOTHING_MEASURED = {
    receivedPackets: fc.constant<number>(0),
    receivedBytes: fc.constant<number>(0),
    sentPackets: fc.constant<number>(0),
    sentBytes: fc.constant<number>(0),
};

type Look = [milliseconds: number, traffic: Partial<MemberTraffic>];

/** What is suspected after each look. */
function follow(...looks: Look[]): (string | undefined)[] {
    let evidence: Evidence | undefined;
    return looks.map(([now, traffic]) => {
        evidence = weigh(evidence, { ...NO_TRAFFIC, ...traffic }, now);
        return evidence && suspicion(evidence, now);
    });
}

describe("evidence against a member", () => {
    it.each<[string, Look[], string | undefined]>([
        ["a refusal suffices at once", [[0, { connections: 1, refused: 1 }]], "1 new connection refused"],
        [
            "refusals add up over looks",
            [
                [0, { connections: 1, refused: 1 }],
                [60_000, { connections: 2, refused: 2 }],
            ],
            "3 new connections refused",
        ],
        ["unanswered ones may be under way", [[0, { connections: 30 }]], undefined],
        [
            "unanswered ones for a while do suffice",
            [
                [0, { connections: 4 }],
                [250, {}],
            ],
            "4 new connections got no answer",
        ],
        [
            "too few unanswered ones never do",
            [
                [0, { connections: 2 }],
                [90_000, {}],
            ],
            undefined,
        ],
        [
            "an answer clears the member",
            [
                [0, { connections: 5, refused: 2 }],
                [250, { connections: 1, answered: 1 }],
                [500, { connections: 2 }],
            ],
            undefined,
        ],
        [
            "a refusal beside an answer stands, and only that",
            [
                [0, { connections: 9 }],
                [100, { connections: 5, answered: 4, refused: 1 }],
                [500, {}],
            ],
            "1 new connection refused",
        ],
        [
            "a refusal is no silence",
            [
                [0, { connections: 4, refused: 2 }],
                [500, {}],
            ],
            "2 new connections refused",
        ],
    ])("%s", (_, looks, expected) => {
        expect(follow(...looks).at(-1)).toBe(expected);
    });

    const traffic = fc.record({
        ...NOTHING_MEASURED,
        connections: fc.nat({ max: 9 }),
        answered: fc.nat({ max: 2 }),
        refused: fc.nat({ max: 9 }),
    });
    const looks = fc.array(fc.tuple(fc.nat({ max: 1_000 }), traffic), { maxLength: 20 });

    it("never stands against a member that answered since", () => {
        fc.assert(
            fc.property(looks, (steps) => {
                let now = 0;
                const story = steps.map(([pause, seen]): Look => [(now += pause), seen]);
                const suspected = follow(...story);
                suspected.forEach((against, index) => {
                    if (against === undefined) return;
                    const lastAnswer = story.slice(0, index + 1).findLastIndex(([, seen]) => seen.answered! > 0);
                    const sum = (count: "connections" | "refused", from: number) =>
                        story.slice(from, index + 1).reduce((n, [, seen]) => n + seen[count]!, 0);
                    // Of the same look nobody knows what came first.
                    const refused = sum("refused", Math.max(0, lastAnswer));
                    expect(refused > 0 || sum("connections", lastAnswer + 1) >= 3).toBe(true);
                });
            }),
        );
    });

    it("does not depend on how often anybody looks", () => {
        fc.assert(
            fc.property(fc.array(traffic, { minLength: 1, maxLength: 9 }), (steps) => {
                const silent = steps.map((seen) => ({ ...seen, answered: 0 }));
                const whole = silent.reduce(addTraffic);
                const inParts = silent.reduce<Evidence | undefined>(
                    (before, seen) => weigh(before, seen, 5),
                    undefined,
                );
                expect(inParts).toEqual(weigh(undefined, whole, 5));
            }),
        );
    });

    it.each([
        [1, 0],
        [2, 1],
        [3, 1],
        [4, 2],
        [5, 2],
    ])("takes of %i members at most %i out", (members, most) => expect(mostCondemned(members)).toBe(most));
});

describe("traffic between two looks", () => {
    const counts = fc.record({
        ...NOTHING_MEASURED,
        connections: fc.nat(),
        answered: fc.nat(),
        refused: fc.nat(),
        sentBytes: fc.nat(),
    });

    it("is the difference", () => {
        fc.assert(
            fc.property(counts, counts, (before, since) => {
                expect(trafficSince(before, addTraffic(before, since))).toEqual(since);
            }),
        );
    });

    it("is all that there is of what began anew, or is counted for the first time", () => {
        const before = { ...NO_TRAFFIC, connections: 10, answered: 10 };
        const now = { ...NO_TRAFFIC, connections: 4, answered: 3 };
        expect(trafficSince(before, now)).toEqual(now);
        expect(trafficSince(undefined, now)).toEqual(now);
    });
});
