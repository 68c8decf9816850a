import type { DnsStatus } from "../../model/dns/control";
import { explanation, type Explanation } from "../../model/dns/explanation";
import type { Host } from "../docker/host";
import { agentOf } from "./agents";
import { DNS } from "./runtimes";

/** The server has no policy of that name. */
export class UnknownPolicy extends Error {
    constructor(
        readonly policy: string,
        readonly domain: string | undefined,
        /** Those that it has, as `contoso (contoso.trafficmanager.example)`. */
        readonly known: readonly string[],
    ) {
        const list = known.length > 0 ? `there are ${known.join(", ")}` : "there are none";
        super(`no policy is called ${policy}; ${list}`);
    }
}

/**
 * What a DNS server would tell a client who asks for a policy, and why.
 *
 * @param policy its resource's name, its prefix, or its full name
 * @param client an address
 */
export async function explain(
    server: { readonly host: Host; readonly container: string },
    policy: string,
    client: string,
): Promise<Explanation> {
    const agent = agentOf(server.host, DNS, server.container);
    const status = await agent.status();
    const found = policyCalled(status, policy);
    if (found === undefined) throw new UnknownPolicy(policy, status.domain, describePolicies(status));
    const query = new URLSearchParams({ policy: found, client });
    return agent.get(`/v1/explain?${query.toString()}`, explanation);
}

type Policies = Pick<DnsStatus, "domain" | "policies">;

/** The policy's resource: of that name; else of that full name, or of that prefix. */
export function policyCalled({ domain, policies }: Policies, text: string): string | undefined {
    if (Object.hasOwn(policies, text)) return text;
    const wanted = text.toLowerCase().replace(/\.$/, "");
    const names = Object.entries(policies).map(([key, { name }]) => [key, name.toLowerCase()] as const);
    const called = (name: string) => names.find(([, full]) => full === name)?.[0];
    return called(wanted) ?? called(`${wanted}.${domain?.toLowerCase()}`);
}

function describePolicies({ policies }: Policies): string[] {
    return Object.entries(policies).map(([key, { name }]) => `${key} (${name})`);
}
