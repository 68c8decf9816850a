import type { Topology } from "../../test/runtime/support";
import { sysctl } from "../../test/runtime/support/namespaces";
import { listens } from "../support/listens";
import { nginx } from "../support/nginx";
import { MEMBERS, STREAM_PORT, WEB_PORT } from "./way";

/** Web servers on the members and iperf3 on the first; ports enough for many connections, everywhere. */
export async function startMembers(net: Topology): Promise<void> {
    for (const namespace of [net.gateway, net.outside, ...net.machines.map(({ namespace }) => namespace)]) {
        sysctl(namespace, { "net.ipv4.ip_local_port_range": "2000 65000", "net.ipv4.tcp_tw_reuse": 1 });
    }
    for (const { namespace } of net.machines.slice(0, MEMBERS)) {
        const server = nginx(
            net,
            namespace,
            `worker_processes 1;
events { worker_connections 8192; }
http {
    access_log off;
    keepalive_requests 100000000;
    server { listen ${WEB_PORT} backlog=4096; location / { return 200 "ok\\n"; } }
}
`,
        );
        await listens(net, namespace, WEB_PORT, server);
    }
    const { namespace } = net.machines[0]!;
    const server = net.processes.start(namespace, ["iperf3", "--server", "--port", String(STREAM_PORT)]);
    await listens(net, namespace, STREAM_PORT, server);
}
