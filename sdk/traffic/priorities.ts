import { formatPath } from "../../model/schema/problems";
import type { Problem } from "../internal/problems";
import type { FailoverEndpointArgs } from "./endpointArgs";

type Endpoints = Readonly<Record<string, FailoverEndpointArgs>>;

/**
 * Endpoints without priorities have those of the order in which they are written: the state keeps maps sorted by name,
 * so only the program knows it.
 */
export function withPriorities(endpoints: Endpoints): Endpoints {
    if (Object.values(endpoints).some(hasPriority)) return endpoints;
    return Object.fromEntries(
        Object.entries(endpoints).map(([name, endpoint], index) => [name, { ...endpoint, priority: index + 1 }]),
    );
}

/** Some with and some without would leave to chance who comes first. */
export function problemsOfPriorities(endpoints: Endpoints): Problem[] {
    const all = Object.entries(endpoints);
    const [given] = all.find(([, endpoint]) => hasPriority(endpoint)) ?? [];
    if (given === undefined) return [];
    return all
        .filter(([, endpoint]) => !hasPriority(endpoint))
        .map(
            ([name]) =>
                `${formatPath(["endpoints", name, "priority"])}: is required, as ${given} has one ` +
                "(or give none, and endpoints come in the order in which they are written)",
        );
}

function hasPriority(endpoint: FailoverEndpointArgs): boolean {
    return endpoint.priority !== undefined;
}
