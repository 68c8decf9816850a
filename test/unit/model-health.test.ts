import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { initialHealth, nextHealth, type MemberHealth, type ProbeResult } from "../../model/health/health";
import { probe, probeTiming, type ActiveProbe } from "../../model/health/probe";

const timing = (settings: object = {}) => probeTiming(probe.parse({ protocol: "tcp", ...settings }) as ActiveProbe);

/** What each letter of a story stands for. */
const RESULTS: Record<string, ProbeResult> = {
    "+": { outcome: "success" },
    n: { outcome: "refusal", reason: "connection refused" },
    ".": { outcome: "silence", reason: "no answer within 10 s" },
    x: { outcome: "stopped", reason: "web1 does not run" },
};
const STATUSES: Record<MemberHealth["status"], string> = {
    healthy: "H",
    unhealthy: "U",
    flapping: "F",
    stopped: "S",
    unknown: "?",
};

/** The member's status after each result; a second passes between two of them. */
function follow(story: string, settings: object = {}): MemberHealth[] {
    const states: MemberHealth[] = [];
    [...story].reduce((health, letter, index) => {
        const next = nextHealth(health, RESULTS[letter]!, timing(settings), (index + 1) * 1000);
        states.push(next);
        return next;
    }, initialHealth(0));
    return states;
}

const statuses = (story: string, settings?: object) =>
    follow(story, settings)
        .map(({ status }) => STATUSES[status])
        .join("");

describe("a member's health", () => {
    test("is unknown before its first probe, and says so", () => {
        expect(initialHealth(7)).toEqual({
            status: "unknown",
            reason: "not probed yet",
            since: 7,
            successes: 0,
            silences: 0,
            refusals: 0,
            falls: 0,
            heldUntil: 0,
        });
    });

    // + success, n refusal, . silence, x stopped  →  H healthy, U unhealthy, S stopped, ? unknown
    test.each([
        ["one success makes it healthy", {}, "+", "H"],
        ["one silence proves nothing yet", {}, "+.", "HH"],
        ["the second silence in a row takes it out, as Azure's timeout of 31 s over 15 s does", {}, "+..", "HHU"],
        ["a success between two silences starts the count anew", {}, "+.+.", "HHHH"],
        ["a positive no takes it out at once", {}, "+n", "HU"],
        ["a positive no after one silence takes it out at once", {}, "+.n", "HHU"],
        ["one success restores it", {}, "+n+", "HUH"],
        ["new and silent, it stays unknown until the threshold", {}, "..", "?U"],
        ["new and refusing, it is unhealthy at once", {}, "n", "U"],
        ["a given threshold holds for silence", { unhealthyThreshold: 3 }, "+...", "HHHU"],
        ["a given threshold holds for a positive no too", { unhealthyThreshold: 3 }, "+nnn", "HHHU"],
        ["failures of both kinds count together", { unhealthyThreshold: 3 }, "+n.n", "HHHU"],
        ["a threshold of 1 takes it out at the first silence", { unhealthyThreshold: 1 }, "+.", "HU"],
        ["a success between starts a given threshold anew", { unhealthyThreshold: 2 }, "+n+n", "HHHH"],
        ["a higher healthy threshold wants successes in a row", { healthyThreshold: 3 }, "+++", "??H"],
        ["a failure between starts that count anew", { healthyThreshold: 2 }, "++n+n++", "?HUUUUH"],
        ["silence between starts that count anew while unhealthy", { healthyThreshold: 2 }, "n+.++", "UUUUH"],
        ["silence between starts that count anew while new", { healthyThreshold: 2 }, "+.++", "???H"],
        ["once healthy, every success keeps it so", { healthyThreshold: 2 }, "+++.+", "?HHHH"],
        ["a machine that is gone is stopped at once", {}, "+x", "HS"],
        ["a machine that is gone before its first probe is stopped", {}, "x", "S"],
        ["a machine that starts again and answers is healthy", {}, "+x+", "HSH"],
        ["a machine that starts again and refuses is unhealthy", {}, "+xn", "HSU"],
        ["a machine that starts again is stopped until it has been silent twice", {}, "x..", "SSU"],
    ])("given a story: %s", (_, settings, story, expected) => {
        expect(statuses(story, settings)).toBe(expected);
    });

    test("says why, and since when", () => {
        expect(follow("+..nx+").map(({ status, reason, since }) => ({ status, reason, since }))).toEqual([
            { status: "healthy", reason: "", since: 1000 },
            { status: "healthy", reason: "no answer within 10 s", since: 1000 },
            { status: "unhealthy", reason: "no answer within 10 s", since: 3000 },
            // The latest reason, but the time at which it became unhealthy.
            { status: "unhealthy", reason: "connection refused", since: 3000 },
            { status: "stopped", reason: "web1 does not run", since: 5000 },
            { status: "healthy", reason: "", since: 6000 },
        ]);
    });

    test("has a reason when its machine is gone even if nobody gives one", () => {
        expect(nextHealth(initialHealth(0), { outcome: "stopped" }, timing(), 1).reason).toBe("no such machine runs");
    });

    test("counts what speaks against the present status", () => {
        const counts = (story: string, settings: object) => {
            const { successes, silences, refusals } = follow(story, settings).at(-1)!;
            return { successes, silences, refusals };
        };
        const thresholds = { unhealthyThreshold: 4, healthyThreshold: 4 };
        expect(counts("++++.n.", thresholds)).toEqual({ successes: 0, silences: 2, refusals: 1 });
        expect(counts("++++....", thresholds)).toEqual({ successes: 0, silences: 0, refusals: 0 });
        expect(counts("++++....++", thresholds)).toEqual({ successes: 2, silences: 0, refusals: 0 });
        expect(counts("++++....+++.", thresholds)).toEqual({ successes: 0, silences: 0, refusals: 0 });
    });

    test("in any story, follows from the latest results in a row alone", () => {
        const story = fc.string({ unit: fc.constantFrom("+", "n", "."), minLength: 1, maxLength: 40 });
        const settings = fc.record({
            unhealthyThreshold: fc.integer({ min: 1, max: 5 }),
            healthyThreshold: fc.integer({ min: 1, max: 5 }),
            longestHoldDownSeconds: fc.constant(0),
        });
        fc.assert(
            fc.property(story, settings, (story, settings) => {
                let expected = "?";
                let run = { good: true, length: 0 };
                for (const [index, letter] of [...statuses(story, settings)].entries()) {
                    const good = story[index] === "+";
                    run = { good, length: run.good === good ? run.length + 1 : 1 };
                    if (good && run.length >= settings.healthyThreshold) expected = "H";
                    if (!good && run.length >= settings.unhealthyThreshold) expected = "U";
                    expect(letter).toBe(expected);
                }
            }),
        );
    });

    describe("that goes down again and again", () => {
        // A second passes between two results.
        const often = { intervalSeconds: 2 };
        test.each([
            ["the first fall costs nothing extra", often, "+n+", "HUH"],
            ["the second costs one interval", often, "+n+n++", "HUHUFH"],
            ["the third costs two", often, "+n+n.+n++++", "HUHUUHUFFFH"],
            ["a machine that stops falls too", often, "+x+x++", "HSHSFH"],
            ["failures while it waits do not prolong that", often, "+n+nn+", "HUHUUH"],
            ["failures while it waits take it out at once", { ...often, intervalSeconds: 9 }, "+n+n+n+", "HUHUFUF"],
            ["one silence while it waits proves nothing", { ...often, intervalSeconds: 9 }, "+n+n+.+", "HUHUFFF"],
            ["successes in a row count before it waits", { ...often, healthyThreshold: 2 }, "++n++n++", "?HUUHUUH"],
            [
                "nothing happens where the waiting is off",
                { ...often, longestHoldDownSeconds: 0 },
                "+n+n+n+n+",
                "HUHUHUHUH",
            ],
            ["the longest wait is the one given", { ...often, longestHoldDownSeconds: 1 }, "+n+n+n+n+", "HUHUHUHUH"],
        ])("given a story: %s", (_, settings, story, expected) => {
            expect(statuses(story, settings)).toBe(expected);
        });

        test("says how often, and how long it waits", () => {
            expect(follow("+n+n.+n+", often).at(-1)).toMatchObject({
                status: "flapping",
                reason: "went down 3 times without 5 healthy minutes in between, so it waits 4 s",
                since: 8000,
            });
        });

        test("is forgiven after five healthy minutes", () => {
            const [fallen] = follow("+n+n", often).slice(-1);
            const back = nextHealth(fallen!, RESULTS["+"]!, timing(often), 10_000);
            expect(back.status).toBe("healthy");
            const soon = nextHealth(back, RESULTS["n"]!, timing(often), 10_000 + 299_999);
            const late = nextHealth(back, RESULTS["n"]!, timing(often), 10_000 + 300_000);
            expect([soon.falls, late.falls]).toEqual([3, 1]);
        });

        test("keeps its past when it starts again at another address", () => {
            const [fallen] = follow("+n+n", { intervalSeconds: 60 }).slice(-1);
            const moved = initialHealth(5000, fallen);
            expect(nextHealth(moved, RESULTS["+"]!, timing(), 6000).status).toBe("flapping");
        });

        test("is not blamed for a stop that somebody wanted", () => {
            const planned: ProbeResult = { outcome: "stopped", isPlanned: true };
            const [healthy] = follow("+");
            expect(nextHealth(healthy!, planned, timing(), 2000)).toMatchObject({ status: "stopped", falls: 0 });
        });

        test("waits longer each time, never longer than the longest, and then is healthy again", () => {
            const settings = fc.record({
                intervalSeconds: fc.double({ min: 0.2, max: 60, noNaN: true }),
                longestHoldDownSeconds: fc.double({ min: 0, max: 120, noNaN: true }),
            });
            fc.assert(
                fc.property(settings, fc.integer({ min: 1, max: 40 }), (settings, falls) => {
                    let health = initialHealth(0);
                    let now = 0;
                    let before = 0;
                    for (let fall = 1; fall <= falls; fall++) {
                        health = nextHealth(health, RESULTS["+"]!, timing(settings), now);
                        expect(health.status).toBe("healthy");
                        health = nextHealth(health, RESULTS["n"]!, timing(settings), now);
                        const wait = (health.heldUntil - now) / 1000;
                        expect(wait).toBeGreaterThanOrEqual(before - 1e-6);
                        expect(wait).toBeLessThanOrEqual(settings.longestHoldDownSeconds + 1e-6);
                        if (wait > 0.002)
                            expect(nextHealth(health, RESULTS["+"]!, timing(settings), now + 1).status).toBe(
                                "flapping",
                            );
                        before = wait;
                        now = health.heldUntil;
                    }
                }),
            );
        });
    });
});
