import type { Topology } from "../../../test/runtime/support";
import { nginx } from "../../support/nginx";
import { listens } from "../../support/listens";
import { PUBLIC_PORT, STREAM_PORT, webMembers, type Way } from "../way";
import { balanced } from "./balanced";
import { bareGateway } from "./bare";

/** nginx's stream module, a worker for each processor as Debian sets it up. */
export async function nginxStream(net: Topology): Promise<Way> {
    await bareGateway(net);
    const { virtualIp } = net.network;
    const stream = `${net.machines[0]!.address}:${STREAM_PORT}`;
    const balancer = nginx(
        net,
        net.gateway,
        `load_module /usr/lib/nginx/modules/ngx_stream_module.so;
worker_processes auto;
events { worker_connections 8192; }
stream {
    upstream web { ${webMembers(net)
        .map((member) => `server ${member};`)
        .join(" ")} }
    server { listen ${virtualIp}:${PUBLIC_PORT}; proxy_pass web; }
    server { listen ${virtualIp}:${STREAM_PORT}; proxy_pass ${stream}; }
    server { listen ${virtualIp}:${STREAM_PORT} udp; proxy_pass ${stream}; }
}
`,
    );
    await listens(net, net.gateway, PUBLIC_PORT, balancer);
    return balanced(net);
}
