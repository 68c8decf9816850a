import { z } from "zod";
import { wholeNumber } from "../schema/fields";
import { list, object, refuse, unordered } from "../schema/kit";
import { location } from "./location";
import { monitorHeaders } from "./monitor";
import { hostName } from "./names";
import { placeCode } from "./place";
import { address, subnet } from "./subnet";

/** What an endpoint leads to: exactly one of these. */
export const TARGETS = ["cloudService", "hostName", "address", "policy"] as const;

const answerable = {
    /** A name in the configuration's `cloudServices`; answered as its name in the cloud services' zone. */
    cloudService: z.string().optional(),
    /** Answered as it is. */
    hostName: hostName.optional(),
    address: address.optional(),
};

const common = {
    ...answerable,
    /** A name in the configuration's `policies`. */
    policy: z.string().optional(),
    enabled: z.boolean().default(true),
    /** Not probed, and always Online. */
    alwaysServe: z.boolean().default(false),
    /** Of this endpoint's probe; they come before the monitor's. */
    headers: monitorHeaders.optional(),
    location: location.optional(),
    /** Endpoints of a nested policy that must be Online for it to be so; for nested policies alone. */
    minChildEndpoints: wholeNumber(1, 1000).optional(),
};

type Targets = { readonly [Key in (typeof TARGETS)[number]]?: string | undefined };

function exactlyOneTarget(allowed: readonly (keyof Targets)[]) {
    return (context: z.core.ParsePayload<Targets>) => {
        const given = allowed.filter((key) => context.value[key] !== undefined);
        if (given.length === 1) return;
        const what = given.length === 0 ? "none" : given.join(", ");
        refuse(context, [], `must have exactly one of ${allowed.join(", ")} (has ${what})`);
    };
}

function refuseContradictions(
    context: z.core.ParsePayload<
        Targets & { alwaysServe: boolean; minChildEndpoints?: number | undefined; headers?: unknown }
    >,
): void {
    const { policy, minChildEndpoints, alwaysServe, headers } = context.value;
    if (policy === undefined && minChildEndpoints !== undefined)
        refuse(context, ["minChildEndpoints"], "is for endpoints that are policies");
    if (policy !== undefined && headers !== undefined)
        refuse(context, ["headers"], "are for endpoints that are probed, which a policy is not: its own endpoints are");
    if (policy !== undefined && alwaysServe)
        refuse(
            context,
            ["alwaysServe"],
            "is for endpoints that are probed, which a policy is not: its own endpoints are",
        );
}

function endpointWith<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
    return object({ ...common, ...shape })
        .check(exactlyOneTarget(TARGETS) as never)
        .check(refuseContradictions as never);
}

export const roundRobinEndpoint = endpointWith({});
/** Weight 0: answered only while no endpoint with a weight is available. */
export const weightedEndpoint = endpointWith({ weight: wholeNumber(0, 1000).default(1) });
/** The lowest first. */
export const failoverEndpoint = endpointWith({ priority: wholeNumber(1, 1000) });
export const performanceEndpoint = endpointWith({});
export const geographicEndpoint = endpointWith({
    places: unordered(list(placeCode).min(1, "must have at least one code")),
});
/** Without subnets: for the clients whom no other endpoint's subnets hold. */
export const subnetEndpoint = endpointWith({ subnets: unordered(list(subnet)).optional() });
export const multiValueEndpoint = endpointWith({});

/** Answered when nothing else is available; not probed. */
export const fallback = object(answerable).check(exactlyOneTarget(["cloudService", "hostName", "address"]));

export type Fallback = z.infer<typeof fallback>;
export type PolicyEndpoint = z.infer<typeof roundRobinEndpoint>;
