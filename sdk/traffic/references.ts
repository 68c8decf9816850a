import type { Input } from "@pulumi/pulumi";
import { factsOf, kindOf } from "../internal/brand";
import { describe, isEventual, notA, type Problem } from "../internal/problems";
import type { CloudService } from "../cloudService";
import type { TrafficPolicy } from "../trafficPolicy";
import type { AnswerArgs, CloudServiceReference, PolicyEndpointArgs } from "./endpointArgs";

/** A cloud service as its clients know it, whoever makes it. */
export interface KnownCloudService {
    readonly name: string;
    readonly address: Input<string>;
    readonly location: Input<string> | undefined;
    /** What the program gave: two cloud services are told apart by it. */
    readonly given: object;
}

export function knownCloudService(given: CloudService | CloudServiceReference): KnownCloudService {
    const facts = factsOf(given, "CloudService");
    if (facts) return { name: facts.name, address: facts.advertisedAddress, location: facts.location, given };
    const { name, address, location } = given as CloudServiceReference;
    return { name, address, location, given };
}

/** The same cloud service, or two that say the same of themselves. */
export function isSameCloudService(one: KnownCloudService, other: KnownCloudService): boolean {
    if (one.given === other.given) return true;
    return one.name === other.name && one.address === other.address && one.location === other.location;
}

/** In the state a reference is the name of what it refers to. */
export function withNames(args: PolicyEndpointArgs): Record<string, unknown> {
    const { cloudService, policy } = args;
    return {
        ...args,
        ...(cloudService && { cloudService: knownCloudService(cloudService).name }),
        ...(policy && { policy: factsOf(policy, "TrafficPolicy")!.name }),
    };
}

/** What all of these lead to. */
export function referencesOf(endpoints: readonly (AnswerArgs & { policy?: TrafficPolicy })[]): {
    cloudServices: KnownCloudService[];
    policies: TrafficPolicy[];
} {
    return {
        cloudServices: endpoints.flatMap(({ cloudService }) => (cloudService ? knownCloudService(cloudService) : [])),
        policies: endpoints.flatMap(({ policy }) => policy ?? []),
    };
}

/** What is wrong with the references of an endpoint; its values are for the provider's check to judge. */
export function problemsOfEndpoint(path: string, endpoint: unknown): Problem[] {
    if (typeof endpoint !== "object" || endpoint === null || Array.isArray(endpoint) || isEventual(endpoint))
        return [`${path}: must be an object such as { hostName: "www.contoso.com" } (got ${describe(endpoint)})`];
    const kind = kindOf(endpoint);
    if (kind) return [`${path}: must be an object such as ${exampleFor(kind)} (got ${describe(endpoint)})`];
    const { cloudService, policy } = endpoint as PolicyEndpointArgs;
    return [
        ...(cloudService === undefined ? [] : problemsOfCloudService(`${path}.cloudService`, cloudService)),
        ...(policy === undefined ? [] : notA("TrafficPolicy", `${path}.policy`, policy)),
    ];
}

function exampleFor(kind: string): string {
    if (kind === "CloudService") return "{ cloudService: … }";
    return kind === "TrafficPolicy" ? "{ policy: … }" : '{ hostName: "www.contoso.com" }';
}

/** What is wrong with a value that should be a cloud service. */
export function problemsOfCloudService(path: string, value: unknown): Problem[] {
    if (kindOf(value) === "CloudService") return [];
    const isPlain = typeof value === "object" && value !== null && !kindOf(value) && !isEventual(value);
    if (!isPlain) return [`${path}: must be a CloudService, or its { name, address } (got ${describe(value)})`];
    const { name, address } = value as Partial<CloudServiceReference>;
    return [
        ...(typeof name === "string" && name !== ""
            ? []
            : [`${path}.name: must be the name of a cloud service (got ${describe(name)})`]),
        ...(address === undefined ? [`${path}.address: is required`] : []),
    ];
}
