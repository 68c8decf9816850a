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
