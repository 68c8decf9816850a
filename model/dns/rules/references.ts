import { isUnknown } from "../../schema/unknown";
import type { Fallback } from "../endpoint";
import { isWithin } from "../names";
import { knownEntries, knownPolicies, oneOf, type Checked, type Problem } from "./problem";

type Leading = Fallback & { readonly policy?: string | undefined };

/** What endpoints lead to must be there, and be something that can be answered. */
export function referenceProblems(configuration: Checked): Problem[] {
    return knownPolicies(configuration).flatMap(([name, { endpoints, fallback }]) => {
        const leading: [PropertyKey[], Leading][] = knownEntries(endpoints).map(([endpoint, settings]) => [
            ["policies", name, "endpoints", endpoint],
            settings,
        ]);
        if (fallback !== undefined && !isUnknown(fallback)) leading.push([["policies", name, "fallback"], fallback]);
        return leading.flatMap(([path, endpoint]) => [
            ...cloudServiceProblems(configuration, path, endpoint),
            ...policyProblems(configuration, path, endpoint),
            ...hostNameProblems(configuration, path, endpoint),
        ]);
    });
}

function cloudServiceProblems(
    { cloudServices, cloudServiceDomain }: Checked,
    path: PropertyKey[],
    { cloudService }: Leading,
): Problem[] {
    if (cloudService === undefined) return [];
    const problems: Problem[] = [];
    if (cloudServiceDomain === undefined)
        problems.push({
            path: [...path, "cloudService"],
            message: "needs a cloudServiceDomain: the zone of the cloud services' names",
        });
    if (isMissing(cloudService, cloudServices))
        problems.push({
            path: [...path, "cloudService"],
            message: `must be a cloud service of the traffic manager: ${oneOf(Object.keys(cloudServices))}`,
        });
    return problems;
}

function policyProblems({ policies }: Checked, path: PropertyKey[], { policy }: Leading): Problem[] {
    if (policy === undefined || !isMissing(policy, policies)) return [];
    const message = `must be a policy of the same traffic manager: ${oneOf(Object.keys(policies))}`;
    return [{ path: [...path, "policy"], message }];
}

/** The engine's CNAMEs lead out of the zone; within it, one policy leads to another. */
function hostNameProblems({ domain }: Checked, path: PropertyKey[], { hostName }: Leading): Problem[] {
    if (hostName === undefined || isUnknown(domain) || isUnknown(hostName) || !isWithin(hostName, domain)) return [];
    const message = `must not be within ${domain}: an endpoint leads to another policy of it by "policy"`;
    return [{ path: [...path, "hostName"], message }];
}

function isMissing(name: string, map: Readonly<Record<string, unknown>>): boolean {
    return !isUnknown(name) && !isUnknown(map) && !Object.hasOwn(map, name);
}
