import { z } from "zod";

/**
 * What provider and agent say to each other: HTTP over a unix socket inside the runtime, reached through Docker's exec.
 * Every agent answers these; what is said in them is in balancer/control.ts and dns/control.ts, with what only one does.
 *
 *     GET    /v1/status                        → its status
 *     GET    /v1/status.txt                    → the same as text for people
 *     GET    /v1/configuration                 → what it serves, with revision and owner
 *     PUT    /v1/configuration                 an apply request → one ApplyEvent a line, the last of them final,
 *                                              and an empty line every five seconds;
 *                                              409 while another apply runs, or when `basedOn` is not the revision that serves;
 *                                              400 when the configuration is refused. Ending the request before
 *                                              `applied` gives the apply up: the old configuration serves on.
 *
 * Every refusal is an `ErrorReply`.
 */

/** Where a runtime's image has the socket and the folder that outlives the container. */
export const AGENT_SOCKET = "/run/switchyard/agent.sock";
export const STATE_DIRECTORY = "/var/lib/switchyard";
/** In that folder: what serves, from the next start of the agent on; and once more, where the first cannot be read. */
export const CONFIGURATION_FILE = "configuration.json";
export const CONFIGURATION_COPY = "configuration.copy.json";

export const applyEvent = z.discriminatedUnion("event", [
    /** The apply waits; `message` says for what. */
    z.object({ event: z.literal("progress"), message: z.string() }),
    /** The new configuration serves and what it replaced is drained. Final. */
    z.object({ event: z.literal("applied"), revision: z.int() }),
    /** The old configuration still serves. Final. */
    z.object({ event: z.literal("failed"), problems: z.array(z.string()) }),
]);
export type ApplyEvent = z.infer<typeof applyEvent>;

export const errorReply = z.object({ problems: z.array(z.string()) });
export type ErrorReply = z.infer<typeof errorReply>;

export const loggedEvent = z.object({
    at: z.number(),
    /** `apply`, `member`, `reconcile`, `start` … */
    kind: z.string(),
    message: z.string(),
});
export type LoggedEvent = z.infer<typeof loggedEvent>;

/** A hash may be shortened, to no fewer characters than these. */
export const SHORTEST_HASH = 4;

export const revision = z.object({
    revision: z.int(),
    hash: z.string(),
    appliedAt: z.number(),
    serves: z.boolean(),
    /** How it differs from the one before: `policies.contoso.ttlSeconds: 300 => 30`. */
    changes: z.array(z.string()),
});
export type Revision = z.infer<typeof revision>;
