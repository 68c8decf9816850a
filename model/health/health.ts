import { z } from "zod";
import { fall, whyHeld, type HoldDown } from "./holdDown";
import type { ProbeTiming } from "./probe";

/**
 * - `healthy`: receives new connections
 * - `unhealthy`: its probe fails
 * - `flapping`: its probe succeeds, but it waits because it went down again and again
 * - `stopped`: no machine of that name runs
 * - `unknown`: not probed yet
 */
export const healthStatus = z.enum(["healthy", "unhealthy", "flapping", "stopped", "unknown"]);
export type HealthStatus = z.infer<typeof healthStatus>;

/** A member's health, as the agent keeps it over restarts and reports it. */
export const memberHealth = z.object({
    status: healthStatus,
    /** Why, in words: `connection refused on 10.80.1.4:8080`. Empty while healthy, until a probe fails. */
    reason: z.string(),
    /** When the status last changed: milliseconds since the epoch. */
    since: z.number(),
    /** Results in a row that speak against the present status. */
    successes: z.int(),
    silences: z.int(),
    refusals: z.int(),
    // An older agent kept nothing of these.
    falls: z.int().default(0),
    heldUntil: z.number().default(0),
});
export type MemberHealth = z.infer<typeof memberHealth>;

/**
 * - `success`
 * - `refusal`: the machine answered, and said no (refused, reset, another status)
 * - `silence`: nothing came in time
 * - `stopped`: there is no machine to ask
 */
export interface ProbeResult {
    readonly outcome: "success" | "refusal" | "silence" | "stopped";
    readonly reason?: string;
    /** Whether somebody wanted the machine to stop, which is no fault of its own. */
    readonly isPlanned?: boolean;
    /** Whether the member's own traffic says the same: then no threshold has to be met. */
    readonly isConfirmed?: boolean;
}

/** Nothing is known of the member, but how often it went down before. */
export function initialHealth(now: number, { falls, heldUntil }: HoldDown = { falls: 0, heldUntil: 0 }): MemberHealth {
    const counts = { successes: 0, silences: 0, refusals: 0 };
    return { status: "unknown", reason: "not probed yet", since: now, ...counts, falls, heldUntil };
}

/** The state machine of a member's health: one probe result at a time. */
export function nextHealth(health: MemberHealth, result: ProbeResult, timing: ProbeTiming, now: number): MemberHealth {
    const reason = result.reason ?? "";
    const goDown = (status: HealthStatus, reason: string): MemberHealth => {
        const isFall = health.status === "healthy" && !result.isPlanned;
        return { ...enter(health, status, reason, now), ...(isFall ? fall(health, health.since, timing, now) : {}) };
    };
    if (result.outcome === "stopped") return goDown("stopped", reason || "no such machine runs");
    if (result.outcome === "success") {
        const successes = health.successes + 1;
        if (health.status === "healthy") return enter(health, "healthy", "", now);
        if (health.status !== "flapping" && successes < timing.healthyThreshold)
            return { ...health, successes, silences: 0, refusals: 0 };
        if (now < health.heldUntil) return enter(health, "flapping", whyHeld(health, timing), now);
        return enter(health, "healthy", "", now);
    }
    // Failures of either kind in a row count together; only their thresholds differ.
    const silences = health.silences + (result.outcome === "silence" ? 1 : 0);
    const refusals = health.refusals + (result.outcome === "refusal" ? 1 : 0);
    const threshold = result.outcome === "refusal" ? timing.refusalThreshold : timing.silenceThreshold;
    if (health.status === "unhealthy" || result.isConfirmed || silences + refusals >= threshold)
        return goDown("unhealthy", reason);
    return { ...health, reason, successes: 0, silences, refusals };
}

function enter(health: MemberHealth, status: HealthStatus, reason: string, now: number): MemberHealth {
    const since = health.status === status ? health.since : now;
    return { ...health, status, reason, since, successes: 0, silences: 0, refusals: 0 };
}
