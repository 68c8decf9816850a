import type { DnsConfiguration } from "./configuration";
import type { PolicyEndpoint } from "./endpoint";
import type { TrafficPolicy } from "./policy";
import type { Geography } from "./proximity";
import { coordinatesIn } from "./regions";

/** What a configuration knows of who is near what. */
export function geographyOf({
    latencies,
    geoDatabase,
    locations,
}: Pick<DnsConfiguration, "latencies" | "locations"> & { readonly geoDatabase?: unknown }): Geography {
    return { latencies, knowsCountries: geoDatabase !== undefined, coordinatesOf: coordinatesIn(locations) };
}

type Located = Pick<DnsConfiguration, "cloudServices">;

/** Where the enabled endpoints of a policy are, by name. */
export function locationsOf({ endpoints }: TrafficPolicy, configuration: Located): Map<string, string> {
    const located = Object.entries(endpoints).flatMap(([name, endpoint]): [string, string][] => {
        const location = endpoint.enabled ? locationOf(endpoint, configuration) : undefined;
        return location === undefined ? [] : [[name, location]];
    });
    return new Map(located);
}

/** An endpoint's own location, else that of its cloud service. */
export function locationOf(
    { location, cloudService }: Pick<PolicyEndpoint, "location" | "cloudService">,
    { cloudServices }: Located,
): string | undefined {
    if (location !== undefined || cloudService === undefined) return location;
    return Object.hasOwn(cloudServices, cloudService) ? cloudServices[cloudService]!.location : undefined;
}
