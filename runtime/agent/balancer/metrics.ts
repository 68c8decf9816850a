import type { AclStatus, AgentStatus, MemberStatus } from "../../../model/balancer/control";
import { prometheusText, type Family, type Sample } from "../prometheus";

/** The status as Prometheus wants it. Counters begin at 0 with the agent. */
export function metricsText(status: AgentStatus): string {
    const frontends = frontendsOf(status);
    const members = frontends.flatMap(({ labels, members }) =>
        members.map(([own, member]) => ({ labels: { ...labels, ...own }, ...member })),
    );
    const arrived = frontends.map(({ labels, arrived }) => ({ labels, value: arrived }));
    const decisions = frontends.flatMap(({ labels, acl }) => (acl ? decisionsOf(labels, acl) : []));
    const each = (value: (member: MemberStatus) => number | undefined): Sample[] =>
        members.flatMap(({ labels, ...member }) => {
            const found = value(member);
            return found === undefined ? [] : [{ labels, value: found }];
        });
    const probes = members.flatMap(({ labels, probes }) => (probes ? [{ labels, probes }] : []));

    return prometheusText([
        gauge("agent_info", "The gateway's agent, by the hash of its bundle.", [
            { labels: { bundle: status.bundle }, value: 1 },
        ]),
        gauge("agent_start_time_seconds", "When the agent started, since the epoch.", one(status.startedAt / 1000)),
        gauge("problems", "What keeps the gateway from serving as configured.", one(status.problems.length)),
        gauge("configuration_revision", "The configuration that serves.", one(status.revision)),
        counter(
            "applies_total",
            "Configurations that were to be applied, by what became of them.",
            Object.entries(status.applies ?? {}).map(([outcome, value]) => ({ labels: { outcome }, value })),
        ),
        counter("connections_arrived_total", "New connections that came, also those that no member got.", arrived),
        counter(
            "connections_total",
            "New connections sent to a member.",
            each(({ traffic }) => traffic?.connections),
        ),
        counter(
            "connections_answered_total",
            "New connections that the member took (SYN-ACK; tcp).",
            each(({ traffic }) => traffic?.answered),
        ),
        counter(
            "connections_refused_total",
            "New connections that the member refused (RST; tcp).",
            each(({ traffic }) => traffic?.refused),
        ),
        gauge(
            "connections_unanswered",
            "New connections that the member has neither taken nor refused, also those under way (tcp).",
            each(({ traffic }) => traffic?.unanswered),
        ),
        counter(
            "received_bytes_total",
            "Bytes of packets (with their IP headers) from clients to the member.",
            each(({ traffic }) => traffic?.received?.bytes),
        ),
        counter(
            "received_packets_total",
            "Packets from clients to the member.",
            each(({ traffic }) => traffic?.received?.packets),
        ),
        counter(
            "sent_bytes_total",
            "Bytes of packets (with their IP headers) from the member to clients.",
            each(({ traffic }) => traffic?.sent?.bytes),
        ),
        counter(
            "sent_packets_total",
            "Packets from the member to clients.",
            each(({ traffic }) => traffic?.sent?.packets),
        ),
        counter(
            "acl_packets_total",
            "First packets that an ACL's rule decided, and its default.",
            decisions.map(({ labels, packets }) => ({ labels, value: packets })),
        ),
        counter(
            "acl_bytes_total",
            "Bytes of the first packets that an ACL's rule decided, and its default.",
            decisions.map(({ labels, bytes }) => ({ labels, value: bytes })),
        ),
        gauge(
            "member_healthy",
            "Whether the member is healthy: 1 or 0.",
            each(({ status }) => Number(status === "healthy")),
        ),
        gauge(
            "member_share_ratio",
            "Part of the new connections that falls on the member: 0 to 1.",
            each(({ share }) => share),
        ),
        counter(
            "probes_total",
            "Probes of the member, by outcome: success, refusal (it said no), silence.",
            probes.flatMap(({ labels, probes: { seconds: _, ...outcomes } }) =>
                Object.entries(outcomes).map(([outcome, value]) => ({ labels: { ...labels, outcome }, value })),
            ),
        ),
        {
            name: "switchyard_probe_duration_seconds",
            type: "summary",
            help: "How long successful probes took.",
            samples: probes.flatMap(({ labels, probes: { seconds, success } }): Sample[] => [
                { labels, value: seconds, suffix: "_sum" },
                { labels, value: success, suffix: "_count" },
            ]),
        },
    ]);
}

interface FrontendMetrics {
    readonly labels: Readonly<Record<string, string>>;
    readonly arrived: number;
    readonly acl?: AclStatus;
    readonly members: readonly (readonly [Readonly<Record<string, string>>, MemberStatus])[];
}

function frontendsOf({ endpoints, loadBalancedSets }: AgentStatus): FrontendMetrics[] {
    return [
        ...Object.entries(endpoints).map(([name, { arrived = 0, acl, ...member }]) => ({
            labels: { endpoint: name },
            arrived,
            acl,
            members: [[{}, member] as const],
        })),
        ...Object.entries(loadBalancedSets).map(([name, { arrived = 0, acl, members }]) => ({
            labels: { set: name },
            arrived,
            acl,
            members: Object.entries(members).map(([member, status]) => [{ member }, status] as const),
        })),
    ];
}

function decisionsOf(labels: Readonly<Record<string, string>>, { rules, default: others }: AclStatus) {
    const ofRules = rules.map(({ order, action, remoteSubnet, packets, bytes }) => ({
        labels: { ...labels, order: String(order), action, remote_subnet: remoteSubnet },
        packets,
        bytes,
    }));
    return [...ofRules, { ...others, labels: { ...labels, order: "default", action: others.action } }];
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
    return { name: `switchyard_${name}`, type: "counter", help, samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
    return { name: `switchyard_${name}`, type: "gauge", help, samples };
}

function one(value: number): Sample[] {
    return [{ value }];
}
