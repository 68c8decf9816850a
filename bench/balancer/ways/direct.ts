import { webMembers, type Way } from "../way";
import type { Topology } from "../../../test/runtime/support";

/** A client on the private network itself: no gateway at all. */
export async function direct(net: Topology): Promise<Way> {
    const client = net.machines.at(-1)!.namespace;
    return { net, client, web: webMembers(net), stream: net.machines[0]!.address, hasUdp: true };
}
