import type { Access } from "./frontend";
import type { GatewayNetwork } from "./network";
import type { Protocol } from "../schema/fields";

/**
 * What the engine is to serve, free of the engine's syntax. The rules follow from `network` and `frontends` and change
 * only with the configuration; health changes only which entries `slots` and `refusing` hold.
 */
export interface Plan {
    readonly network: GatewayNetwork;
    readonly frontends: readonly Frontend[];
    /** Slot number → where its connections go. A slot without an entry drops them. */
    readonly slots: ReadonlyMap<number, Destination>;
    /** Names of the frontends that refuse every new connection now. */
    readonly refusing: ReadonlySet<string>;
    /** By frontend: who receives no new connection and keeps those it has, udp too. */
    readonly keeping: ReadonlyMap<string, readonly Destination[]>;
    /** By frontend: whose connections are reset, because it is down. */
    readonly resetting: ReadonlyMap<string, readonly Destination[]>;
    /** Whether bytes and packets are counted: the only rules that each packet of an open connection meets. */
    readonly countsPackets: boolean;
}

/** One protocol and port, or range of ports, of the VIP; or of the internal virtual IP. */
export interface Frontend extends Access {
    /** `endpoint/ssh` or `set/http`. */
    readonly name: string;
    readonly protocol: Protocol;
    /** Whether it is on the internal virtual IP. */
    readonly internal: boolean;
    readonly address: string;
    /** The first, where `portCount` is more than one. */
    readonly port: number;
    readonly portCount: number;
    /** The (first) port of every machine behind it, also while none is known. */
    readonly privatePort: number;
    /** The frontend's slots are `firstSlot` … `firstSlot + slotCount - 1`. */
    readonly firstSlot: number;
    readonly slotCount: number;
    /** What of a new connection decides its slot; absent where every one of it does: the client's address and port. */
    readonly source?: Source;
    /** Whether members that go down have their connections reset. */
    readonly resetsOnDown?: true;
}

/** Connections of one client, or of clients of one prefix, go to one slot. */
export interface Source {
    readonly prefixLength: number;
    /** Whether tcp and udp of one client go by different dice. */
    readonly byProtocol: boolean;
}

export interface Destination {
    readonly address: string;
    /** The frontend's `privatePort`: of a range, the first. */
    readonly port: number;
}
