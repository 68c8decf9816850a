import { dnsConfiguration, type DnsConfiguration } from "../../../model/dns/configuration";
import type { Decision } from "../../../model/dns/decision";
import { endpointKey, type EndpointHealth, type EndpointHealths } from "../../../model/dns/observation";

export const MONITOR = { protocol: "http", path: "/" };

/** A configuration in which nothing contradicts, with these policies and whatever else is given. */
export function given(policies: Record<string, object>, rest: object = {}): Record<string, unknown> {
    return {
        domain: "trafficmanager.example",
        cloudServiceDomain: "cloudapp.example",
        nameServers: { ns1: { hostName: "ns1.trafficmanager.example", addresses: ["192.0.2.53"] } },
        cloudServices: {
            "contoso-east": { addresses: ["192.0.2.1"], location: "eastus" },
            "contoso-west": { addresses: ["192.0.2.2", "2001:db8::2"], location: "westus" },
        },
        geoDatabase: "sha256:0",
        policies,
        ...rest,
    };
}

export function configured(policies: Record<string, object>, rest: object = {}): DnsConfiguration {
    return dnsConfiguration.parse(given(policies, rest));
}

/** A policy whose prefix is its name; only what is under test need be given. */
export function policy(prefix: string, method: string, endpoints: Record<string, object>, rest: object = {}): object {
    return { prefix, method, monitor: MONITOR, endpoints, ...rest };
}

export function address(index: number): string {
    return `198.51.${Math.floor(index / 250) + 1}.${(index % 250) + 1}`;
}

const HEALTHS = { o: "online", d: "degraded", c: "checking" } as const;

/** Healths of the endpoints of `name` by letters in order: o(nline), d(egraded), c(hecking), - (not probed yet). */
export function healths(configuration: DnsConfiguration, letters: Record<string, string>): EndpointHealths {
    const entries = Object.entries(letters).flatMap(([name, pattern]) =>
        Object.keys(configuration.policies[name]!.endpoints).flatMap((endpoint, index): [string, EndpointHealth][] => {
            const letter = pattern[index] as keyof typeof HEALTHS | "-";
            return letter === "-" ? [] : [[endpointKey(name, endpoint), HEALTHS[letter]]];
        }),
    );
    return new Map(entries);
}

/** A decision in one line: `1 east, 3 west`, `2 of a b c`, `{east: …, west: …}`. */
export function decisionText(decision: Decision): string {
    switch (decision.kind) {
        case "nothing":
            return "nothing";
        case "endpoint":
            return [...decision.policies.slice(1), decision.endpoint ?? "fallback"].join("/");
        case "random":
            return decision.choices.map(({ weight, of }) => `${weight} ${decisionText(of)}`).join(", ");
        case "several":
            return `${decision.atMost} of ${decision.of.map(decisionText).join(" ")}`;
        case "byClient": {
            const cases = Object.entries(decision.cases).map(
                ([name, of]) => `${name || "others"}: ${decisionText(of)}`,
            );
            return `{${cases.join("; ")}}`;
        }
    }
}
