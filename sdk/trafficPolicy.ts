import * as pulumi from "@pulumi/pulumi";
import { detectionWithin, mayBeProbed } from "../model/dns/divert";
import { formatPath } from "../model/schema/problems";
import { brand, factsOf, isKind } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { describe, isEventual, problemsOfArguments, refuse, type Problem, type Properties } from "./internal/problems";
import { allRegistered } from "./internal/registered";
import type { PolicyEndpointArgs } from "./traffic/endpointArgs";
import type { TrafficPolicyArgs } from "./traffic/policyArgs";
import { problemsOfPriorities, withPriorities } from "./traffic/priorities";
import { problemsOfEndpoint, referencesOf, withNames } from "./traffic/references";

/**
 * A DNS name, and the rule by which it is answered: a method, a TTL, a monitor, and endpoints (cloud services, other
 * names, addresses, other policies).
 *
 * A policy declares: it takes effect through the `TrafficManager` that lists it, or that lists a policy of which it is
 * an endpoint. Its state names what it refers to.
 *
 * @example
 * ```ts
 * const policy = new switchyard.TrafficPolicy("contoso", {
 *     method: "Failover",
 *     ttlSeconds: 30,
 *     monitor: { protocol: "http", path: "/healthz" },
 *     endpoints: { east: { cloudService: east }, west: { cloudService: west } },
 * });
 * ```
 */
export class TrafficPolicy extends pulumi.CustomResource {
    /** Its name under the traffic manager's domain; `trafficManager.fqdn(policy)` is the whole name. */
    declare readonly prefix: pulumi.Output<string>;
    /** Seconds that resolvers keep an answer. */
    declare readonly ttlSeconds: pulumi.Output<number>;
    /**
     * Seconds from the failure of an endpoint until no client is sent there any more, at most, rounded up to tenths: until
     * the slowest monitor is sure, 0.1 to change the answer, and this policy's TTL. The monitors are its own, where it
     * probes endpoints of its own, and those of the policies nested in it. Undefined where none of them probes.
     */
    declare readonly timeToDivert: pulumi.Output<number | undefined>;

    /**
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: TrafficPolicyArgs, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("TrafficPolicy");
        refuse(problemsOfArguments(args, PROPERTIES, problemsOf), type, name, options);
        const { method, fallback } = args;
        const endpoints: Record<string, PolicyEndpointArgs> =
            method === "Failover" ? withPriorities(args.endpoints) : args.endpoints;
        const named = Object.fromEntries(
            Object.entries(endpoints).map(([key, endpoint]) => [key, withNames(endpoint)]),
        );
        const { method: _, ...given } = {
            enabled: undefined,
            ttlSeconds: undefined,
            monitor: undefined,
            maxReturn: undefined,
            ...args,
            prefix: args.prefix ?? name.toLowerCase(),
            endpoints: named,
            fallback: fallback && withNames(fallback),
        };
        const references = referencesOf([...Object.values(endpoints), ...(fallback ? [fallback] : [])]);
        const nested = references.policies.filter((policy) => factsOf(policy, "TrafficPolicy")!.probes);
        const inputs = { timeToDivert: undefined, method, ...given, nestedDetectionSeconds: slowestOf(nested) };
        super(type, name, properties("TrafficPolicy", name, inputs, [], options), options);
        brand(this, "TrafficPolicy", {
            name,
            method,
            resource: this,
            settings: { method, ...allRegistered(this, given) },
            ...references,
            probes: nested.length > 0 || (args.monitor !== undefined && Object.values(endpoints).some(mayBeProbed)),
            domains: [],
        });
    }

    /** Whether the value is a traffic policy, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is TrafficPolicy {
        return isKind(value, "TrafficPolicy");
    }
}

/** Seconds until the slowest monitor of these policies, and of those nested in them, is sure. */
function slowestOf(policies: readonly TrafficPolicy[]): pulumi.Output<number> | undefined {
    if (policies.length === 0) return undefined;
    const detections = policies.map(({ timeToDivert, ttlSeconds }) =>
        pulumi.all([timeToDivert, ttlSeconds]).apply(([total, ttl]) => (total ? detectionWithin(total, ttl) : 0)),
    );
    return pulumi.all(detections).apply((all) => Math.max(...all));
}

const PROPERTIES: Properties<TrafficPolicyArgs> = {
    method: true,
    endpoints: true,
    prefix: true,
    enabled: true,
    ttlSeconds: true,
    monitor: true,
    fallback: true,
    maxReturn: true,
};

function problemsOf({ method, endpoints, fallback }: TrafficPolicyArgs): Problem[] {
    const problems = fallback === undefined ? [] : problemsOfEndpoint("fallback", fallback);
    if (endpoints === undefined) return ["endpoints: is required", ...problems];
    if (typeof endpoints !== "object" || endpoints === null || Array.isArray(endpoints) || isEventual(endpoints))
        return [`endpoints: must be a map of endpoints by name (got ${describe(endpoints)})`, ...problems];
    const all = Object.entries(endpoints as Record<string, PolicyEndpointArgs>);
    const ofEndpoints = all.flatMap(([name, endpoint]) =>
        problemsOfEndpoint(formatPath(["endpoints", name]), endpoint),
    );
    const ofOrder = ofEndpoints.length === 0 && method === "Failover" ? problemsOfPriorities(endpoints) : [];
    return [...ofEndpoints, ...ofOrder, ...problems];
}
