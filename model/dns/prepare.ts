import type { Chosen, Classifier } from "./decision";
import type { DnsConfiguration } from "./configuration";
import type { PolicyEndpoint } from "./endpoint";
import { geographyOf, locationsOf } from "./geography";
import { failover } from "./methods/failover";
import { mapped, placeClassifier, subnetClassifier } from "./methods/mapped";
import type { Choose } from "./methods/method";
import { multiValue } from "./methods/multiValue";
import { performance } from "./methods/performance";
import { evenly, weighted } from "./methods/random";
import { endpointKey } from "./observation";
import type { TrafficPolicy } from "./policy";
import { proximity, type Proximity } from "./proximity";
import { targetOf } from "./target";

export interface PreparedEndpoint {
    readonly name: string;
    readonly key: string;
    readonly endpoint: PolicyEndpoint;
    /** What clients are told of it; a nested policy has answers of its own. */
    readonly leaf: Chosen | undefined;
}

/** A policy with all that follows from the configuration alone. */
export interface PreparedPolicy {
    readonly name: string;
    readonly policy: TrafficPolicy;
    readonly endpoints: readonly PreparedEndpoint[];
    readonly fallback: Chosen | undefined;
    readonly choose: Choose;
    /** By which the method itself tells clients apart, if it does. */
    readonly classifier?: Classifier | undefined;
}

export function preparePolicies(configuration: DnsConfiguration): Map<string, PreparedPolicy> {
    const chooser = methods(configuration);
    const { cloudServiceDomain } = configuration;
    const prepared = Object.entries(configuration.policies).map(([name, policy]): [string, PreparedPolicy] => {
        const endpoints = Object.entries(policy.endpoints).map(([endpoint, settings]): PreparedEndpoint => {
            const target = targetOf(settings, cloudServiceDomain);
            const leaf: Chosen | undefined = target && { kind: "endpoint", policies: [name], endpoint, target };
            return { name: endpoint, key: endpointKey(name, endpoint), endpoint: settings, leaf };
        });
        const target = policy.fallback && targetOf(policy.fallback, cloudServiceDomain);
        const fallback: Chosen | undefined = target && { kind: "endpoint", policies: [name], target };
        return [name, { name, policy, endpoints, fallback, ...chooser(policy) }];
    });
    return new Map(prepared);
}

/** Policies that divide clients alike share one classifier. */
function methods(
    configuration: DnsConfiguration,
): (policy: TrafficPolicy) => Pick<PreparedPolicy, "choose" | "classifier"> {
    const classifiers = new Map<string, Classifier>();
    const shared = (classifier: Classifier) => memoized(classifiers, JSON.stringify(classifier), () => classifier);
    const proximities = new Map<string, Proximity>();
    const geography = geographyOf(configuration);
    return (policy) => {
        switch (policy.method) {
            case "RoundRobin":
                return { choose: evenly };
            case "Weighted":
                return { choose: weighted(policy) };
            case "Failover":
                return { choose: failover(policy) };
            case "MultiValue":
                return { choose: multiValue(policy) };
            case "Subnet":
                return clientwise(shared(subnetClassifier(policy)));
            case "Geographic":
                return clientwise(shared(placeClassifier(policy)));
            case "Performance": {
                const locations = locationsOf(policy, configuration);
                const names = [...new Set(locations.values())].sort();
                const near = memoized(proximities, names.join(), () => proximity(names, geography));
                return { choose: performance(locations, near), classifier: near.classifier };
            }
        }
    };
}

function clientwise(classifier: Classifier): { choose: Choose; classifier: Classifier } {
    return { choose: mapped(classifier), classifier };
}

function memoized<T>(memory: Map<string, T>, key: string, make: () => T): T {
    const known = memory.get(key);
    if (known !== undefined) return known;
    const made = make();
    memory.set(key, made);
    return made;
}
