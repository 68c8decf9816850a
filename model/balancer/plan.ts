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
}

/** One protocol and port, or range of ports, of the VIP; or of the internal virtual IP. */
export interface Frontend {
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
}

export interface Destination {
    readonly address: string;
    /** The frontend's `privatePort`: of a range, the first. */
    readonly port: number;
}
