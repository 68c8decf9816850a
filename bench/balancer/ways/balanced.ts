import type { Topology } from "../../../test/runtime/support";
import { MEMBERS, PUBLIC_PORT, type Way } from "../way";

/** A way through the VIP. */
export function balanced(net: Topology, hasUdp = true): Way {
    const { virtualIp } = net.network;
    const web = Array.from({ length: MEMBERS }, () => `${virtualIp}:${PUBLIC_PORT}`);
    return { net, client: net.outside, web, stream: virtualIp, hasUdp };
}
