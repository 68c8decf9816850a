import type { Topology } from "../../../test/runtime/support";
import { PUBLIC_PORT, STREAM_PORT, webMembers, type Way } from "../way";
import { balanced } from "./balanced";
import { bareGateway } from "./bare";

/** The least that a kernel does to balance and to come back: no probes, no counts, no limits, no access rules. */
export async function bareRules(net: Topology): Promise<Way> {
    await bareGateway(net);
    const { virtualIp } = net.network;
    const members = webMembers(net).map((member, n) => `${n} : ${member.replace(":", " . ")}`);
    const rules = `table ip bare {
    chain in {
        type nat hook prerouting priority dstnat;
        ip daddr ${virtualIp} tcp dport ${PUBLIC_PORT} dnat ip to jhash ip saddr . tcp sport mod ${members.length} map { ${members.join(", ")} }
        ip daddr ${virtualIp} meta l4proto { tcp, udp } th dport ${STREAM_PORT} dnat ip to ${net.machines[0]!.address}
    }
    chain out { type nat hook postrouting priority srcnat; }
}`;
    await net.commands(net.gateway).run(["nft", rules]);
    return balanced(net);
}
