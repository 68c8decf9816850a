import { createHash } from "node:crypto";
import type { DnsConfiguration } from "../../../model/dns/configuration";
import type { PolicyEndpoint } from "../../../model/dns/endpoint";
import { monitorPort, monitorProbe, monitorTiming, type Monitor } from "../../../model/dns/monitor";
import { endpointKey } from "../../../model/dns/observation";
import { familyOf } from "../../../model/dns/subnet";
import { cloudServiceName } from "../../../model/dns/target";
import { probeQuestion, type ActiveProbe, type ProbeTiming } from "../../../model/health/probe";

/** Whom to ask: any of these addresses, or those that a name has at the time. */
export type Asked = { readonly addresses: readonly string[] } | { readonly hostName: string };

/** What the monitor of a policy asks one of its endpoints. */
export interface Question {
    readonly key: string;
    readonly policy: string;
    readonly endpoint: string;
    readonly whom: Asked;
    readonly port: number;
    readonly probe: ActiveProbe;
    readonly timing: ProbeTiming;
    /** Whoever answers at another target says nothing about this one. */
    readonly target: string;
    /** Two questions that are asked the same of one target have one answer. Tells of secrets only that they are the same. */
    readonly asked: string;
}

/** The endpoints that are probed. */
export function questionsOf(configuration: DnsConfiguration | null): Question[] {
    if (configuration === null) return [];
    // Most questions of a policy, and of all, have the same details.
    const hashes = new Map<string, string>();
    const hashOf = (details: string) => {
        const known = hashes.get(details) ?? createHash("sha256").update(details).digest("hex").slice(0, 16);
        hashes.set(details, known);
        return known;
    };
    return Object.entries(configuration.policies).flatMap(([policy, { enabled, monitor, endpoints }]) => {
        if (!enabled || !monitor) return [];
        return Object.entries(endpoints).flatMap(([name, endpoint]) => {
            const place = endpoint.enabled && !endpoint.alwaysServe ? placeOf(endpoint, configuration) : undefined;
            return place ? [questionOf(policy, name, endpoint, monitor, place, hashOf)] : [];
        });
    });
}

interface Place {
    readonly whom: Asked;
    /** How its clients call it. */
    readonly host: string;
}

/** Undefined for a policy, whose own endpoints are asked. */
function placeOf(
    { cloudService, hostName, address }: PolicyEndpoint,
    { cloudServices, cloudServiceDomain }: DnsConfiguration,
): Place | undefined {
    if (hostName !== undefined) return { whom: { hostName }, host: hostName };
    if (address !== undefined)
        return { whom: { addresses: [address] }, host: familyOf(address) === 6 ? `[${address}]` : address };
    if (cloudService === undefined) return undefined;
    const addresses = cloudServices[cloudService]?.addresses ?? [];
    return { whom: { addresses }, host: cloudServiceName(cloudService, cloudServiceDomain ?? "") };
}

function questionOf(
    policy: string,
    endpoint: string,
    { headers }: PolicyEndpoint,
    monitor: Monitor,
    { whom, host }: Place,
    hashOf: (details: string) => string,
): Question {
    const port = monitorPort(monitor);
    const probe = monitorProbe(monitor, host, headers);
    const { target, details = "" } = probeQuestion(probe, port);
    return {
        key: endpointKey(policy, endpoint),
        policy,
        endpoint,
        whom,
        port,
        probe,
        timing: monitorTiming(monitor),
        target: "hostName" in whom ? whom.hostName : [...whom.addresses].sort().join(","),
        asked: `${target} ${hashOf(details)}`,
    };
}
