import type * as pulumi from "@pulumi/pulumi";
import type { TrafficPolicySettings } from "../internal/brand";
import type { Inventory } from "./inventory";
import type { TrafficManagerArgs } from "./managerArgs";
import type { NameServerInputs } from "./nameServers";

/** What every server of a traffic manager serves, as maps from names, so that a preview names what changes. */
export interface Zones extends Pick<
    TrafficManagerArgs,
    "domain" | "cloudServiceDomain" | "soa" | "addressTtlSeconds" | "latencies" | "locations" | "geoDatabase"
> {
    nameServers: Record<string, NameServerInputs>;
    cloudServices: Record<string, { addresses: pulumi.Input<string>[]; location: pulumi.Input<string> | undefined }>;
    policies: Record<string, TrafficPolicySettings>;
}

/** CC0, so it may be used and passed on without asking. */
const FREE_DATABASE = "@ip-location-db/geo-whois-asn-country-mmdb";

/** Only names decide the shape; values pass through, each with its own secretness and not being known yet. */
export function resolveZones(
    args: TrafficManagerArgs,
    inventory: Inventory,
    nameServers: Record<string, NameServerInputs>,
): Zones {
    const { domain, cloudServiceDomain, soa, addressTtlSeconds, latencies, locations } = args;
    const { policies, cloudServices } = inventory;
    return {
        ...{ domain, cloudServiceDomain, nameServers, soa, addressTtlSeconds, latencies, locations },
        geoDatabase: args.geoDatabase ?? (needsPlaces(args, inventory) ? { package: FREE_DATABASE } : undefined),
        cloudServices: Object.fromEntries(
            cloudServices.map(({ name, address, location }) => [name, { addresses: [address], location }]),
        ),
        policies: Object.fromEntries(policies.map(({ name, settings }) => [name, settings])),
    };
}

/** Whether some answers depend on where a client is. */
function needsPlaces({ latencies }: TrafficManagerArgs, { policies }: Inventory): boolean {
    return policies.some(
        ({ method }) => method === "Geographic" || (method === "Performance" && latencies === undefined),
    );
}
