import { canonicalName } from "../../model/dns/names";
import { formatPath } from "../../model/schema/problems";
import { describe, isEventual, problemsOfArguments, type Problem, type Properties } from "../internal/problems";
import { problemsOfPublicNetwork } from "../internal/publicNetworkOf";
import { inventoryOf, problemsOfLists } from "./inventory";
import type { DnsServerArgs, TrafficManagerArgs } from "./managerArgs";

/** No schema sees these as a whole, and a misspelt one would be as if it were not there. */
export const MANAGER_PROPERTIES: Properties<TrafficManagerArgs> = {
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
const SERVER_PROPERTIES: Properties<DnsServerArgs> = {
    docker: true,
    publicNetwork: true,
    address: true,
    publish: true,
    advertisedAddress: true,
    hostName: true,
    formerName: true,
};

/** What is wrong with the arguments of a traffic manager; their values are for the provider's check to judge. */
export function problemsOfTrafficManager(args: TrafficManagerArgs): Problem[] {
    const ofLists = problemsOfLists(args);
    return [
        ...((args.domain as unknown) === undefined ? ["domain: is required"] : []),
        ...ofLists,
        ...(ofLists.length === 0 ? [...alreadyServed(args), ...withoutNames(args)] : []),
        ...problemsOfServers(args),
    ];
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

/** Said once, and not by each endpoint that would need such a name. */
function withoutNames(args: TrafficManagerArgs): Problem[] {
    if (args.cloudServiceDomain !== undefined) return [];
    const named = inventoryOf(args).policies.filter(({ cloudServices }) => cloudServices.length > 0);
    if (named.length === 0) return [];
    const policies = `${named.length === 1 ? "policy" : "policies"} ${named.map(({ name }) => name).join(", ")}`;
    return [`cloudServiceDomain: is required, because cloud services are endpoints of ${policies}`];
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
                ...problemsOfArguments(
                    server,
                    SERVER_PROPERTIES,
                    (args) => problemsOfFormerName(args, names, `${path}.formerName`),
                    path,
                ),
            ];
        }),
    ];
}

/** Two resources cannot go on as one. */
function problemsOfFormerName({ formerName }: DnsServerArgs, names: readonly string[], path: string): Problem[] {
    if (formerName === undefined) return [];
    if (typeof formerName !== "string" || formerName === "")
        return [`${path}: must be the name that the server had (got ${describe(formerName)})`];
    return names.includes(formerName) ? [`${path}: must not be a server's name of now (got "${formerName}")`] : [];
}
