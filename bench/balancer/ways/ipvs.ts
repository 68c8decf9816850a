import type { Topology } from "../../../test/runtime/support";
import { PUBLIC_PORT, STREAM_PORT, webMembers, type Way } from "../way";
import { balanced } from "./balanced";
import { bareGateway } from "./bare";

/** The kernel's balancer of transport (IPVS) by NAT, in turn; undefined where the kernel has none. */
export async function ipvs(net: Topology): Promise<Way | undefined> {
    await bareGateway(net);
    const gateway = net.commands(net.gateway);
    try {
        await gateway.run(["ipvsadm", "--list"]);
    } catch {
        return undefined;
    }
    const { virtualIp } = net.network;
    const stream = `${net.machines[0]!.address}:${STREAM_PORT}`;
    const services: [string, string, string[]][] = [
        ["--tcp-service", `${virtualIp}:${PUBLIC_PORT}`, webMembers(net)],
        ["--tcp-service", `${virtualIp}:${STREAM_PORT}`, [stream]],
        ["--udp-service", `${virtualIp}:${STREAM_PORT}`, [stream]],
    ];
    for (const [kind, address, members] of services) {
        await gateway.run(["ipvsadm", "--add-service", kind, address, "--scheduler", "rr"]);
        for (const member of members)
            await gateway.run(["ipvsadm", "--add-server", kind, address, "--real-server", member, "--masquerading"]);
    }
    return balanced(net);
}
