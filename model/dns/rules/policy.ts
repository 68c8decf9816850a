import { isUnknown } from "../../schema/unknown";
import { TARGETS } from "../endpoint";
import type { TrafficPolicy } from "../policy";
import { placeProblems } from "./places";
import { claims, knownEntries, type Problem } from "./problem";
import { subnetProblems } from "./subnets";

/** What must hold within a policy, whatever else there is. */
export function policyProblems(policy: TrafficPolicy): Problem[] {
    if (isUnknown(policy.method) || isUnknown(policy.endpoints)) return [];
    return [...nameProblems(policy), ...targetProblems(policy), ...monitorProblems(policy), ...methodProblems(policy)];
}

function methodProblems(policy: TrafficPolicy): Problem[] {
    switch (policy.method) {
        case "Failover":
            return priorityProblems(policy);
        case "Geographic":
            return placeProblems(policy);
        case "Subnet":
            return subnetProblems(policy);
        case "MultiValue":
            return multiValueProblems(policy);
        default:
            return [];
    }
}

function nameProblems({ endpoints }: TrafficPolicy): Problem[] {
    return Object.hasOwn(endpoints, "") ? [{ path: ["endpoints"], message: "must not have an empty name" }] : [];
}

/** As in Azure: what is there twice would count twice. */
function targetProblems({ endpoints }: TrafficPolicy): Problem[] {
    return TARGETS.flatMap((kind) => {
        const claim = claims();
        return knownEntries(endpoints).flatMap(([name, endpoint]): Problem[] => {
            const owner = claim(endpoint[kind], name);
            if (owner === undefined) return [];
            return [{ path: ["endpoints", name, kind], message: `is already where endpoint ${owner} leads` }];
        });
    });
}

function monitorProblems({ endpoints, monitor }: TrafficPolicy): Problem[] {
    if (monitor !== undefined) return [];
    const probed = knownEntries(endpoints).find(
        ([, { policy, alwaysServe }]) => policy === undefined && alwaysServe === false,
    );
    if (!probed) return [];
    const message = `is required, because endpoint ${probed[0]} is to be probed (alwaysServe: true for one that is not)`;
    return [{ path: ["monitor"], message }];
}

function priorityProblems({ endpoints }: Extract<TrafficPolicy, { method: "Failover" }>): Problem[] {
    const claim = claims();
    return knownEntries(endpoints).flatMap(([name, { priority }]): Problem[] => {
        const owner = claim(priority, name);
        if (owner === undefined) return [];
        return [{ path: ["endpoints", name, "priority"], message: `must differ from that of endpoint ${owner}` }];
    });
}

function multiValueProblems({ endpoints, fallback }: Extract<TrafficPolicy, { method: "MultiValue" }>): Problem[] {
    const message = "must be an address: a MultiValue policy answers with several of them";
    const leading = knownEntries(endpoints).map(([name, endpoint]) => ({ path: ["endpoints", name], endpoint }));
    if (fallback !== undefined && !isUnknown(fallback))
        leading.push({ path: ["fallback"], endpoint: fallback as never });
    return leading.flatMap(({ path, endpoint }) =>
        TARGETS.filter((kind) => kind !== "address" && endpoint[kind] !== undefined).map((kind) => ({
            path: [...path, kind],
            message,
        })),
    );
}
