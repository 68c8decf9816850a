import type { Matched } from "../client";
import type { PreparedEndpoint, PreparedPolicy } from "../prepare";
import { isAvailable } from "../statuses";
import type { EndpointStatus } from "../status";
import { targetText } from "../target";

/** What is known of an endpoint for a client. */
export interface Considered {
    readonly endpoint: PreparedEndpoint;
    readonly status: EndpointStatus;
    /** Whether any of the client's answers lead there. */
    readonly eligible: boolean;
    readonly location: string | undefined;
    /** By what a Geographic or Subnet policy has it for the client; undefined where that is another one, or nobody. */
    readonly matched: Matched | undefined;
}

/** Why an endpoint is answered to a client, or is not. `all` are those of the policy. */
export function why(prepared: PreparedPolicy, one: Considered, all: readonly Considered[]): string {
    const { status, endpoint } = one;
    if (status === "Disabled") return "is disabled";
    if (status === "Inactive") return "the policy is disabled";
    if (status === "Stopped") return `${targetText(endpoint.endpoint)} is disabled, or has nobody to answer`;
    if (one.eligible) return whyChosen(prepared, one, all);
    return isPassedOver(prepared, one, all) ? `is ${status}` : whyNotChosen(prepared, one, all);
}

/** Whether it is out for its status, and not by the method. */
function isPassedOver({ policy }: PreparedPolicy, { status }: Considered, all: readonly Considered[]): boolean {
    if (isAvailable(status)) return false;
    if (policy.fallback) return true;
    return policy.method !== "Geographic" && all.some(({ status }) => isAvailable(status));
}

function whyChosen({ policy }: PreparedPolicy, one: Considered, all: readonly Considered[]): string {
    const name = one.endpoint.name;
    const chosen = all.filter(({ eligible }) => eligible);
    switch (policy.method) {
        case "RoundRobin":
            return chosen.length === 1 ? "the only one that may be answered" : `one of ${chosen.length}, evenly`;
        case "MultiValue":
            return `one of ${chosen.length}, of which an answer holds at most ${policy.maxReturn}`;
        case "Weighted": {
            const weight = policy.endpoints[name]!.weight;
            if (weight === 0) return "weight 0, the last resort: nobody with a weight may be answered";
            return `weight ${weight} of ${chosen.reduce((sum, { endpoint }) => sum + policy.endpoints[endpoint.name]!.weight, 0)}`;
        }
        case "Failover":
            return `priority ${policy.endpoints[name]!.priority}, the lowest that may be answered`;
        case "Performance":
            return `in ${one.location}, the nearest location where anybody may be answered`;
        case "Geographic":
            return `${placeOf(one.matched)} is the most specific code that holds for the client`;
        case "Subnet":
            return isForOthers(policy.endpoints[name]!)
                ? "is for clients in nobody's subnets"
                : "its subnets hold the client";
    }
}

function whyNotChosen({ policy }: PreparedPolicy, one: Considered, all: readonly Considered[]): string {
    const name = one.endpoint.name;
    const chosen = all.filter(({ eligible }) => eligible);
    const withoutAnswer = `${targetText(one.endpoint.endpoint)} has no answer for this client`;
    switch (policy.method) {
        case "RoundRobin":
        case "MultiValue":
            return withoutAnswer;
        case "Weighted":
            if (policy.endpoints[name]!.weight > 0 || chosen.length === 0) return withoutAnswer;
            return "weight 0: only while nobody with a weight may be answered";
        case "Failover": {
            const first = all.filter(({ status }) => isAvailable(status) === isAvailable(one.status));
            const { priority } = policy.endpoints[name]!;
            const before = first.filter(({ endpoint }) => policy.endpoints[endpoint.name]!.priority < priority);
            if (before.length === 0) return withoutAnswer;
            return `priority ${priority}: only while ${before.map(({ endpoint }) => endpoint.name).join(", ")} may not be answered`;
        }
        case "Performance":
            if (chosen.length === 0 || chosen.some(({ location }) => location === one.location)) return withoutAnswer;
            return `in ${one.location}, which is farther from the client`;
        case "Geographic":
            return one.matched ? withoutAnswer : "another code holds for the client, or none";
        case "Subnet":
            if (one.matched) return withoutAnswer;
            return isForOthers(policy.endpoints[name]!)
                ? "is for clients in nobody's subnets"
                : "its subnets do not hold the client";
    }
}

function isForOthers({ subnets }: { readonly subnets?: readonly string[] | undefined }): boolean {
    return subnets === undefined || subnets.length === 0;
}

/** Whom no other code holds, WORLD does (methods/mapped.ts). */
function placeOf(matched: Matched | undefined): string {
    return matched?.by === "place" ? matched.code : "WORLD";
}
