import type { HealthStatus } from "../health/health";

/** What is known of a member besides its configuration. */
export interface Observation {
    /** Absent while no machine of that name runs. */
    readonly address?: string;
    readonly status: HealthStatus;
    /** Where the machine ran before it was seen to stop or to move. */
    readonly lastAddress?: string;
    /** It was asked why it refused a client, and took the handshake: what it refuses, it may refuse for good. */
    readonly refusesSome?: boolean;
}

/** Observations by member key (`memberKey`). */
export type Observations = ReadonlyMap<string, Observation>;

/** Names one member of the whole configuration: `endpoint/ssh` or `set/http/web1`. */
export function memberKey(kind: "endpoint" | "set", name: string, member?: string): string {
    const parts = member === undefined ? [name] : [name, member];
    return [kind, ...parts.map(escaped)].join("/");
}

/** Names may hold slashes too. */
function escaped(part: string): string {
    return /[%/]/.test(part) ? part.replaceAll("%", "%25").replaceAll("/", "%2F") : part;
}
