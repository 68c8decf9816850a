import type { Access } from "./frontend";
import type { GatewayNetwork } from "./network";
import type { Protocol } from "../schema/fields";

/**
 * What the engine is to serve, free of the engine's syntax. The rules follow from `network` and `frontends` and change
 * only with the configuration; health changes only what `tables` and those after it hold. What is the same object in two
 * plans is the same: who compares them need not look into it.
 */
export interface Plan {
    readonly network: GatewayNetwork;
    readonly frontends: readonly Frontend[];
    /** By frontend. */
    readonly tables: ReadonlyMap<string, Table>;
    /** Names of the frontends that refuse every new connection now. */
    readonly refusing: ReadonlySet<string>;
    /** Names of the frontends whose clients do not learn that a machine refused them, and try again. */
    readonly forgiving: ReadonlySet<string>;
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
    /** The numbers of the frontend's slots are `firstSlot` … `firstSlot + slotCount - 1`. */
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

/** Where the connections of each slot of a frontend go. A slot without a destination drops them. */
export type Table = readonly (Destination | undefined)[];

/** More than any frontend has. */
const SLOTS_PER_PORT = 8192;

/**
 * Slot numbers travel as packet marks, where 0 means none. Each belongs to one protocol and port for ever, so that a
 * packet which got its mark just before a new configuration finds no other frontend's machine just after.
 */
export function firstSlot(protocol: Protocol, port: number, internal: boolean): number {
    return ((internal ? 131_072 : 0) + (protocol === "udp" ? 65_536 : 0) + port) * SLOTS_PER_PORT;
}

/** The slot at which the frontend of this one begins. */
export function firstSlotOf(slot: number): number {
    return slot - (slot % SLOTS_PER_PORT);
}

/** The numbers of a frontend's slots that lead somewhere, and where. */
export function slotsOf({ tables }: Pick<Plan, "tables">, { name, firstSlot }: Frontend): [number, Destination][] {
    return tables
        .get(name)!
        .flatMap((destination, slot) =>
            destination ? [[firstSlot + slot, destination] as [number, Destination]] : [],
        );
}
