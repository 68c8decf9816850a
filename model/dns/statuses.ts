import type { EndpointHealth } from "./observation";
import type { EndpointStatus, PolicyStatus } from "./status";

/** Azure Traffic Manager's tables of statuses, row by row. */

export interface ChildState {
    readonly status: PolicyStatus;
    readonly endpoints: ReadonlyMap<string, EndpointStatus>;
}

interface Endpoint {
    readonly enabled: boolean;
    readonly alwaysServe: boolean;
    readonly minChildEndpoints?: number | undefined;
}

const OF_HEALTH = { online: "Online", degraded: "Degraded", checking: "CheckingEndpoint" } as const;

/** `child` is the state of the policy that the endpoint leads to, if it leads to one. */
export function endpointStatusOf(
    policyEnabled: boolean,
    { enabled, alwaysServe, minChildEndpoints = 1 }: Endpoint,
    health: EndpointHealth | undefined,
    child: ChildState | undefined,
): EndpointStatus {
    if (!enabled) return "Disabled";
    if (!policyEnabled) return "Inactive";
    if (child) return nestedStatusOf(child, minChildEndpoints);
    return alwaysServe ? "Online" : OF_HEALTH[health ?? "checking"];
}

function nestedStatusOf({ status, endpoints }: ChildState, minChildEndpoints: number): EndpointStatus {
    if (status === "Disabled" || status === "Inactive") return "Stopped";
    const statuses = [...endpoints.values()];
    const count = (wanted: EndpointStatus) => statuses.filter((status) => status === wanted).length;
    if (count("Online") >= minChildEndpoints) return "Online";
    return count("Online") + count("CheckingEndpoint") >= minChildEndpoints ? "CheckingEndpoint" : "Degraded";
}

/** The first row that fits. */
export function policyStatusOf(enabled: boolean, statuses: Iterable<EndpointStatus>): PolicyStatus {
    if (!enabled) return "Disabled";
    const there = new Set(statuses);
    if (there.has("Degraded")) return "Degraded";
    if (there.has("Online")) return "Online";
    return there.has("CheckingEndpoint") ? "CheckingEndpoints" : "Inactive";
}

/** Whether clients may be sent there. Who has not been probed yet gets the benefit of the doubt. */
export function isAvailable(status: EndpointStatus): boolean {
    return status === "Online" || status === "CheckingEndpoint";
}
