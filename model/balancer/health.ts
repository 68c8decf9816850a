import { z } from "zod";
import type { ProbeTiming } from "./probe";

/**
 * - `healthy`: receives new connections
 * - `unhealthy`: its probe fails
 * - `stopped`: no machine of that name runs
 * - `unknown`: not probed yet
 */
export const healthStatus = z.enum(["healthy", "unhealthy", "stopped", "unknown"]);
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
}

export function initialHealth(now: number): MemberHealth {
    return { status: "unknown", reason: "not probed yet", since: now, successes: 0, silences: 0, refusals: 0 };
}

/** The state machine of a member's health: one probe result at a time. */
export function nextHealth(health: MemberHealth, result: ProbeResult, timing: ProbeTiming, now: number): MemberHealth {
    const reason = result.reason ?? "";
    if (result.outcome === "stopped") return enter(health, "stopped", reason || "no such machine runs", now);
    if (result.outcome === "success") {
        const successes = health.successes + 1;
        if (health.status === "healthy" || successes >= timing.healthyThreshold)
            return enter(health, "healthy", "", now);
        return { ...health, successes, silences: 0, refusals: 0 };
    }
    // Failures of either kind in a row count together; only their thresholds differ.
    const silences = health.silences + (result.outcome === "silence" ? 1 : 0);
    const refusals = health.refusals + (result.outcome === "refusal" ? 1 : 0);
    const threshold = result.outcome === "refusal" ? timing.refusalThreshold : timing.silenceThreshold;
    if (health.status === "unhealthy" || silences + refusals >= threshold)
        return enter(health, "unhealthy", reason, now);
    return { ...health, reason, successes: 0, silences, refusals };
}

function enter(health: MemberHealth, status: HealthStatus, reason: string, now: number): MemberHealth {
    const since = health.status === status ? health.since : now;
    return { status, reason, since, successes: 0, silences: 0, refusals: 0 };
}
