import { z } from "zod";
import { endpointStatus, policyStatus } from "./status";

/** Who is considered by a policy for a client, and why (not). */
export const consideredEndpoint = z.object({
    name: z.string(),
    target: z.string(),
    status: endpointStatus,
    since: z.number().optional(),
    reason: z.string(),
    /** Whether the method may choose it for this client. */
    eligible: z.boolean(),
    /** Why it may (`priority 1, the lowest that is available`), or not (`Degraded since …`; `subnets do not hold the client`). */
    why: z.string(),
    /** Part of the client's answers that lead through it: 0 … 1. */
    odds: z.number(),
});
export type ConsideredEndpoint = z.infer<typeof consideredEndpoint>;

/** One policy on the way to the answer. */
export const explainedStep = z.object({
    policy: z.string(),
    method: z.string(),
    status: policyStatus,
    /** `client 192.0.2.7 is in 192.0.2.0/24`, `all endpoints are Degraded: as if all were Online` … */
    notes: z.array(z.string()),
    endpoints: z.array(consideredEndpoint),
});
export type ExplainedStep = z.infer<typeof explainedStep>;

export const explanation = z.object({
    policy: z.string(),
    /** The full name that is asked for. */
    name: z.string(),
    client: z.string(),
    ttlSeconds: z.number(),
    /** The policy itself, then the nested ones that may be chosen. */
    steps: z.array(explainedStep),
    /** What the client may be told; odds sum to 1. Empty when there is none. */
    answers: z.array(z.object({ type: z.enum(["CNAME", "A", "AAAA"]), data: z.string(), odds: z.number() })),
    /** When there are no answers: what the client sees instead. */
    otherwise: z.enum(["NXDOMAIN", "NODATA"]).optional(),
});
export type Explanation = z.infer<typeof explanation>;
