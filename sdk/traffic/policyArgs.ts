import type * as pulumi from "@pulumi/pulumi";
import type {
    AnswerArgs,
    FailoverEndpointArgs,
    GeographicEndpointArgs,
    PolicyEndpointArgs,
    SubnetEndpointArgs,
    WeightedEndpointArgs,
} from "./endpointArgs";
import type { MonitorArgs } from "./monitorArgs";

/** What every `TrafficPolicy` takes, whatever its method. */
export interface PolicyArgs {
    /**
     * Its name under the traffic manager's `domain`: labels of 1 to 63 letters, digits and hyphens, separated by dots
     * (RFC 1123); capitals become small letters. A change takes effect in place, and the old name is gone at once.
     *
     * @default the name in the program
     * @example "www.contoso"
     */
    prefix?: pulumi.Input<string>;

    /**
     * Whether the policy is served. A disabled one answers NXDOMAIN, and what its endpoints lead to runs on. A change
     * takes effect in place, for clients after the TTL.
     *
     * @default true
     */
    enabled?: pulumi.Input<boolean>;

    /**
     * Seconds, 0 to 268435455, that resolvers keep an answer: how long clients go on where they were sent before a change
     * of health. (Azure and RFC 2181 allow up to 2147483647; gdnsd, which serves it, does not.) A change takes effect in
     * place, for answers given from then on.
     *
     * @default 300, as in Azure in 2012
     */
    ttlSeconds?: pulumi.Input<number>;

    /**
     * The check that decides which endpoints are answered.
     *
     * @default none, which will do where nothing is to be probed: all endpoints are policies, or `alwaysServe`
     * @example { protocol: "http", path: "/healthz", intervalSeconds: 10 }
     */
    monitor?: pulumi.Input<MonitorArgs>;

    /**
     * What is answered when no endpoint is available, instead of the Degraded ones; never probed. A change takes effect
     * in place.
     *
     * @default none: while all endpoints are Degraded, they are answered as if all were Online, as in Azure
     * @example { hostName: "sorry.contoso.com" }
     */
    fallback?: AnswerArgs;
}

/** Every query is answered with any of the endpoints that are available, each equally likely. */
export interface RoundRobinPolicyArgs extends PolicyArgs {
    /** `"RoundRobin"`. A change of the method takes effect in place. */
    method: "RoundRobin";
    /** The endpoints by name. They may come and go in place; without any, the policy answers NXDOMAIN. */
    endpoints: Record<string, PolicyEndpointArgs>;
}

/** Every query is answered with any of the endpoints that are available, as likely as their weights say. */
export interface WeightedPolicyArgs extends PolicyArgs {
    /** `"Weighted"`. A change of the method takes effect in place. */
    method: "Weighted";
    /** The endpoints by name. They may come and go in place; without any, the policy answers NXDOMAIN. */
    endpoints: Record<string, WeightedEndpointArgs>;
}

/** The first endpoint that is available is answered (Azure's "Priority" today). */
export interface FailoverPolicyArgs extends PolicyArgs {
    /** `"Failover"`. A change of the method takes effect in place. */
    method: "Failover";
    /** The endpoints by name, the preferred first. They may come and go in place; without any, the policy answers NXDOMAIN. */
    endpoints: Record<string, FailoverEndpointArgs>;
}

/**
 * The available endpoint that is nearest to the client is answered: by the traffic manager's `latencies` where they know
 * the client's network, else by the distance from the middle of the client's country. Endpoints of one location share
 * evenly, and so do all for clients whose country is not known.
 */
export interface PerformancePolicyArgs extends PolicyArgs {
    /** `"Performance"`. A change of the method takes effect in place. */
    method: "Performance";
    /**
     * The endpoints by name, each with a location. They may come and go in place; without any, the policy answers
     * NXDOMAIN.
     */
    endpoints: Record<string, PolicyEndpointArgs>;
}

/**
 * The endpoint to which the client's place belongs is answered, healthy or not, as in Azure. Clients of a place without
 * an endpoint get NODATA.
 */
export interface GeographicPolicyArgs extends PolicyArgs {
    /** `"Geographic"`. A change of the method takes effect in place. */
    method: "Geographic";
    /** The endpoints by name. They may come and go in place; without any, the policy answers NXDOMAIN. */
    endpoints: Record<string, GeographicEndpointArgs>;
}

/**
 * The endpoint to whose subnets the client belongs is answered. Clients of none, and of one that is not available, get
 * NODATA (where Azure says NXDOMAIN).
 */
export interface SubnetPolicyArgs extends PolicyArgs {
    /** `"Subnet"`. A change of the method takes effect in place. */
    method: "Subnet";
    /** The endpoints by name. They may come and go in place; without any, the policy answers NXDOMAIN. */
    endpoints: Record<string, SubnetEndpointArgs>;
}

/** Every query is answered with several addresses that are available. */
export interface MultiValuePolicyArgs extends PolicyArgs {
    /** `"MultiValue"`. A change of the method takes effect in place. */
    method: "MultiValue";

    /**
     * Addresses in one answer at most, 1 to 10 as in Azure. A change takes effect in place.
     *
     * @default 2
     */
    maxReturn?: pulumi.Input<number>;

    /**
     * The endpoints by name, all of them addresses. They may come and go in place; without any, the policy answers
     * NXDOMAIN.
     */
    endpoints: Record<string, PolicyEndpointArgs>;
}

/** What a `TrafficPolicy` answers, and by which rule: each method has arguments of its own. */
export type TrafficPolicyArgs =
    | RoundRobinPolicyArgs
    | WeightedPolicyArgs
    | FailoverPolicyArgs
    | PerformancePolicyArgs
    | GeographicPolicyArgs
    | SubnetPolicyArgs
    | MultiValuePolicyArgs;
