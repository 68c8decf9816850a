import type { Topology } from "../../test/runtime/support";

/** How clients reach the members: one of what is compared. Each has a topology of its own, all of them alike. */
export interface Way {
    readonly net: Topology;
    /** The namespace in which clients run. */
    readonly client: string;
    /** Where the threads of a client connect to, in turn: `address:port`. */
    readonly web: readonly string[];
    /** Where iperf3's server is found. */
    readonly stream: string;
    readonly hasUdp: boolean;
}

/** Undefined where this machine has no such thing. */
export type StartWay = (net: Topology) => Promise<Way | undefined>;

export const MEMBERS = 4;
export const WEB_PORT = 8080;
export const STREAM_PORT = 5201;
/** Of the set, on the VIP. */
export const PUBLIC_PORT = 80;

export function webMembers(net: Topology): string[] {
    return net.machines.slice(0, MEMBERS).map(({ address }) => `${address}:${WEB_PORT}`);
}
