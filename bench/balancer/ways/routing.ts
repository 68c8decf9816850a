import type { Topology } from "../../../test/runtime/support";
import { ip } from "../../../test/runtime/support/namespaces";
import type { Way } from "../way";
import { bareGateway } from "./bare";
import { SHARED_ADDRESS, spreadOverMembers } from "./spread";

/** The limit: the same namespaces and cables, and a gateway that only forwards. */
export async function routing(net: Topology): Promise<Way> {
    await bareGateway(net);
    const { privateSubnet, virtualIp } = net.network;
    for (const destination of [privateSubnet, SHARED_ADDRESS])
        ip("-n", net.host, "route", "add", destination, "via", virtualIp);
    const web = spreadOverMembers(net, net.gateway);
    return { net, client: net.outside, web, stream: net.machines[0]!.address, hasUdp: true };
}
