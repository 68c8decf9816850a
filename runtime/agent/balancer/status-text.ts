import type { AgentStatus, MemberStatus } from "../../../model/balancer/control";
import { table, time } from "../../../model/text";

/** The status as an engineer wants to read it in a terminal: who receives connections, who does not and why, what happened. */
export function statusText({ revision, bundle, network, problems, ...status }: AgentStatus): string {
    const frontends: [string, string, MemberStatus][] = [
        ...Object.entries(status.endpoints).map(([name, member]): [string, string, MemberStatus] => [
            `endpoint ${name}`,
            "",
            member,
        ]),
        ...Object.entries(status.loadBalancedSets).flatMap(([set, { members }]) =>
            Object.entries(members).map(([name, member]): [string, string, MemberStatus] => [
                `set ${set}`,
                name,
                member,
            ]),
        ),
    ];
    const rows = frontends.map(([frontend, name, member]) => [
        frontend,
        name,
        member.container,
        member.address ?? "-",
        `${Math.round(member.share * 100)} %`,
        [health(member), ...settings(member)].join(", "),
    ]);
    return [
        `${network.virtualIp} serves configuration revision ${revision}${applied(status.appliedAt)}; agent ${bundle}`,
        ...problems.map((problem) => `problem: ${problem}`),
        "",
        ...table([["", "member", "container", "address", "share", "health"], ...rows]),
        "",
        "last changes",
        ...status.events.map(({ at, kind, message }) => `  ${time(at)}  ${kind.padEnd(9)} ${message}`),
    ].join("\n");
}

function health({ status, reason, since, latencyMs }: MemberStatus): string {
    return `${status}${reason ? `: ${reason}` : answered(latencyMs)} (since ${time(since)})`;
}

/** Why the share is not an equal part, besides health. */
function settings({ weight, adminState, priority }: MemberStatus): string[] {
    return [
        ...(weight === undefined ? [] : [`weight ${weight}`]),
        ...(adminState === undefined ? [] : [`admin state ${adminState}`]),
        ...(priority === undefined ? [] : [`priority ${priority}`]),
    ];
}

function applied(at: number | undefined): string {
    return at === undefined ? "" : ` (applied ${time(at)})`;
}

function answered(latencyMs: number | undefined): string {
    return latencyMs === undefined ? "" : `, answered in ${latencyMs} ms`;
}
