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

/** A member that a balancer took out, by its own words. */
export interface TakenOut {
    readonly member: string;
    /** Milliseconds since the epoch. */
    readonly at: number;
}

/** Serves the machines of a topology on the VIP; what this returns tells all that were taken out so far. */
export type Start = (net: Topology) => Promise<() => TakenOut[]>;

export const CONTESTANTS: Readonly<Record<string, Start>> = {
    async Switchyard(net) {
        // So that a member which fails a hundred times is back in time for the next.
        const probe = { protocol: "http", path: "/", ...PROBE, longestHoldDownSeconds: 0 } as const;
        const set = { protocol: "tcp", publicPort: PUBLIC_PORT, privatePort: WEB_PORT, probe, members: membersOf(net) };
        const agent = await serve(net, balancerConfiguration.parse({ loadBalancedSets: { web: set } }));
        return () => takenOut(agent.output, /^(\S+) member: (\S+) in set web is unhealthy/gm);
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
    log stderr format iso local0 alert
    bind ${net.network.virtualIp}:${PUBLIC_PORT}
    option httpchk GET /
    timeout check ${timeoutSeconds * 1000}ms
    default-server check inter ${intervalSeconds * 1000}ms fall ${unhealthyThreshold} rise ${healthyThreshold}
${net.machines.map(({ name, address }) => `    server ${name} ${address}:${WEB_PORT}`).join("\n")}
`,
        );
        const process = net.processes.start(net.gateway, ["haproxy", "-db", "-f", file]);
        await listens(net, net.gateway, PUBLIC_PORT, process);
        return () => takenOut(process.stderr, /^(\S+) Server web\/(\S+) is DOWN/gm);
    },
};

function takenOut(printed: string, line: RegExp): TakenOut[] {
    return [...printed.matchAll(line)].map(([, time, member]) => ({ member: member!, at: Date.parse(time!) }));
}
