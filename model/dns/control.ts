import { z } from "zod";
import { loggedEvent } from "../control";
import { dnsConfiguration } from "./configuration";
import { endpointStatus, policyStatus } from "./status";

/**
 * What provider and DNS agent say to each other, beside what every agent answers (model/control.ts):
 *
 *     GET    /v1/status                       → DnsStatus
 *     GET    /v1/status.txt                   → the same as text for people
 *     GET    /v1/configuration                → AppliedDns
 *     PUT    /v1/configuration                DnsApplyRequest → one ApplyEvent a line, the last of them final
 *     GET    /v1/explain?policy=…&client=…    → Explanation; 404 when there is no such policy
 *     GET    /v1/revisions                    → Revision[], newest first
 *     POST   /v1/revisions/{hash}/rollback    → as PUT /v1/configuration; the hash may be shortened
 *     POST   /v1/probe-now                    → 204; every endpoint is asked at once, and then as before
 */

/**
 * Where the agent finds a configuration's `geoDatabase`, below STATE_DIRECTORY. The provider puts the file there before
 * it applies; the agent removes those that none of its revisions names.
 */
export const GEO_FOLDER = "geo";
export const geoFileName = (hash: string): string => `${hash}.mmdb`;

export const appliedDns = z.object({
    /** Counts the applies of this runtime; 0 before the first. */
    revision: z.int(),
    configuration: dnsConfiguration.nullable(),
    /** Who applied it: the id of the Pulumi resource. Nobody else may take it away. */
    owner: z.string().optional(),
});
export type AppliedDns = z.infer<typeof appliedDns>;

export const dnsApplyRequest = z.object({
    /** Null: nothing any more. */
    configuration: dnsConfiguration.nullable(),
    basedOn: z.int(),
    owner: z.string().optional(),
    /** Whether it serves before its new endpoints have been asked. */
    atOnce: z.boolean().optional(),
});
export type DnsApplyRequest = z.infer<typeof dnsApplyRequest>;

export const endpointReport = z.object({
    status: endpointStatus,
    /** Why, in words; empty when there is nothing to say. */
    reason: z.string(),
    /** When the status last changed: milliseconds since the epoch. */
    since: z.number(),
    /** What it leads to: `cloud service contoso-east`, `policy canary`, `192.0.2.7`. */
    target: z.string(),
    latencyMs: z.number().optional(),
    probes: z.object({ succeeded: z.int(), failed: z.int() }).optional(),
});
export type EndpointReport = z.infer<typeof endpointReport>;

export const policyReport = z.object({
    status: policyStatus,
    since: z.number(),
    /** The full name. */
    name: z.string(),
    method: z.string(),
    ttlSeconds: z.number(),
    endpoints: z.record(z.string(), endpointReport),
});
export type PolicyReport = z.infer<typeof policyReport>;

export const dnsStatus = z.object({
    /** Content hash of the bundle that runs. */
    bundle: z.string(),
    startedAt: z.number(),
    revision: z.int(),
    appliedAt: z.number().optional(),
    domain: z.string().optional(),
    cloudServiceDomain: z.string().optional(),
    /** Problems that keep the runtime from serving as configured; empty when all is well. */
    problems: z.array(z.string()),
    policies: z.record(z.string(), policyReport),
    /** gdnsd's own counters since it started. */
    queries: z.record(z.string(), z.number()).optional(),
    events: z.array(loggedEvent),
});
export type DnsStatus = z.infer<typeof dnsStatus>;
