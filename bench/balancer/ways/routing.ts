import type { Topology } from "../../../test/runtime/support";
import { ip } from "../../../test/runtime/support/namespaces";
import { webMembers, type Way } from "../way";
import { bareGateway } from "./bare";

/** The limit: the same namespaces and cables, and a gateway that only forwards. */
export async function routing(net: Topology): Promise<Way> {
    await bareGateway(net);
    const { privateSubnet, virtualIp } = net.network;
    ip("-n", net.host, "route", "add", privateSubnet, "via", virtualIp);
    return { net, client: net.outside, web: webMembers(net), stream: net.machines[0]!.address, hasUdp: true };
}
