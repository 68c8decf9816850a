import { balancerConfiguration } from "../../model/balancer/configuration";
import { membersOf, type Topology } from "../../test/runtime/support";
import { bareGateway } from "../balancer/ways/bare";
import { serve } from "../balancer/ways/switchyard";
import { PUBLIC_PORT } from "../balancer/way";
import { listens } from "../support/listens";
import { writeTemporary } from "../support/temporary";
import { WEB_PORT } from "./kinds";

/** The same for both. */
export const PROBE = { intervalSeconds: 0.2, timeoutSeconds: 0.2, unhealthyThreshold: 2, healthyThreshold: 1 };

/** Serves the machines of a topology on the VIP. */
export const CONTESTANTS: Readonly<Record<string, (net: Topology) => Promise<void>>> = {
    async Switchyard(net) {
        // So that a member which fails a hundred times is back in time for the next.
        const probe = { protocol: "http", path: "/", ...PROBE, longestHoldDownSeconds: 0 } as const;
        const set = { protocol: "tcp", publicPort: PUBLIC_PORT, privatePort: WEB_PORT, probe, members: membersOf(net) };
        await serve(net, balancerConfiguration.parse({ loadBalancedSets: { web: set } }));
    },

    async HAProxy(net) {
        await bareGateway(net);
        const { intervalSeconds, timeoutSeconds, unhealthyThreshold, healthyThreshold } = PROBE;
        const file = writeTemporary(
            "haproxy.cfg",
            `defaults
    mode tcp
    timeout connect 1s
    timeout client 60s
    timeout server 60s
    retries 3
    option redispatch 1
listen web
    bind ${net.network.virtualIp}:${PUBLIC_PORT}
    option httpchk GET /
    timeout check ${timeoutSeconds * 1000}ms
    default-server check inter ${intervalSeconds * 1000}ms fall ${unhealthyThreshold} rise ${healthyThreshold}
${net.machines.map(({ name, address }) => `    server ${name} ${address}:${WEB_PORT}`).join("\n")}
`,
        );
        const process = net.processes.start(net.gateway, ["haproxy", "-db", "-f", file]);
        await listens(net, net.gateway, PUBLIC_PORT, process);
    },
};
