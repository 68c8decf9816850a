import { addressAt, addressNumber, prefixLength } from "../network/addresses";
import type { Acl } from "./frontend";

export type AclAction = "permit" | "deny";

/** Clients of one range, and the rule that decides for them. */
export interface AclEntry {
    /** First address of the range. */
    readonly address: string;
    readonly length: number;
    readonly action: AclAction;
    /** Order of the rule; undefined where no rule holds, and the default decides. */
    readonly order?: number;
}

/** What holds where no rule does, as in Azure: one permit means that everybody else is denied. */
export function aclDefault(acl: Acl): AclAction {
    return Object.values(acl).some(({ action }) => action === "permit") ? "deny" : "permit";
}

const flattened = new WeakMap<Acl, readonly AclEntry[]>();

/**
 * An ordered list with overlaps, as one table in which the longest range that holds a client decides: the longest first,
 * the last one everybody. Undefined for an empty list, which lets everybody in. Asked again at each change of health, hence kept.
 *
 * Two ranges are either apart or one within the other. So for all clients of a range, apart from narrower ones in the
 * list, the same rule wins: the one of lowest order among those of the range and of the wider ones around it.
 */
export function flattenAcl(acl: Acl | undefined): readonly AclEntry[] | undefined {
    if (acl === undefined || Object.keys(acl).length === 0) return undefined;
    const kept = flattened.get(acl);
    if (kept) return kept;
    const table = flatten(acl);
    flattened.set(acl, table);
    return table;
}

interface Range extends AclEntry {
    readonly first: number;
}

function flatten(acl: Acl): AclEntry[] {
    const everybody: Range = { address: "0.0.0.0", first: 0, length: 0, action: aclDefault(acl) };
    const path = [everybody];
    const table = [everybody];
    for (const range of rangesWithin(acl)) {
        while (!holds(path.at(-1)!, range)) path.pop();
        const around = path.at(-1)!;
        if ((around.order ?? Infinity) < range.order!) continue;
        // A rule for everybody takes the place of the default.
        if (range.length === 0) table.pop();
        path.push(range);
        table.push(range);
    }
    return table
        .sort((a, b) => b.length - a.length || a.first - b.first)
        .map(({ address, length, action, order }) => ({ address, length, action, order }));
}

/** One rule a range, the first; wide ranges before those that they hold. */
function rangesWithin(acl: Acl): Range[] {
    const ranges = new Map<string, Range>();
    for (const [key, { action, remoteSubnet }] of Object.entries(acl)) {
        const order = Number(key);
        if ((ranges.get(remoteSubnet)?.order ?? Infinity) < order) continue;
        const address = addressAt(remoteSubnet, 0);
        const length = prefixLength(remoteSubnet);
        ranges.set(remoteSubnet, { address, first: addressNumber(address), length, action, order });
    }
    return [...ranges.values()].sort((a, b) => a.first - b.first || a.length - b.length);
}

function holds(outer: Range, inner: Range): boolean {
    return outer.length <= inner.length && inner.first < outer.first + 2 ** (32 - outer.length);
}
