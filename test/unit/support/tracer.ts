import type { Destination, Frontend, Plan, Source } from "../../../model/balancer/plan";
import { addressAt, canonicalCidr, contains } from "../../../model/network/addresses";
import type { Protocol } from "../../../model/schema/fields";

/** The first packet of a connection, as it reaches the gateway. */
export interface Packet {
    readonly protocol: Protocol;
    readonly from: Destination;
    readonly to: Destination;
}

/**
 * What becomes of a packet:
 * - `host`: no frontend's; the gateway's own network takes it
 * - `denied`: by the frontend's ACL; nobody answers
 * - `refused`: answered with a reset or an ICMP message
 * - `dropped`: nobody answers; the client tries again
 * - `sent`: on to a member
 */
export type Fate =
    | { readonly kind: "host" }
    | { readonly kind: "denied" | "refused" | "dropped"; readonly frontend: Frontend }
    | {
          readonly kind: "sent";
          readonly frontend: Frontend;
          readonly slot: number;
          readonly destination: Destination;
      };

/** Follows a packet through a plan, in the order in which the engine's rules do. */
export function trace(plan: Plan, packet: Packet): Fate {
    const frontend = plan.frontends.find(
        ({ protocol, address, port, portCount }) =>
            packet.protocol === protocol &&
            packet.to.address === address &&
            packet.to.port >= port &&
            packet.to.port < port + portCount,
    );
    if (!frontend) return { kind: "host" };
    const decides = frontend.acl?.find(({ address, length }) => contains(`${address}/${length}`, packet.from.address));
    if (decides?.action === "deny") return { kind: "denied", frontend };
    if (plan.refusing.has(frontend.name)) return { kind: "refused", frontend };
    const offset = scaled(hash(hashed(frontend, packet)), frontend.slotCount);
    const slot = frontend.firstSlot + offset;
    const found = plan.tables.get(frontend.name)![offset];
    if (!found) return { kind: "dropped", frontend };
    const destination = { address: found.address, port: found.port + packet.to.port - frontend.port };
    return { kind: "sent", frontend, slot, destination };
}

/** What of the client decides the slot; a port that none has stands for the protocol. */
function hashed({ source }: { source?: Source }, { from, protocol }: Packet): Destination {
    if (!source) return from;
    const host = source.prefixLength === 32 ? from.address : networkOf(from.address, source.prefixLength);
    return { address: host, port: source.byProtocol && protocol === "udp" ? 65_536 : 65_537 };
}

function networkOf(address: string, prefixLength: number): string {
    return addressAt(canonicalCidr(`${address}/${prefixLength}`)!, 0);
}

/** As the kernel's `mod`: it scales the hash instead of taking a remainder, so more slots split the fewer ones. */
export function scaled(hash: number, slots: number): number {
    return Math.floor((hash * slots) / 2 ** 32);
}

/** Stands in for the kernel's jhash of the client's address and port: 32 bits, well mixed, always the same. */
export function hash({ address, port }: Destination): number {
    const word = address.split(".").reduce((sum, octet) => ((sum << 8) | Number(octet)) >>> 0, 0);
    let mixed = (word ^ Math.imul(port + 1, 0x9e3779b1)) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97) >>> 0;
    return (mixed ^ (mixed >>> 15)) >>> 0;
}
