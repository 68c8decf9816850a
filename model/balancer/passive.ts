import type { MemberTraffic } from "./traffic";

/**
 * Passive detection: what a member's own traffic says against it. It condemns nobody alone: a handshake with the member
 * must fail too, and of those in a set who would receive no more than half is out on such evidence at a time, so that
 * whoever can make connections fail (a flood that fills the members' queues) cannot take the set away.
 */

/** So many connections in a row without an answer say that it was no accident; a refusal is none. */
const ENOUGH = 3;
/** Longer than any round trip inside a host; Linux clients try again after 1 s. */
const SILENCE_MS = 200;

/** Connections since the member's last answer. */
export interface Evidence {
    /** When the first of them was seen. */
    readonly since: number;
    readonly connections: number;
    readonly refused: number;
}

/** The evidence after another look at the traffic; one answer clears the member, but not of refusals beside it. */
export function weigh(before: Evidence | undefined, seen: MemberTraffic, now: number): Evidence | undefined {
    // Which of them came first, nobody knows.
    if (seen.answered > 0)
        return seen.refused > 0 ? { since: now, connections: seen.refused, refused: seen.refused } : undefined;
    if (seen.connections + seen.refused === 0) return before;
    const { since, connections, refused } = before ?? { since: now, connections: 0, refused: 0 };
    return { since, connections: connections + seen.connections, refused: refused + seen.refused };
}

/** What speaks against the member, if that is enough to ask it. */
export function suspicion({ since, connections, refused }: Evidence, now: number): string | undefined {
    if (refused > 0) return `${refused} new ${refused === 1 ? "connection" : "connections"} refused`;
    const unanswered = connections - refused;
    if (unanswered < ENOUGH || now - since < SILENCE_MS) return undefined;
    return `${unanswered} new connections got no answer`;
}

/** How many members of a set may be out on such evidence at a time, of so many who would else receive. */
export function mostCondemned(memberCount: number): number {
    return Math.floor(memberCount / 2);
}
