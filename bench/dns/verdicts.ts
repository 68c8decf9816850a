import { dnsConfiguration, type DnsConfiguration } from "../../model/dns/configuration";
import { AgentHost, Endpoint } from "../../test/runtime/dns/agent-host";
import { addresses } from "../../test/unit/support/decisions";
import { DOMAIN } from "./server";

/** Milliseconds. */
export interface DnsControl {
    /** All policies, from the request to the agent's last event. */
    readonly applying: number;
    /** From the agent's verdict about one endpoint to the first answer that follows from it. */
    readonly verdicts: readonly number[];
}

const EAST = "127.0.1.1";
const WEST = "127.0.1.2";
const NAME = `one.${DOMAIN}`;

/** Policies of ten endpoints that are answered at random; beside them one whose first endpoint goes down and comes back. */
export async function measureControl(policies: number, times: number): Promise<DnsControl> {
    const host = await AgentHost.make();
    const east = new Endpoint(EAST, host.endpointPort);
    try {
        await host.startAgent();
        await east.start();
        const begin = performance.now();
        await host.apply(configurationOf(policies, host.endpointPort));
        const applying = performance.now() - begin;
        await host.leadsTo(NAME, EAST);
        const verdicts: number[] = [];
        for (let n = 0; n < times; n++) {
            const [change, next] = n % 2 === 0 ? [() => east.stop(), WEST] : [() => east.start(), EAST];
            await change();
            while ((await host.addresses(NAME)).join() !== next);
            const answered = performance.timeOrigin + performance.now();
            verdicts.push(answered - (await lastVerdict(host)));
        }
        return { applying, verdicts };
    } finally {
        await host.remove();
        await east.stop();
    }
}

function configurationOf(policies: number, port: number): DnsConfiguration {
    const others = Array.from({ length: policies - 1 }, (_, n) => {
        const endpoints = addresses(10).map((address, e) => [`e${e}`, { address, alwaysServe: true }] as const);
        const settings = { prefix: `p${n}`, method: "RoundRobin", ttlSeconds: 300 };
        return [`p${n}`, { ...settings, endpoints: Object.fromEntries(endpoints) }] as const;
    });
    const one = {
        prefix: "one",
        method: "Failover",
        ttlSeconds: 300,
        monitor: { protocol: "http", port, intervalSeconds: 0.2, toleratedFailures: 0 },
        endpoints: { east: { address: EAST, priority: 1 }, west: { address: WEST, priority: 2, alwaysServe: true } },
    };
    return dnsConfiguration.parse({
        domain: DOMAIN,
        nameServers: { ns1: { hostName: `ns1.${DOMAIN}`, addresses: ["198.51.100.53"] } },
        policies: { ...Object.fromEntries(others), one },
    });
}

/** When the agent wrote of it, before it told gdnsd. */
async function lastVerdict(host: AgentHost): Promise<number> {
    const { events } = await host.status();
    return events.findLast(({ message }) => message.startsWith("east of one is "))!.at;
}
