import { expect, it } from "vitest";
import type { AgentStatus } from "../../model/balancer/control";
import { statusText } from "../../runtime/agent/balancer/status-text";

it("the status in a terminal tells who receives connections, who does not and why, and what happened", () => {
    const at = Date.UTC(2026, 10, 21, 14, 3, 7);
    const member = { status: "healthy" as const, reason: "", since: at, share: 1 / 3 };
    const status: AgentStatus = {
        bundle: "0123456789ab",
        startedAt: at,
        revision: 3,
        appliedAt: at,
        network: {
            virtualIp: "10.224.7.46",
            publicSubnet: "10.224.7.0/24",
            privateSubnet: "10.80.1.0/24",
            privateGateway: "10.80.1.1",
            internalVirtualIp: "10.80.1.253",
        },
        problems: ["the disk is full"],
        endpoints: { ssh: { ...member, container: "dev-web1-1", address: "10.80.1.4", share: 1 } },
        loadBalancedSets: {
            http: {
                members: {
                    web1: { ...member, container: "dev-web1-1", address: "10.80.1.4", latencyMs: 0.7 },
                    web2: {
                        ...member,
                        container: "dev-web2-1",
                        status: "stopped",
                        reason: "no such machine runs",
                        share: 0,
                        weight: 3,
                        adminState: "up",
                        priority: 2,
                    },
                },
            },
        },
        events: [{ at: at + 60_000, kind: "member", message: "web2 in set http is stopped: no such machine runs" }],
    };
    expect(statusText(status)).toBe(`\
10.224.7.46 serves configuration revision 3 (applied 2026-11-21 14:03:07Z); agent 0123456789ab
problem: the disk is full

                member  container   address    share  health
  endpoint ssh          dev-web1-1  10.80.1.4  100 %  healthy (since 2026-11-21 14:03:07Z)
  set http      web1    dev-web1-1  10.80.1.4  33 %   healthy, answered in 0.7 ms (since 2026-11-21 14:03:07Z)
  set http      web2    dev-web2-1  -          0 %    stopped: no such machine runs (since 2026-11-21 14:03:07Z), weight 3, admin state up, priority 2

last changes
  2026-11-21 14:04:07Z  member    web2 in set http is stopped: no such machine runs`);
});
