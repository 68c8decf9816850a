import type { EndpointReport, PolicyReport } from "../../../model/dns/control";
import type { PolicyStates } from "../../../model/dns/decide";
import type { PolicyEndpoint } from "../../../model/dns/endpoint";
import { endpointKey } from "../../../model/dns/observation";
import type { TrafficPolicy } from "../../../model/dns/policy";
import type { EndpointStatus } from "../../../model/dns/status";
import { targetText } from "../../../model/dns/target";
import type { EndpointMonitor } from "./endpoint-monitor";
import type { Serving } from "./serving";

/** What is told of every policy and endpoint, by policy. */
export function policyReports(serving: Serving): Record<string, PolicyReport> {
    const { configuration } = serving.applied;
    if (configuration === null) return {};
    return Object.fromEntries(
        Object.entries(configuration.policies).map(([name, policy]): [string, PolicyReport] => {
            const { status } = serving.states.get(name)!;
            const { prefix, method, ttlSeconds } = policy;
            const since = serving.statuses.policySince(name);
            const endpoints = endpointReports(serving, name, policy);
            return [name, { status, since, name: `${prefix}.${configuration.domain}`, method, ttlSeconds, endpoints }];
        }),
    );
}

function endpointReports(serving: Serving, name: string, { endpoints }: TrafficPolicy): Record<string, EndpointReport> {
    const { states, statuses, monitors } = serving;
    return Object.fromEntries(
        Object.entries(endpoints).map(([endpoint, settings]): [string, EndpointReport] => {
            const status = states.get(name)!.endpoints.get(endpoint)!;
            const monitor = monitors.get(endpointKey(name, endpoint));
            const report = {
                status,
                reason: reasonOf(settings, status, monitor, states),
                since: statuses.endpointSince(name, endpoint),
                target: targetText(settings),
                latencyMs: monitor?.latencyMs,
                probes: monitor && { ...monitor.probes },
            };
            return [endpoint, report];
        }),
    );
}

/** Why an endpoint has its status; empty where that says it all. */
export function reasonOf(
    { policy, alwaysServe }: PolicyEndpoint,
    status: EndpointStatus,
    monitor: EndpointMonitor | undefined,
    states: PolicyStates,
): string {
    if (status === "Inactive") return "its policy is disabled";
    if (status === "Disabled") return "";
    const child = policy === undefined ? undefined : states.get(policy);
    if (!child) return monitor?.reason ?? (alwaysServe ? "always served, not probed" : "");
    const online = [...child.endpoints.values()].filter((status) => status === "Online").length;
    return `policy ${policy} is ${child.status}, ${online} of its ${child.endpoints.size} endpoints Online`;
}
