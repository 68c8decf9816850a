import { canonicalName } from "../../model/dns/names";
import { formatPath } from "../../model/schema/problems";
import { describe, isEventual, type Problem } from "../internal/problems";
import { problemsOfPublicNetwork } from "../internal/publicNetworkOf";
import { inventoryOf, problemsOfLists } from "./inventory";
import type { DnsServerArgs, TrafficManagerArgs } from "./managerArgs";

/** No schema sees these as a whole, and a misspelt one would be as if it were not there. */
const PROPERTIES: Record<keyof TrafficManagerArgs, true> = {
    domain: true,
    cloudServiceDomain: true,
    policies: true,
    cloudServices: true,
    publish: true,
    servers: true,
    soa: true,
    addressTtlSeconds: true,
    latencies: true,
    locations: true,
    geoDatabase: true,
    resolvers: true,
};
const SERVER_PROPERTIES: Record<keyof DnsServerArgs, true> = {
    docker: true,
    publicNetwork: true,
    address: true,
    publish: true,
    advertisedAddress: true,
    hostName: true,
};

/** What is wrong with the arguments of a traffic manager; their values are for the provider's check to judge. */
export function problemsOfTrafficManager(args: TrafficManagerArgs): Problem[] {
    const ofLists = problemsOfLists(args);
    return [
        ...((args.domain as unknown) === undefined ? ["domain: is required"] : []),
        ...ofLists,
        ...(ofLists.length === 0 ? alreadyServed(args) : []),
        ...problemsOfServers(args),
        ...unknownProperties(args, PROPERTIES),
    ];
}

function unknownProperties(given: object, known: object, path?: string): Problem[] {
    return Object.keys(given)
        .filter((key) => !Object.hasOwn(known, key))
        .map((key) => `${path ? `${path}: ` : ""}has unknown property ${JSON.stringify(key)}`);
}

/** Two servers that nobody keeps alike would answer for one name. */
function alreadyServed(args: TrafficManagerArgs): Problem[] {
    if (typeof args.domain !== "string") return [];
    const domain = canonicalName(args.domain);
    return inventoryOf(args).policies.flatMap(({ name, domains }) => {
        const other = domains.find((served) => served.domain === domain);
        if (!other) return [];
        return [
            `policies: traffic policy ${name} is in traffic manager ${other.trafficManager}, of the same domain (got ${domain})`,
        ];
    });
}

function problemsOfServers({ servers, publish }: TrafficManagerArgs): Problem[] {
    if (servers === undefined) return [];
    if (typeof servers !== "object" || servers === null || Array.isArray(servers) || isEventual(servers))
        return [`servers: must be a map of servers by name (got ${describe(servers)})`];
    const names = Object.keys(servers);
    if (names.length === 0) return ["servers: must have at least one server (got none)"];
    const published = `publish: is for a traffic manager without servers; say it in ${formatPath(["servers", names[0]!])}`;
    return [
        ...(publish === undefined ? [] : [published]),
        ...Object.entries(servers).flatMap(([name, server]: [string, unknown]) => {
            const path = formatPath(["servers", name]);
            if (typeof server !== "object" || server === null || Array.isArray(server) || isEventual(server))
                return [`${path}: must be an object such as {} (got ${describe(server)})`];
            return [
                ...problemsOfPublicNetwork(server, `${path}.`),
                ...unknownProperties(server, SERVER_PROPERTIES, path),
            ];
        }),
    ];
}
