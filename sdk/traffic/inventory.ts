import { factsOf, type Brands } from "../internal/brand";
import { repeated } from "../internal/members";
import { describe, notA, type Problem } from "../internal/problems";
import type { TrafficPolicy } from "../trafficPolicy";
import type { TrafficManagerArgs } from "./managerArgs";
import { isSameCloudService, knownCloudService, problemsOfCloudService, type KnownCloudService } from "./references";

type Policy = Brands["TrafficPolicy"];
type Listed = Pick<TrafficManagerArgs, "policies" | "cloudServices">;

/** All that a traffic manager serves: what it lists, and what this leads to. */
export interface Inventory {
    readonly policies: readonly Policy[];
    readonly cloudServices: readonly KnownCloudService[];
}

export function inventoryOf({ policies: listed, cloudServices = [] }: Listed): Inventory {
    const policies = withNested(listed);
    const references = [...cloudServices.map(knownCloudService), ...policies.flatMap((policy) => policy.cloudServices)];
    return { policies, cloudServices: distinct(references, isSameCloudService) };
}

function withNested(listed: readonly TrafficPolicy[]): Policy[] {
    const found = new Set<Policy>();
    const visit = (policy: TrafficPolicy): void => {
        const facts = factsOf(policy, "TrafficPolicy")!;
        if (found.has(facts)) return;
        found.add(facts);
        facts.policies.forEach(visit);
    };
    listed.forEach(visit);
    return [...found];
}

function distinct<T>(values: readonly T[], isSame: (one: T, other: T) => boolean): T[] {
    return values.filter((value, index) => values.findIndex((other) => isSame(other, value)) === index);
}

/** What is wrong with the lists of a traffic manager. */
export function problemsOfLists({ policies, cloudServices = [] }: Listed): Problem[] {
    const wrong = [
        ...problemsOfList("policies", policies, "TrafficPolicies", (path, policy) =>
            notA("TrafficPolicy", path, policy),
        ),
        ...problemsOfList("cloudServices", cloudServices, "CloudServices", problemsOfCloudService),
    ];
    if (wrong.length > 0) return wrong;
    const inventory = inventoryOf({ policies, cloudServices });
    if (inventory.policies.length + inventory.cloudServices.length === 0)
        return ["policies: must have at least one policy, where there are no cloudServices (got [])"];
    const rule = "each has a name of its own";
    const listed = policies.map((policy) => factsOf(policy, "TrafficPolicy")!);
    const twice = [
        ...repeated("policies", listed.map(labelOfPolicy), rule),
        ...repeated("cloudServices", cloudServices.map(knownCloudService).map(labelOfCloudService), rule),
    ];
    return twice.length > 0 ? twice : problemsOfNames(inventory);
}

function problemsOfList(
    property: string,
    list: unknown,
    kind: string,
    problemOf: (path: string, entry: unknown) => Problem[],
): Problem[] {
    if (list === undefined) return [`${property}: is required`];
    if (!Array.isArray(list)) return [`${property}: must be a list of ${kind} (got ${describe(list)})`];
    return list.flatMap((entry, index) => problemOf(`${property}[${index}]`, entry));
}

/** What is listed under one name may be other than what an endpoint means by it. */
function problemsOfNames({ policies, cloudServices }: Inventory): Problem[] {
    return [
        ...namesakes(policies.map(labelOfPolicy)).map(
            (label) => `policies: ${label} is the name of two, one of them nested`,
        ),
        ...namesakes(cloudServices.map(labelOfCloudService)).map(
            (label) =>
                `policies: ${label} is the name of two that endpoints lead to (where both are one, give them the same object)`,
        ),
    ];
}

function namesakes(labels: readonly string[]): string[] {
    return [...new Set(labels.filter((label, index) => labels.indexOf(label) !== index))];
}

function labelOfPolicy({ name }: Policy): string {
    return `traffic policy ${name}`;
}

function labelOfCloudService({ name }: KnownCloudService): string {
    return `cloud service ${name}`;
}
