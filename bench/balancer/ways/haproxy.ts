import type { Topology } from "../../../test/runtime/support";
import { writeTemporary } from "../../support/temporary";
import { listens } from "../../support/listens";
import { PUBLIC_PORT, STREAM_PORT, webMembers, type Way } from "../way";
import { balanced } from "./balanced";
import { bareGateway } from "./bare";

/** HAProxy in tcp mode, a thread for each processor as is its default. It carries no udp. */
export async function haproxy(net: Topology): Promise<Way> {
    await bareGateway(net);
    const { virtualIp } = net.network;
    const file = writeTemporary(
        "haproxy.cfg",
        `defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen web
    bind ${virtualIp}:${PUBLIC_PORT}
    default-server check
${webMembers(net)
    .map((member, n) => `    server vm${n + 1} ${member}`)
    .join("\n")}
listen stream
    bind ${virtualIp}:${STREAM_PORT}
    server vm1 ${net.machines[0]!.address}:${STREAM_PORT}
`,
    );
    const balancer = net.processes.start(net.gateway, ["haproxy", "-db", "-f", file]);
    await listens(net, net.gateway, PUBLIC_PORT, balancer);
    return balanced(net, false);
}
