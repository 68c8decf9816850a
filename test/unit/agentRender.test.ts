import { expect, it } from "vitest";
import { compile } from "../../model/balancer/compile";
import { balancerConfiguration } from "../../model/balancer/configuration";
import { renderTable } from "../../runtime/balancer/render";
import { network, observed } from "./support/configurations";

it("the table of a configuration, as an engineer reads it in the gateway", async () => {
    const acl = {
        100: { action: "deny", remoteSubnet: "203.0.113.66", description: "noisy scanner" },
        200: { action: "permit", remoteSubnet: "203.0.113.0/24" },
        300: { action: "permit", remoteSubnet: "198.51.100.7" },
    };
    const configuration = balancerConfiguration.parse({
        endpoints: {
            ssh: {
                ...{ protocol: "tcp", publicPort: 2201, privatePort: 22, container: "web1-1" },
                ...{ acl, idleTimeoutMinutes: 30, maxConnectionRatePerSource: { perMinute: 6, burst: 3 } },
            },
            vpn: {
                ...{ protocol: "udp", publicPort: 1194, privatePort: 1194, container: "web2-1" },
                ...{ idleTimeoutMinutes: 4, maxConnectionRatePerSource: { perSecond: 100 } },
            },
        },
        loadBalancedSets: {
            http: {
                ...{ protocol: "tcp", publicPort: 80, privatePort: 8080, probe: { protocol: "tcp" } },
                ...{ maxConnections: 1_000, idleTimeoutMinutes: 30 },
                members: { web1: { container: "web1-1", position: 0 }, web2: { container: "web2-1", position: 1 } },
            },
        },
    });
    const plan = compile(
        configuration,
        network,
        observed({
            "endpoint/ssh": "healthy 10.80.1.4",
            "set/http/web1": "healthy 10.80.1.4",
            "set/http/web2": "healthy 10.80.1.5",
        }),
    );

    const table = renderTable(plan, { publicInterface: "eth0", privateInterface: "eth1" }, 42);

    await expect(table).toMatchFileSnapshot("golden/table.nft");
});
