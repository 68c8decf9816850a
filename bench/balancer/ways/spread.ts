import type { Topology } from "../../../test/runtime/support";
import { ip, sysctl } from "../../../test/runtime/support/namespaces";
import { MEMBERS, WEB_PORT } from "../way";

/** An address that each member has. */
export const SHARED_ADDRESS = "192.0.2.80";

/** Routes that spread connections over the members as a balancer does: who serves whom must be the same for all. */
export function spreadOverMembers(net: Topology, from: string): string[] {
    const members = net.machines.slice(0, MEMBERS);
    for (const { namespace } of members) ip("-n", namespace, "address", "add", `${SHARED_ADDRESS}/32`, "dev", "lo");
    sysctl(from, { "net.ipv4.fib_multipath_hash_policy": 1 });
    ip("-n", from, "route", "add", SHARED_ADDRESS, ...members.flatMap(({ address }) => ["nexthop", "via", address]));
    return members.map(() => `${SHARED_ADDRESS}:${WEB_PORT}`);
}
