import type { Topology } from "../../../test/runtime/support";
import type { Way } from "../way";
import { routing } from "./routing";

/** Plain routing in a namespace that tracks connections, as Docker's own rules for names make every container do. */
export async function trackedRouting(net: Topology): Promise<Way> {
    const rules = "table ip tracked { chain out { type nat hook postrouting priority srcnat; }; }";
    const way = await routing(net);
    await net.commands(net.gateway).run(["nft", rules]);
    return way;
}
