import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../model/balancer/compile";
import { balancerConfiguration } from "../../model/balancer/configuration";
import { renderTable } from "../../runtime/balancer/render";
import { observed } from "./support/configurations";

const guides = path.join(__dirname, "../../docs/guides");

/** The table of the guide "How traffic flows". */
function table(): string {
    const machine = (position: number) => ({ container: `dev-web${position + 1}-1`, position });
    const machines = { web1: machine(0), web2: machine(1), web3: machine(2) };
    const tcp = { protocol: "tcp", probe: { protocol: "tcp" } };
    const udp = {
        ...{ protocol: "udp", probe: { protocol: "none" } },
        ...{ distribution: "sourceIP", sourcePrefixLength: 24, idleTimeoutMinutes: 4 },
    };
    const access = {
        acl: {
            100: { action: "deny", remoteSubnet: "203.0.113.66" },
            200: { action: "permit", remoteSubnet: "203.0.113.0/24" },
        },
        maxConnectionRatePerSource: { perMinute: 6, burst: 3 },
        maxConnections: 100,
    };
    const configuration = balancerConfiguration.parse({
        endpoints: {
            ssh: { protocol: "tcp", publicPort: 2201, privatePort: 22, container: "dev-web1-1", ...access },
        },
        loadBalancedSets: {
            http: { ...tcp, publicPort: 80, privatePort: 8080, members: machines, resetOnDown: true },
            dns: { ...udp, publicPort: 53, privatePort: 53, members: machines },
        },
        metrics: {},
    });
    const members = Object.keys(machines);
    const observations = observed({
        "endpoint/ssh": "healthy 10.80.1.2",
        ...Object.fromEntries(members.map((name, at) => [`set/http/${name}`, `healthy 10.80.1.${at + 2}`])),
        ...Object.fromEntries(members.map((name) => [`set/dns/${name}`, "stopped"])),
    });
    const network = {
        virtualIp: "10.224.1.2",
        publicSubnet: "10.224.1.0/24",
        privateSubnet: "10.80.1.0/24",
        privateGateway: "10.80.1.1",
        internalVirtualIp: "10.80.1.254",
    };
    const interfaces = { publicInterface: "eth0", privateInterface: "eth1" };
    return renderTable(compile(configuration, network, observations), interfaces, 1);
}

/** `npx vitest run --project unit -u` writes it anew. */
test("the guide's table is what a gateway serves", async () => {
    await expect(table()).toMatchFileSnapshot(path.join(guides, "how-traffic-flows.nft"));
});

test("what the guide quotes is in the table", () => {
    const guide = readFileSync(path.join(guides, "how-traffic-flows.md"), "utf8");
    const quoted = [...guide.matchAll(/^ *```nft\n([\s\S]*?)^ *```$/gm)].flatMap(([, code]) =>
        code!.trim().split("\n"),
    );
    expect(quoted.length).toBeGreaterThan(4);
    const rules = table();
    expect(quoted.filter((rule) => !rules.includes(rule.trim()))).toEqual([]);
});
