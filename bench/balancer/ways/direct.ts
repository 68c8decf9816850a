import type { Way } from "../way";
import { spreadOverMembers } from "./spread";
import type { Topology } from "../../../test/runtime/support";

/** A client on the private network itself: no gateway at all. */
export async function direct(net: Topology): Promise<Way> {
    const client = net.machines.at(-1)!.namespace;
    return { net, client, web: spreadOverMembers(net, client), stream: net.machines[0]!.address, hasUdp: true };
}
