import { NOTHING, orElse, through } from "./combine";
import type { DnsConfiguration } from "./configuration";
import type { Decision } from "./decision";
import type { Candidate } from "./methods/method";
import { innermostFirst, parentsOf } from "./nesting";
import type { EndpointHealths } from "./observation";
import { preparePolicies, type PreparedPolicy } from "./prepare";
import type { EndpointStatus, PolicyStatus } from "./status";
import { endpointStatusOf, isAvailable, policyStatusOf } from "./statuses";

/** What a policy is and answers at some moment. */
export interface PolicyState {
    readonly status: PolicyStatus;
    readonly endpoints: ReadonlyMap<string, EndpointStatus>;
    readonly decision: Decision;
}

export type PolicyStates = ReadonlyMap<string, PolicyState>;

/** Decides for one configuration again and again. */
export interface Decider {
    readonly policies: ReadonlyMap<string, PreparedPolicy>;
    decide(healths: EndpointHealths): PolicyStates;
    /**
     * The same after endpoints of the policies `changed` have other healths than in `before`. Policies that this does
     * not touch keep the very states that they had.
     */
    redecide(before: PolicyStates, healths: EndpointHealths, changed: Iterable<string>): PolicyStates;
}

/** Does once what depends on the configuration alone. It must have passed `checkDns`. */
export function prepare(configuration: DnsConfiguration): Decider {
    const policies = preparePolicies(configuration);
    const nesting = new Map([...policies.values()].map((policy) => [policy.name, childrenOf(policy)]));
    const { order, loops } = innermostFirst(nesting);
    if (loops.length > 0) throw new Error(`policies lead into a loop: ${loops[0]!.join(" → ")}`);
    const position = new Map(order.map((name, index) => [name, index]));
    const parents = parentsOf(nesting);
    return {
        policies,
        decide(healths) {
            const states = new Map<string, PolicyState>();
            for (const name of order) states.set(name, stateOf(policies.get(name)!, healths, states));
            return states;
        },
        redecide(before, healths, changed) {
            const states = new Map(before);
            const affected = [...withAncestors(changed, parents)].filter((name) => policies.has(name));
            affected.sort((a, b) => position.get(a)! - position.get(b)!);
            for (const name of affected) states.set(name, stateOf(policies.get(name)!, healths, states));
            return states;
        },
    };
}

export function decide(configuration: DnsConfiguration, healths: EndpointHealths): PolicyStates {
    return prepare(configuration).decide(healths);
}

function stateOf(prepared: PreparedPolicy, healths: EndpointHealths, states: PolicyStates): PolicyState {
    const { name, policy, endpoints } = prepared;
    const statuses = new Map<string, EndpointStatus>();
    const available: Candidate[] = [];
    const degraded: Candidate[] = [];
    for (const { name: endpointName, key, endpoint, leaf } of endpoints) {
        const child = endpoint.policy === undefined ? undefined : states.get(endpoint.policy);
        const status = endpointStatusOf(policy.enabled, endpoint, healths.get(key), child);
        statuses.set(endpointName, status);
        const group = isAvailable(status) ? available : status === "Degraded" ? degraded : undefined;
        group?.push({ name: endpointName, decision: leaf ?? through(name, child!.decision) });
    }
    const decision = policy.enabled ? decisionOf(prepared, available, degraded) : NOTHING;
    return { status: policyStatusOf(policy.enabled, statuses.values()), endpoints: statuses, decision };
}

/**
 * Whoever is available; else the degraded, as if all were online. With a fallback, that is answered instead of anybody
 * degraded, and wherever else there would be no answer. Geographic asks where a client is and not how the endpoint
 * there does, as in Azure.
 */
function decisionOf(
    { policy, fallback, choose }: PreparedPolicy,
    available: readonly Candidate[],
    degraded: readonly Candidate[],
): Decision {
    if (fallback) return orElse(choose(available), fallback);
    if (policy.method === "Geographic") return choose([...available, ...degraded]);
    return choose(available.length > 0 ? available : degraded);
}

function childrenOf({ endpoints }: PreparedPolicy): string[] {
    return endpoints.flatMap(({ endpoint: { policy } }) => (policy === undefined ? [] : [policy]));
}

function withAncestors(names: Iterable<string>, parents: ReadonlyMap<string, readonly string[]>): Set<string> {
    // A set's loop reaches what is added while it runs.
    const all = new Set(names);
    for (const name of all) for (const parent of parents.get(name) ?? []) all.add(parent);
    return all;
}
