import { z } from "zod";
import { loggedEvent } from "../control";
import { memberHealth } from "../health/health";
import { balancerConfiguration } from "./configuration";
import { aclRule } from "./frontend";
import { gatewayNetwork } from "./network";
import { adminState } from "./shares";

/**
 * What provider and gateway's agent say to each other, beside what every agent answers (model/control.ts):
 *
 *     GET    /v1/status                        → AgentStatus
 *     GET    /v1/configuration                 → AppliedConfiguration
 *     PUT    /v1/configuration                 ApplyRequest
 *     POST   /v1/machines/{container}/quiesce  → takes a machine that is about to stop out of every set; 204
 */

export const appliedConfiguration = z.object({
    /** Counts the applies of this gateway; 0 before the first. */
    revision: z.int(),
    configuration: balancerConfiguration,
    /** Who applied it. Nobody else may take it away: a load balancer that was renamed is created before the old one is deleted. */
    owner: z.string().optional(),
});
export type AppliedConfiguration = z.infer<typeof appliedConfiguration>;

export const applyRequest = z.object({
    configuration: balancerConfiguration,
    /** The revision that the caller saw; the apply is refused when another one serves by now. */
    basedOn: z.int(),
    /** Who applies: the id of the load balancer. */
    owner: z.string().optional(),
    /** How long new members may take to become healthy. */
    waitSeconds: z.number().min(0),
});
export type ApplyRequest = z.infer<typeof applyRequest>;

/** What was counted since the agent started. Of udp nothing tells whether a connection was answered or refused. */
export const countedTraffic = z.object({
    /** New connections that were sent to the member. */
    connections: z.int(),
    /** Those that it took (SYN-ACK). */
    answered: z.int().optional(),
    /** Those that it refused (RST). */
    refused: z.int().optional(),
    /** Those that it has not answered; also what is under way. */
    unanswered: z.int().optional(),
    /** From clients to the member, and back, where the load balancer has `metrics`. */
    received: z.object({ packets: z.int(), bytes: z.int() }).optional(),
    sent: z.object({ packets: z.int(), bytes: z.int() }).optional(),
});

/** Probes since the agent started, by outcome; `seconds` is what the successful ones took in all. */
export const countedProbes = z.object({
    success: z.int(),
    refusal: z.int(),
    silence: z.int(),
    seconds: z.number(),
});

/** New connections that came since the agent started, also those that were refused or dropped before a member had them. */
const arrived = z.int().optional();

export const memberStatus = memberHealth.pick({ status: true, reason: true, since: true }).extend({
    container: z.string(),
    address: z.string().optional(),
    /** How long the last good probe took. */
    latencyMs: z.number().optional(),
    /** Part of the set's new connections that falls on this member: 0 … 1. */
    share: z.number(),
    // An older agent has none.
    traffic: countedTraffic.optional(),
    probes: countedProbes.optional(),
    /** What a member of a set is configured to, where that is not the default. */
    weight: z.number().optional(),
    adminState: adminState.optional(),
    priority: z.number().optional(),
});
export type MemberStatus = z.infer<typeof memberStatus>;

/** The reason that a member gives while its machine is about to stop. */
export const STOPPING = "stopping";

/** What a machine still carries, and the longest that its sets give it to end. */
export const connectionsLeft = z.object({ connections: z.int(), drainSeconds: z.number() });
export type ConnectionsLeft = z.infer<typeof connectionsLeft>;

/** New connections on which a rule decided; a packet more for each time that a client had to repeat its first one. */
const decided = { packets: z.int(), bytes: z.int() };

/** An ACL with what its rules decided since it was last changed, or since the agent began. */
export const aclStatus = z.object({
    rules: z.array(aclRule.extend({ order: z.int(), ...decided })),
    /** Everybody for whom no rule holds. */
    default: aclRule.pick({ action: true }).extend(decided),
});
export type AclStatus = z.infer<typeof aclStatus>;

export const agentStatus = z.object({
    /** Content hash of the bundle that runs (`BalancerAgent` compares it). */
    bundle: z.string(),
    startedAt: z.number(),
    revision: z.int(),
    appliedAt: z.number().optional(),
    /** Since the agent started. */
    applies: z.object({ applied: z.int(), failed: z.int() }).optional(),
    network: gatewayNetwork,
    /** Problems that keep the gateway from serving as configured; empty when all is well. */
    problems: z.array(z.string()),
    endpoints: z.record(z.string(), memberStatus.extend({ arrived, acl: aclStatus.optional() })),
    loadBalancedSets: z.record(
        z.string(),
        z.object({ arrived, members: z.record(z.string(), memberStatus), acl: aclStatus.optional() }),
    ),
    /** The last changes, newest last. */
    events: z.array(loggedEvent),
});
export type AgentStatus = z.infer<typeof agentStatus>;
