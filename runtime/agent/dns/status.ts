import type { DnsStatus } from "../../../model/dns/control";
import type { EventLog } from "../events";
import type { Engine } from "./engine";
import { policyReports } from "./report";
import type { Serving } from "./serving";

export interface StatusParts {
    readonly bundle: string;
    readonly startedAt: number;
    readonly serving: Serving;
    readonly engine: Engine;
    readonly events: EventLog;
    readonly problems: () => Promise<string[]>;
}

/** What an engineer asks first: what serves, who is healthy, and what is wrong. */
export async function dnsStatus(parts: StatusParts): Promise<DnsStatus> {
    const { bundle, startedAt, serving, engine, events } = parts;
    // All of one moment: another configuration may begin to serve while gdnsd is being asked.
    const { revision, appliedAt, configuration } = serving.applied;
    const policies = policyReports(serving);
    const unread: string[] = [];
    const queries = await engine.counters().catch((error: Error) => {
        unread.push(`gdnsd's counters cannot be read: ${error.message}`);
        return undefined;
    });
    return {
        bundle,
        startedAt,
        revision,
        appliedAt,
        domain: configuration?.domain,
        cloudServiceDomain: configuration?.cloudServiceDomain,
        problems: [...(await parts.problems()), ...unread],
        policies,
        queries: queries && countsOf(queries),
        events: [...events.list()],
    };
}

/** gdnsd tells its age beside them, in seconds. */
function countsOf({ uptime: _, ...counts }: Readonly<Record<string, number>>): Record<string, number> {
    return counts;
}
