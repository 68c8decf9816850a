import { aclDefault } from "../../../model/balancer/acl";
import { memberKey } from "../../../model/balancer/observation";
import type { Plan } from "../../../model/balancer/plan";
import type { Acl } from "../../../model/balancer/frontend";
import type { MemberTraffic } from "../../../model/balancer/traffic";
import type { AclStatus, AgentStatus, MemberStatus } from "../../../model/balancer/control";
import type { Protocol } from "../../../model/schema/fields";
import type { AclCounts } from "../../balancer";
import type { BalancerApplies } from "./apply";
import type { Balancer } from "./balancer";
import type { EventLog } from "../events";
import type { Kernel } from "./kernel";
import type { Meter } from "./meter";
import type { Settings } from "./settings";

export interface StatusParts {
    readonly settings: Settings;
    readonly startedAt: number;
    readonly balancer: Balancer;
    readonly kernel: Kernel;
    readonly meter: Meter;
    readonly applies: BalancerApplies;
    readonly events: EventLog;
    readonly problems: () => Promise<string[]>;
}

/** What an engineer asks first: what serves, who is healthy, and what is wrong. */
export async function agentStatus(parts: StatusParts): Promise<AgentStatus> {
    const { settings, startedAt, balancer, kernel, meter, applies, events } = parts;
    await meter.look();
    // All of one moment: another configuration may begin to serve while the kernel is being read.
    const { watches } = balancer;
    const { revision, appliedAt, configuration } = balancer.applied;
    const share = shares(balancer.plan);
    const unread: string[] = [];
    const counts: AclCounts = await (balancer.plan ? kernel.aclCounts(balancer.plan) : noCounts()).catch(
        (error: Error) => {
            unread.push(`what ACLs decided cannot be read: ${error.message}`);
            return noCounts();
        },
    );

    const memberStatus = (key: string, frontend: string): MemberStatus => {
        const { status, member } = watches.get(key)!;
        return {
            ...status,
            share: share.get(`${frontend} ${status.address}`) ?? 0,
            traffic: trafficOf(member.protocol, meter.ofMember(key), configuration.metrics !== undefined),
        };
    };
    const endpoints = mapValues(configuration.endpoints, ({ acl }, name) => ({
        ...memberStatus(memberKey("endpoint", name), `endpoint/${name}`),
        arrived: meter.arrivedAt(`endpoint/${name}`),
        acl: aclStatus(acl, counts.get(`endpoint/${name}`)),
    }));
    const loadBalancedSets = mapValues(configuration.loadBalancedSets, ({ members, acl }, set) => ({
        arrived: meter.arrivedAt(`set/${set}`),
        members: mapValues(members, (_, name) => memberStatus(memberKey("set", set, name), `set/${set}`)),
        acl: aclStatus(acl, counts.get(`set/${set}`)),
    }));
    return {
        bundle: settings.bundle,
        startedAt,
        revision,
        appliedAt,
        applies: { ...applies.outcomes },
        network: settings.network,
        problems: [...(await parts.problems()), ...unread],
        endpoints,
        loadBalancedSets,
        events: [...events.list()],
    };
}

/** Of udp nothing tells whether it was answered. */
function trafficOf(protocol: Protocol, traffic: MemberTraffic, isMeasured: boolean): MemberStatus["traffic"] {
    const { connections, answered, refused } = traffic;
    const received = { packets: traffic.receivedPackets, bytes: traffic.receivedBytes };
    const sent = { packets: traffic.sentPackets, bytes: traffic.sentBytes };
    const measured = isMeasured ? { received, sent } : {};
    if (protocol === "udp") return { connections, ...measured };
    const unanswered = Math.max(0, connections - answered - refused);
    return { connections, answered, refused, unanswered, ...measured };
}

async function noCounts(): Promise<AclCounts> {
    return new Map();
}

/** Rules in the order in which they decide. Nothing where there are none, or what they decided is not known. */
function aclStatus(acl: Acl | undefined, counts: ReturnType<AclCounts["get"]>): AclStatus | undefined {
    if (!acl || !counts) return undefined;
    const count = (order?: number) => counts.get(order) ?? { packets: 0, bytes: 0 };
    const rules = Object.entries(acl).map(([order, rule]) => ({
        order: Number(order),
        ...rule,
        ...count(Number(order)),
    }));
    return {
        rules: rules.sort((a, b) => a.order - b.order),
        default: { action: aclDefault(acl), ...count() },
    };
}

/** Part of a frontend's slots that each machine has: `set/http 10.80.1.4` → 0.25. */
function shares(plan: Plan | undefined): Map<string, number> {
    const shares = new Map<string, number>();
    for (const [name, table] of plan?.tables ?? []) {
        for (const destination of table) {
            if (!destination) continue;
            const key = `${name} ${destination.address}`;
            shares.set(key, (shares.get(key) ?? 0) + 1 / table.length);
        }
    }
    return shares;
}

function mapValues<V, W>(map: Readonly<Record<string, V>>, change: (value: V, key: string) => W): Record<string, W> {
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}
