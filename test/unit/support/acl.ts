import fc from "fast-check";
import type { AclAction } from "../../../model/balancer/acl";
import type { Acl } from "../../../model/balancer/frontend";
import { contains } from "../../../model/network/addresses";

/** Azure's words, taken literally: the first rule by order that holds for the client, else the default. */
export function decision(acl: Acl | undefined, client: string): { action: AclAction; order?: number } {
    const rules = Object.entries(acl ?? {}).sort(([a], [b]) => Number(a) - Number(b));
    const found = rules.find(([, { remoteSubnet }]) => contains(remoteSubnet, client));
    if (found) return { action: found[1].action, order: Number(found[0]) };
    return { action: rules.some(([, { action }]) => action === "permit") ? "deny" : "permit" };
}

const AROUND = ["10.80.1.77", "10.80.1.64", "10.80.2.5", "192.0.2.1", "0.0.0.0", "255.255.255.255"];

/** Clients in the ranges of `acls`, at their edges and elsewhere. */
export const clientAddresses = fc.oneof(
    fc.ipV4(),
    fc.constantFrom(...AROUND, "10.80.1.78", "10.80.0.255", "192.0.2.0"),
);

const ranges = fc
    .tuple(fc.constantFrom(...AROUND), fc.nat({ max: 32 }))
    .map(([address, length]) => `${address}/${length}`);
const rules = fc.record({ action: fc.constantFrom<AclAction>("permit", "deny"), remoteSubnet: ranges });

/** Lists whose ranges overlap, hold one another, and are the same. */
export function aclsOf(maxKeys: number) {
    return fc.dictionary(fc.nat({ max: 65_535 }).map(String), rules, { maxKeys, noNullPrototype: true });
}
