import type * as pulumi from "@pulumi/pulumi";
import type { CloudService } from "../cloudService";
import type { TrafficPolicy } from "../trafficPolicy";

/** A cloud service that another program makes, as far as its clients must know it. */
export interface CloudServiceReference {
    /** Its name, which is its label in the traffic manager's `cloudServiceDomain`. */
    name: string;

    /**
     * The IPv4 or IPv6 address by which clients reach it, and at which it is probed: `advertisedAddress` of the other
     * program, exported. Its next value shows in this program's next preview, and takes effect with its next update.
     *
     * @example new pulumi.StackReference("acme/contoso-west/prod").requireOutput("address")
     */
    address: pulumi.Input<string>;

    /** The region in which it is, as `location` of a `CloudService`. */
    location?: pulumi.Input<string>;
}

/** What clients can be told: exactly one of a cloud service, a host name and an address. */
export interface AnswerArgs {
    /**
     * A cloud service: clients are told its name in the traffic manager's `cloudServiceDomain`. One of another stack is
     * given by name and address. A change takes effect in place.
     *
     * @default another of these says what it is
     * @example { name: "contoso-west", address: "198.51.100.10", location: "westus" }
     */
    cloudService?: CloudService | CloudServiceReference;

    /**
     * A host name anywhere (RFC 1123); clients are told it as a CNAME. A change takes effect in place.
     *
     * @default another of these says what it is
     * @example "www.fabrikam.com"
     */
    hostName?: pulumi.Input<string>;

    /**
     * An IPv4 or IPv6 address; clients are told it as an A or AAAA record. A change takes effect in place.
     *
     * @default another of these says what it is
     * @example "192.0.2.10"
     */
    address?: pulumi.Input<string>;
}

/**
 * An endpoint of a `TrafficPolicy`: exactly one of `cloudService`, `hostName`, `address` and `policy`. Those of a policy
 * lead all to names, or all to addresses of one kind; only `MultiValue` takes IPv4 and IPv6 together (Azure's rule).
 */
export interface PolicyEndpointArgs extends AnswerArgs {
    /**
     * Another policy, whose choice is the answer, at most 10 deep. Clients see one step: the asked policy's TTL, and none
     * of the names between. Its status is that of the nested policy. A change takes effect in place.
     *
     * @default another of these says what it is
     */
    policy?: TrafficPolicy;

    /**
     * Whether it takes part. A disabled endpoint is not probed and not answered; what it leads to runs on, and other
     * policies are untouched. A change takes effect in place, for clients after the TTL.
     *
     * @default true
     */
    enabled?: pulumi.Input<boolean>;

    /**
     * Whether it is answered without being probed, always Online; not for a policy. A change takes effect in place.
     *
     * @default false
     */
    alwaysServe?: pulumi.Input<boolean>;

    /**
     * Headers of this endpoint's probes; they come before the monitor's. Not for a policy. Secrets stay secret in state,
     * in previews and in messages. A change takes effect in place.
     *
     * @default the monitor's
     * @example { Host: "east.contoso.com" }
     */
    headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;

    /**
     * The region in which it is: one of the built-in table, named as Azure's regions are (`"eastus"`), or one of the
     * traffic manager's `locations`. Needed under `Performance`. A change takes effect in place.
     *
     * @default the cloud service's
     * @example "westeurope"
     */
    location?: pulumi.Input<string>;

    /**
     * Endpoints of the nested policy, 1 to 1000, that must be Online for this one to be so; only with `policy`. A change
     * takes effect in place.
     *
     * @default 1
     */
    minChildEndpoints?: pulumi.Input<number>;
}

/** An endpoint of a `Weighted` policy. */
export interface WeightedEndpointArgs extends PolicyEndpointArgs {
    /**
     * Its share of the answers relative to the other endpoints', 1 to 1000 as in Azure; 0 is a last resort, answered only
     * while no endpoint with a weight is available. A change takes effect in place.
     *
     * @default 1
     */
    weight?: pulumi.Input<number>;
}

/** An endpoint of a `Failover` policy. */
export interface FailoverEndpointArgs extends PolicyEndpointArgs {
    /**
     * Its place in the order, 1 to 1000, no two alike: the lowest that is available is answered. All endpoints of a
     * policy have one, or none does. A change takes effect in place.
     *
     * @default the order in which the endpoints are written: 1, 2, … (JavaScript moves keys that are whole numbers to the
     * front)
     */
    priority?: pulumi.Input<number>;
}

/** An endpoint of a `Geographic` policy. */
export interface GeographicEndpointArgs extends PolicyEndpointArgs {
    /**
     * Whose clients it serves, at least one code, in Azure's writing; each code has one endpoint, and the most specific
     * that holds for a client decides:
     * - a state (ISO 3166-2): `"US-CA"`
     * - a country (ISO 3166-1): `"DE"`
     * - a regional grouping: `"GEO-AF"`, `"GEO-AP"`, `"GEO-AS"`, `"GEO-EU"`, `"GEO-ME"`, `"GEO-NA"`, `"GEO-SA"`
     * - `"WORLD"`: everybody
     *
     * A change takes effect in place.
     *
     * @example ["GEO-EU", "GB"]
     */
    places: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** An endpoint of a `Subnet` policy. */
export interface SubnetEndpointArgs extends PolicyEndpointArgs {
    /**
     * Whose clients it serves: networks (`"192.0.2.0/24"`, `"2001:db8::/32"`), addresses, and ranges
     * (`"192.0.2.10-192.0.2.20"`), none of which is another endpoint's. A change takes effect in place.
     *
     * @default the clients whom no other endpoint's subnets hold; one endpoint may do without
     */
    subnets?: pulumi.Input<readonly pulumi.Input<string>[]>;
}
