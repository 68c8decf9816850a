import { z } from "zod";
import { balancerConfiguration } from "./balancer/configuration";
import { aclRule } from "./balancer/frontend";
import { memberHealth } from "./health/health";
import { gatewayNetwork } from "./balancer/network";
import { adminState } from "./balancer/shares";

/**
 * What provider and agent say to each other: HTTP over a unix socket inside the runtime, reached through Docker's exec.
 *
 *     GET    /v1/status                        → AgentStatus
 *     GET    /v1/status.txt                    → the same as text for people
 *     GET    /v1/configuration                 → AppliedConfiguration
 *     PUT    /v1/configuration                 ApplyRequest → one ApplyEvent a line, the last of them final;
 *                                              409 while another apply runs, or when `basedOn` is not the revision that serves;
 *                                              400 when the configuration is refused. Ending the request before
 *                                              `applied` gives the apply up: the old configuration serves on.
 *     POST   /v1/machines/{container}/quiesce  → takes a machine that is about to stop out of every set; 204
 *
 * Every refusal is an `ErrorReply`.
 */

/** Where a gateway's image has the socket and the folder that outlives the container. */
export const AGENT_SOCKET = "/run/switchyard/agent.sock";
export const STATE_DIRECTORY = "/var/lib/switchyard";

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

export const applyEvent = z.discriminatedUnion("event", [
    /** The apply waits; `message` says for what. At least one in five seconds. */
    z.object({ event: z.literal("progress"), message: z.string() }),
    /** The new configuration serves and what it replaced is drained. Final. */
    z.object({ event: z.literal("applied"), revision: z.int() }),
    /** The old configuration still serves. Final. */
    z.object({ event: z.literal("failed"), problems: z.array(z.string()) }),
]);
export type ApplyEvent = z.infer<typeof applyEvent>;

export const errorReply = z.object({ problems: z.array(z.string()) });
export type ErrorReply = z.infer<typeof errorReply>;

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

/** New connections on which a rule decided; a packet more for each time that a client had to repeat its first one. */
const decided = { packets: z.int(), bytes: z.int() };

/** An ACL with what its rules decided since it was last changed, or since the agent began. */
export const aclStatus = z.object({
    rules: z.array(aclRule.extend({ order: z.int(), ...decided })),
    /** Everybody for whom no rule holds. */
    default: aclRule.pick({ action: true }).extend(decided),
});
export type AclStatus = z.infer<typeof aclStatus>;

export const loggedEvent = z.object({
    at: z.number(),
    /** `apply`, `member`, `reconcile`, `start` … */
    kind: z.string(),
    message: z.string(),
});
export type LoggedEvent = z.infer<typeof loggedEvent>;

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
