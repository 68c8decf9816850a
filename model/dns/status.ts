import { z } from "zod";

/** Azure Traffic Manager's "endpoint monitor status". */
export const endpointStatus = z.enum(["Online", "Degraded", "CheckingEndpoint", "Disabled", "Stopped", "Inactive"]);
export type EndpointStatus = z.infer<typeof endpointStatus>;

/** Azure Traffic Manager's "profile monitor status". */
export const policyStatus = z.enum(["Online", "Degraded", "CheckingEndpoints", "Disabled", "Inactive"]);
export type PolicyStatus = z.infer<typeof policyStatus>;
