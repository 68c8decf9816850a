/** What its monitor says of an endpoint that is probed. */
export type EndpointHealth = "online" | "degraded" | "checking";

/** By `endpointKey`; an endpoint that is not in there has not been probed yet. */
export type EndpointHealths = ReadonlyMap<string, EndpointHealth>;

/** Names one endpoint of the whole configuration: `contoso/east`. */
export function endpointKey(policy: string, endpoint: string): string {
    return `${escaped(policy)}/${escaped(endpoint)}`;
}

/** Names may hold slashes too. */
function escaped(name: string): string {
    return /[%/]/.test(name) ? name.replaceAll("%", "%25").replaceAll("/", "%2F") : name;
}
