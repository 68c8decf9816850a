/** What was counted of one member's new connections. */
export interface MemberTraffic {
    /** Sent to the member. */
    readonly connections: number;
    /** Taken by it (SYN-ACK). Of udp, nothing tells. */
    readonly answered: number;
    /** Refused by it (RST in answer to the SYN). */
    readonly refused: number;
}

export interface FrontendTraffic {
    /** Connections that came, whatever became of them. */
    readonly arrived: number;
    /** By the members' addresses. */
    readonly members: ReadonlyMap<string, MemberTraffic>;
}

/** By the frontends' names. */
export type Traffic = ReadonlyMap<string, FrontendTraffic>;

export const NO_TRAFFIC: MemberTraffic = { connections: 0, answered: 0, refused: 0 };

const COUNTS = ["connections", "answered", "refused"] as const;

/** What was counted between two looks; counting may have begun anew in between. */
export function trafficSince(before: MemberTraffic | undefined, now: MemberTraffic): MemberTraffic {
    if (!before || COUNTS.some((count) => now[count] < before[count])) return now;
    return combine(now, before, (a, b) => a - b);
}

export function addTraffic(a: MemberTraffic, b: MemberTraffic): MemberTraffic {
    return combine(a, b, (a, b) => a + b);
}

function combine(a: MemberTraffic, b: MemberTraffic, with_: (a: number, b: number) => number): MemberTraffic {
    return Object.fromEntries(COUNTS.map((count) => [count, with_(a[count], b[count])])) as unknown as MemberTraffic;
}
