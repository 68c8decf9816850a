import type { DnsStatus, EndpointReport } from "../../../model/dns/control";
import { table, time } from "../../../model/text";

/** The status as an engineer wants to read it in a terminal: which names are answered with whom, and why. */
export function statusText(status: DnsStatus): string {
    const { revision, appliedAt, bundle, domain, cloudServiceDomain, problems, queries } = status;
    const zones = [domain, cloudServiceDomain].filter((zone) => zone !== undefined);
    const rows = Object.values(status.policies).flatMap(({ name, method, ttlSeconds, endpoints, ...policy }) => [
        [name, `${method}, TTL ${ttlSeconds} s`, "", `${policy.status} (since ${time(policy.since)})`],
        ...Object.entries(endpoints).map(([endpoint, report]) => ["", endpoint, report.target, health(report)]),
    ]);
    return [
        `${zones.join(" and ") || "no zone"}: serves configuration revision ${revision}${appliedAt === undefined ? "" : ` (applied ${time(appliedAt)})`}; agent ${bundle}`,
        ...problems.map((problem) => `problem: ${problem}`),
        "",
        ...table([["policy", "endpoint", "target", "status"], ...rows]),
        ...(queries ? ["", `queries since gdnsd started: ${counted(queries)}`] : []),
        "",
        "last changes",
        ...status.events.map(({ at, kind, message }) => `  ${time(at)}  ${kind.padEnd(9)} ${message}`),
    ].join("\n");
}

function health({ status, reason, since, latencyMs }: EndpointReport): string {
    const answered = latencyMs === undefined ? "" : `, answered in ${latencyMs} ms`;
    return `${status}${reason === "" ? answered : `: ${reason}`} (since ${time(since)})`;
}

function counted(queries: Readonly<Record<string, number>>): string {
    const counts = Object.entries(queries).filter(([, count]) => count > 0);
    return counts.map(([kind, count]) => `${kind} ${count}`).join(", ") || "none";
}
