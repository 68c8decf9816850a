import type { PolicyStates } from "../../../model/dns/decide";
import { endpointKey } from "../../../model/dns/observation";
import type { EndpointStatus, PolicyStatus } from "../../../model/dns/status";
import { endpointRecord, policyRecord, type Known } from "./memory";

interface Held<Status> {
    readonly status: Status;
    readonly since: number;
}

interface HeldPolicy extends Held<PolicyStatus> {
    readonly endpoints: ReadonlyMap<string, Held<EndpointStatus>>;
}

export interface StatusChange {
    readonly policy: string;
    /** Absent: the policy itself. */
    readonly endpoint?: string;
    readonly status: EndpointStatus | PolicyStatus;
}

/** Since when every policy and endpoint has the status that it has. */
export class Statuses {
    private policies: ReadonlyMap<string, HeldPolicy> = new Map();

    /** @param known what the last agent left, for those who still have that status */
    constructor(private known: ReadonlyMap<string, Known> = new Map()) {}

    policySince(policy: string): number {
        return this.policies.get(policy)?.since ?? 0;
    }

    endpointSince(policy: string, endpoint: string): number {
        return this.policies.get(policy)?.endpoints.get(endpoint)?.since ?? 0;
    }

    /** Takes over what is so now, and tells what was otherwise. What is new has not changed; what is gone is forgotten. */
    follow(states: PolicyStates, before?: PolicyStates): StatusChange[] {
        const now = Date.now();
        const changes: StatusChange[] = [];
        const policies = new Map<string, HeldPolicy>();
        for (const [policy, state] of states) {
            const held = this.policies.get(policy);
            // Whoever was not affected has the very state that it had.
            if (held && before?.get(policy) === state) {
                policies.set(policy, held);
                continue;
            }
            const endpoints = new Map<string, Held<EndpointStatus>>();
            for (const [endpoint, status] of state.endpoints) {
                const earlier =
                    held?.endpoints.get(endpoint) ?? this.known.get(endpointRecord(endpointKey(policy, endpoint)));
                endpoints.set(endpoint, { status, since: earlier?.status === status ? earlier.since : now });
                if (earlier && earlier.status !== status) changes.push({ policy, endpoint, status });
            }
            const earlier = held ?? this.known.get(policyRecord(policy));
            const { status } = state;
            policies.set(policy, { status, since: earlier?.status === status ? earlier.since : now, endpoints });
            if (earlier && earlier.status !== status) changes.push({ policy, status });
        }
        this.policies = policies;
        this.known = new Map();
        return changes;
    }

    /** As the next agent is to find them. */
    *records(): Generator<readonly [string, Held<EndpointStatus | PolicyStatus>]> {
        for (const [policy, { status, since, endpoints }] of this.policies) {
            yield [policyRecord(policy), { status, since }];
            for (const [endpoint, held] of endpoints) yield [endpointRecord(endpointKey(policy, endpoint)), held];
        }
    }
}
