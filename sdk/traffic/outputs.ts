/**
 * Status of an endpoint of a `TrafficPolicy`, as Azure names it. Online, CheckingEndpoint and, where there is none of
 * these, Degraded are answered; Disabled, Stopped (a nested policy that is off) and Inactive (its policy is off) never.
 */
export type EndpointStatus = "Online" | "Degraded" | "CheckingEndpoint" | "Disabled" | "Stopped" | "Inactive";

/** What a server knew of a `TrafficPolicy` when it was last applied or refreshed. */
export interface TrafficPolicyStatus {
    /** Status of the policy, as Azure names it: Degraded as soon as one of its endpoints is. */
    readonly status: "Online" | "Degraded" | "CheckingEndpoints" | "Disabled" | "Inactive";
    /** Status of its endpoints, by name. */
    readonly endpoints: Readonly<Record<string, EndpointStatus>>;
}

/** A name server of a `TrafficManager`, as the zone above delegates to it: an NS record, and glue. */
export interface NameServer {
    /** Its host name. */
    readonly hostName: string;
    /** Its addresses, by which resolvers reach it. */
    readonly addresses: readonly string[];
}
