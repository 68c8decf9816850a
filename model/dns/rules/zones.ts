import { containsUnknown, isUnknown } from "../../schema/unknown";
import { isHostName, isWithin } from "../names";
import { cloudServiceName } from "../target";
import { claims, known, knownEntries, knownPolicies, type Checked, type Problem } from "./problem";

/** Every name has one owner, and the zones are two. */
export function zoneProblems(configuration: Checked): Problem[] {
    return [...domainProblems(configuration), ...nameServerProblems(configuration), ...nameProblems(configuration)];
}

/** The engine serves no zone within another. */
function domainProblems({ domain, cloudServiceDomain }: Checked): Problem[] {
    if (cloudServiceDomain === undefined || isUnknown(domain) || isUnknown(cloudServiceDomain)) return [];
    if (!isWithin(domain, cloudServiceDomain) && !isWithin(cloudServiceDomain, domain)) return [];
    const message = `must be beside the domain ${domain}, neither equal to it nor within it nor around it`;
    return [{ path: ["cloudServiceDomain"], message }];
}

function zonesOf({ domain, cloudServiceDomain }: Checked): string[] {
    return known([domain, cloudServiceDomain]).filter((zone) => zone !== undefined);
}

function nameServerProblems(configuration: Checked): Problem[] {
    const { nameServers } = configuration;
    if (isUnknown(nameServers)) return [];
    if (Object.keys(nameServers).length === 0)
        return [{ path: ["nameServers"], message: "must have at least one name server" }];
    return knownEntries(nameServers).flatMap(([name, { hostName, addresses }]): Problem[] => {
        const zone = zonesOf(configuration).find((zone) => !isUnknown(hostName) && isWithin(hostName, zone));
        if (zone === undefined || addresses.length > 0) return [];
        const message = `must have at least one address, because ${hostName} is within ${zone}`;
        return [{ path: ["nameServers", name, "addresses"], message }];
    });
}

const LABEL = "a DNS label: 1 to 63 letters, digits and hyphens, with no hyphen at either end";

/** Whose each name of the zones is: a name server's, a cloud service's, or a policy's. */
function nameProblems(configuration: Checked): Problem[] {
    const { domain, cloudServiceDomain, nameServers, cloudServices } = configuration;
    const claim = claims();
    const claimed = (name: string, owner: string, path: PropertyKey[]): Problem[] => {
        const earlier = claim(name, owner);
        if (earlier !== undefined) return [{ path, message: `would be ${name}, which already is ${earlier}` }];
        return isHostName(name)
            ? []
            : [{ path, message: `would be ${name}, which is longer than the 253 characters that DNS allows` }];
    };
    for (const zone of zonesOf(configuration)) claim(zone, "the zone itself");
    const servers = knownEntries(nameServers);
    const ofServers = servers.flatMap(([name, { hostName }]) =>
        isUnknown(hostName) ? [] : claimed(hostName, `name server ${name}`, ["nameServers", name, "hostName"]),
    );
    const ofServices = Object.keys(isUnknown(cloudServices) ? {} : cloudServices).flatMap((name): Problem[] => {
        const path = ["cloudServices", name];
        if (name.includes(".") || !isHostName(name.toLowerCase()))
            return [{ path, message: `must be named by ${LABEL}, because that is its name in DNS` }];
        if (cloudServiceDomain === undefined || isUnknown(cloudServiceDomain)) return [];
        // A cloud service may be a name server.
        const full = cloudServiceName(name, cloudServiceDomain);
        if (servers.some(([, server]) => server.hostName === full && sameAddresses(server, cloudServices[name]!)))
            return [];
        return claimed(full, `cloud service ${name}`, path);
    });
    const ofPolicies = knownPolicies(configuration).flatMap(([name, { prefix }]) =>
        isUnknown(prefix) || isUnknown(domain)
            ? []
            : claimed(`${prefix}.${domain}`, `policy ${name}`, ["policies", name, "prefix"]),
    );
    return [...ofServers, ...ofServices, ...ofPolicies];
}

interface Addressed {
    readonly addresses: readonly string[];
}

function sameAddresses(one: Addressed, other: Addressed): boolean {
    if ([one, other, one.addresses, other.addresses].some(containsUnknown)) return true;
    return [...one.addresses].sort().join() === [...other.addresses].sort().join();
}
