import type { PolicyState, PolicyStates } from "../../../model/dns/decide";
import { endpointKey } from "../../../model/dns/observation";
import type { EndpointStatus, PolicyStatus } from "../../../model/dns/status";
import { endpointRecord, policyRecord, type Known } from "./memory";

interface Record {
    readonly status: EndpointStatus | PolicyStatus;
    readonly since: number;
}

export interface StatusChange {
    readonly policy: string;
    /** Absent: the policy itself. */
    readonly endpoint?: string;
    readonly status: EndpointStatus | PolicyStatus;
}

/** Since when every policy and endpoint has the status that it has. */
export class Statuses {
    private records: Map<string, Record>;

    constructor(known: ReadonlyMap<string, Known>) {
        this.records = new Map([...known].map(([record, { status, since }]) => [record, { status, since }]));
    }

    policySince(policy: string): number {
        return this.records.get(policyRecord(policy))?.since ?? 0;
    }

    endpointSince(policy: string, endpoint: string): number {
        return this.records.get(endpointRecord(endpointKey(policy, endpoint)))?.since ?? 0;
    }

    /** Takes over what is so now, and tells what was otherwise. What is new has not changed. */
    follow(states: PolicyStates, before?: PolicyStates): StatusChange[] {
        const now = Date.now();
        const changes: StatusChange[] = [];
        for (const [policy, state] of states) {
            // Whoever was not affected has the very state that it had.
            if (before?.get(policy) === state) continue;
            for (const change of ofPolicy(policy, state)) {
                const { endpoint, status } = change;
                const record =
                    endpoint === undefined ? policyRecord(policy) : endpointRecord(endpointKey(policy, endpoint));
                const earlier = this.records.get(record);
                if (earlier?.status === status) continue;
                this.records.set(record, { status, since: now });
                if (earlier) changes.push(change);
            }
        }
        return changes;
    }

    /** Forgets who is not there any more. */
    keepOnly(states: PolicyStates): void {
        const kept = new Map<string, Record>();
        for (const [policy, { endpoints }] of states) {
            const names = [...endpoints.keys()].map((endpoint) => endpointRecord(endpointKey(policy, endpoint)));
            for (const name of [policyRecord(policy), ...names]) kept.set(name, this.records.get(name)!);
        }
        this.records = kept;
    }

    all(): ReadonlyMap<string, Record> {
        return this.records;
    }
}

/** Its endpoints first: they are the reason. */
function ofPolicy(policy: string, { status, endpoints }: PolicyState): StatusChange[] {
    const ofEndpoints = [...endpoints].map(([endpoint, status]) => ({ policy, endpoint, status }));
    return [...ofEndpoints, { policy, status }];
}
