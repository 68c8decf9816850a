/** What was counted of one member. */
export interface MemberTraffic {
    /** New connections that were sent to the member. */
    readonly connections: number;
    /** Taken by it (SYN-ACK). Of udp, nothing tells. */
    readonly answered: number;
    /** Refused by it (RST in answer to the SYN). */
    readonly refused: number;
    /** From clients to the member; with their IP headers. 0 while nobody wants to know. */
    readonly receivedPackets: number;
    readonly receivedBytes: number;
    readonly sentPackets: number;
    readonly sentBytes: number;
}

export interface FrontendTraffic {
    /** Connections that came, whatever became of them. */
    readonly arrived: number;
    /** By the members' addresses. */
    readonly members: ReadonlyMap<string, MemberTraffic>;
}

/** By the frontends' names. */
export type Traffic = ReadonlyMap<string, FrontendTraffic>;

/** What the kernel has counted, and what it had at the look before, as if the frontends of now had been there. */
export interface Looks {
    readonly now: Traffic;
    /** Absent at the first look. */
    readonly before?: Traffic;
}

const COUNTS = [
    ...["connections", "answered", "refused"],
    ...["receivedPackets", "receivedBytes", "sentPackets", "sentBytes"],
] as const as readonly (keyof MemberTraffic)[];

export const NO_TRAFFIC = Object.fromEntries(COUNTS.map((count) => [count, 0])) as unknown as MemberTraffic;

/** What was counted between two looks; counting may have begun anew in between. */
export function trafficSince(before: MemberTraffic | undefined, now: MemberTraffic): MemberTraffic {
    return combine(now, before ?? NO_TRAFFIC, (now, before) => (now < before ? now : now - before));
}

export function addTraffic(a: MemberTraffic, b: MemberTraffic): MemberTraffic {
    return combine(a, b, (a, b) => a + b);
}

function combine(a: MemberTraffic, b: MemberTraffic, with_: (a: number, b: number) => number): MemberTraffic {
    return Object.fromEntries(COUNTS.map((count) => [count, with_(a[count], b[count])])) as unknown as MemberTraffic;
}
