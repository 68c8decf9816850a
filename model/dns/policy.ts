import { z } from "zod";
import { wholeNumber } from "../schema/fields";
import { map, object, variants } from "../schema/kit";
import {
    failoverEndpoint,
    fallback,
    geographicEndpoint,
    multiValueEndpoint,
    performanceEndpoint,
    roundRobinEndpoint,
    subnetEndpoint,
    weightedEndpoint,
} from "./endpoint";
import { monitor } from "./monitor";
import { dnsPrefix } from "./names";

/** What gdnsd can (`max_ttl`); Azure's and RFC 2181's limit is 2,147,483,647. */
export const LONGEST_TTL_SECONDS = 268_435_455;
const DEFAULT_TTL_SECONDS = 300;

const common = {
    /** Its name under the traffic manager's domain. */
    prefix: dnsPrefix,
    enabled: z.boolean().default(true),
    ttlSeconds: wholeNumber(0, LONGEST_TTL_SECONDS).default(DEFAULT_TTL_SECONDS),
    monitor: monitor.optional(),
    fallback: fallback.optional(),
};

/** A DNS name, and the rule by which it is answered. */
export const trafficPolicy = variants("method", [
    object({ method: z.literal("RoundRobin"), ...common, endpoints: map(roundRobinEndpoint) }),
    object({ method: z.literal("Weighted"), ...common, endpoints: map(weightedEndpoint) }),
    object({ method: z.literal("Failover"), ...common, endpoints: map(failoverEndpoint) }),
    object({ method: z.literal("Performance"), ...common, endpoints: map(performanceEndpoint) }),
    object({ method: z.literal("Geographic"), ...common, endpoints: map(geographicEndpoint) }),
    object({ method: z.literal("Subnet"), ...common, endpoints: map(subnetEndpoint) }),
    object({
        method: z.literal("MultiValue"),
        ...common,
        /** As in Azure: 1 to 10. */
        maxReturn: wholeNumber(1, 10).default(2),
        endpoints: map(multiValueEndpoint),
    }),
]);
export type TrafficPolicy = z.infer<typeof trafficPolicy>;
export type Method = TrafficPolicy["method"];

/** Fields of a policy that may hold credentials: no message, event or status repeats them. */
export const POLICY_SECRETS = ["monitor.headers", "endpoints.*.headers"] as const;
