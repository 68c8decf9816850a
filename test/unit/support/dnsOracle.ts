import { codesOf, COUNTRIES } from "../../../model/dns/countries";
import type { Client } from "../../../model/dns/client";
import type { DnsConfiguration } from "../../../model/dns/configuration";
import { distanceKm } from "../../../model/dns/distance";
import { REGIONS } from "../../../model/dns/regions";
import { addressToNumber, familyOf, rangeOf } from "../../../model/dns/subnet";
import type { PolicyStates } from "../../../model/dns/decide";

/** Part of a client's answers by who gives them: `["contoso/canary/v2", 0.05]`. */
export type Answers = Map<string, number>;

/**
 * What a client is answered, by the rules taken literally: one policy after another, without any normal form. Statuses
 * are given.
 */
export function answersOf(
    configuration: DnsConfiguration,
    states: PolicyStates,
    name: string,
    client: Client,
): Answers {
    const policy = configuration.policies[name]!;
    if (!policy.enabled) return new Map();
    const statuses = states.get(name)!.endpoints;
    const having = (...wanted: string[]) =>
        Object.keys(policy.endpoints).filter((endpoint) => wanted.includes(statuses.get(endpoint)!));
    const available = having("Online", "CheckingEndpoint");
    const degraded = policy.fallback ? [] : having("Degraded");
    const usable = available.length > 0 ? available : degraded;
    const answersBy = (endpoint: string): Answers => {
        const child = policy.endpoints[endpoint]!.policy;
        if (child === undefined) return new Map([[`${name}/${endpoint}`, 1]]);
        const inner = answersOf(configuration, states, child, client);
        return new Map([...inner].map(([key, odds]) => [`${name}/${key}`, odds]));
    };
    const mix = (endpoints: readonly string[], weight: (endpoint: string) => number): Answers => {
        const all = endpoints.map((endpoint) => ({ answers: answersBy(endpoint), weight: weight(endpoint) }));
        const answering = all.filter(({ answers }) => answers.size > 0);
        const total = answering.reduce((sum, { weight }) => sum + weight, 0);
        return new Map(
            answering.flatMap(({ answers, weight }) =>
                [...answers].map(([key, odds]): [string, number] => [key, (odds * weight) / total]),
            ),
        );
    };
    const evenly = (endpoints: readonly string[]) => mix(endpoints, () => 1);
    const only = (endpoint: string | undefined, among: readonly string[]): Answers =>
        endpoint !== undefined && among.includes(endpoint) ? answersBy(endpoint) : new Map();

    const chosen = (): Answers => {
        switch (policy.method) {
            case "RoundRobin":
            case "MultiValue":
                return evenly(usable);
            case "Weighted": {
                const weight = (endpoint: string) => policy.endpoints[endpoint]!.weight;
                const weighty = usable.filter((endpoint) => weight(endpoint) > 0);
                return weighty.length > 0 ? mix(weighty, weight) : evenly(usable);
            }
            case "Failover":
                return only(
                    [...usable].sort((a, b) => policy.endpoints[a]!.priority - policy.endpoints[b]!.priority)[0],
                    usable,
                );
            case "Subnet": {
                const enabled = Object.entries(policy.endpoints).filter(([, { enabled }]) => enabled);
                const match = enabled.find(([, { subnets = [] }]) =>
                    subnets.some((text) => holds(text, client.address)),
                );
                const other = enabled.find(([, { subnets = [] }]) => subnets.length === 0);
                return only((match ?? other)?.[0], usable);
            }
            case "Geographic": {
                const enabled = Object.entries(policy.endpoints).filter(([, { enabled }]) => enabled);
                for (const code of [...codesOf(client.place ?? {}), "WORLD"]) {
                    const match = enabled.find(([, { places }]) => places.includes(code));
                    if (match) return only(match[0], [...available, ...degraded]);
                }
                return new Map();
            }
            case "Performance": {
                const table = Object.entries(configuration.latencies ?? {}).find(([text]) =>
                    holds(text, client.address),
                );
                const at = (endpoint: string) => policy.endpoints[endpoint]!.location!;
                const center = COUNTRIES[client.place?.country ?? ""]?.center;
                const cost = (endpoint: string): number => {
                    if (table) return table[1][at(endpoint)] ?? Infinity;
                    return center ? distanceKm(center, REGIONS[at(endpoint)]!) : 0;
                };
                const nearest = Math.min(...usable.map(cost));
                return evenly(usable.filter((endpoint) => cost(endpoint) === nearest));
            }
        }
    };
    const answers = chosen();
    if (answers.size === 0 && policy.fallback) return new Map([[`${name}/fallback`, 1]]);
    return answers;
}

function holds(text: string, address: string): boolean {
    const { family, first, last } = rangeOf(text)!;
    const value = addressToNumber(address);
    return family === familyOf(address) && first <= value && value <= last;
}
