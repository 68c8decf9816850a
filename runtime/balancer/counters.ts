import type { Frontend } from "../../model/balancer/plan";
import type { Declaration } from "./text";

/**
 * What the packet path counts, as sets to which it adds the elements itself: nobody keeps them in line with a plan, they
 * outlive a new configuration, and `nft monitor` does not tell of them. All but `received` and `sent` cost established
 * connections nothing.
 */
export const COUNTER_SETS = {
    /** First packets that came for a frontend, whatever became of them. A client that tries again counts once, unless it was let in nowhere, or refused. */
    arrived: "inet_proto . mark",
    /** New connections that were sent to a member. */
    connections: "inet_proto . mark . ipv4_addr",
    /** Those of them that the member took (SYN-ACK; tcp only). */
    answered: "inet_proto . mark . ipv4_addr",
    /** Those that it refused (RST in answer to the SYN). */
    refused: "inet_proto . mark . ipv4_addr",
    /** Packets from clients to a member, while somebody wants to know; the mark is gone by then. */
    received: "inet_proto . ipv4_addr . inet_service . ipv4_addr",
    /** Packets from a member to clients. */
    sent: "inet_proto . ipv4_addr . inet_service . ipv4_addr",
} as const;
export type CounterSet = keyof typeof COUNTER_SETS;

/** More than destinations exist in a large private network; a set that is full counts on for the elements that it has. */
const MOST_ELEMENTS = 65_536;

/** A packet that begins a connection: of tcp that goes on after its record was lost, the next packet is new but no beginning. */
export const BEGINS = { tcp: "tcp flags & (fin | syn | rst | ack) == syn ", udp: "meta l4proto udp " };

export function counterSets(): Declaration[] {
    return Object.entries(COUNTER_SETS).map(([name, type]) => [
        "set",
        name,
        [`type ${type}`, `size ${MOST_ELEMENTS}`, "flags dynamic"],
    ]);
}

/** In a frontend's chain, behind the mark of the connection. A first packet that is sent again has a record by then. */
export function countArrival({ protocol }: Pick<Frontend, "protocol">): string {
    return `${BEGINS[protocol]}ct status & confirmed == 0 update @arrived { meta l4proto . ct mark counter }`;
}

/** In `leave`, where the kernel sends only the first packet of a connection. */
export const COUNT_CONNECTIONS = [BEGINS.tcp, BEGINS.udp].map(
    (begins) => `ct status dnat ${begins}update @connections { meta l4proto . ct mark . ip daddr counter }`,
);

/**
 * In `answered`, before the mark is cleared: it says that nobody has answered yet, and whose connection this is. A
 * refusal tells itself from a later RST by its sequence number (RFC 9293, 3.10.7.1). Where the frontend is forgiving, the
 * client does not hear it, as long as somebody attends to refusals: the kernel has dropped its record by then, so the
 * client's next SYN is a new connection.
 */
export const COUNT_ANSWERS = [
    "tcp flags & (syn | ack) == (syn | ack) ct mark != 0 update @answered { meta l4proto . ct mark . ip saddr counter }",
    "ct direction reply tcp flags & (rst | ack) == (rst | ack) tcp sequence 0 ct mark != 0 update @refused { meta l4proto . ct mark . ip saddr counter } ct mark @forgiving meta l4proto @attended drop",
];

/** Sets that are filled by `measure` alone. */
export const MEASURED_SETS = ["received", "sent"] as const satisfies readonly CounterSet[];

/** The chain that counts packets and bytes. Apart from the others, so that nobody pays for it who does not want it. */
export const MEASURE = "measure";

export function measure(): [string, string[]] {
    const rules = ["tcp", "udp"].flatMap((protocol) =>
        [
            ["original", "received", "ip daddr"],
            ["reply", "sent", "ip saddr"],
        ].map(
            ([direction, set, machine]) =>
                `ct status dnat ct direction ${direction} meta l4proto ${protocol} update @${set} { meta l4proto . ct original ip daddr . ct original proto-dst . ${machine} counter }`,
        ),
    );
    return [MEASURE, ["type filter hook forward priority filter; policy accept;", ...rules]];
}
