import { containsUnknown, isUnknown } from "../../schema/unknown";
import type { PolicyEndpoint } from "../endpoint";
import { geographyOf, locationsOf } from "../geography";
import { innermostFirst } from "../nesting";
import type { TrafficPolicy } from "../policy";
import { proximity } from "../proximity";
import { isKnownLocation } from "../regions";
import { familyOf } from "../subnet";
import { knownEntries, knownPolicies, type Checked, type Problem } from "./problem";
import { nestingOf } from "./tree";

/** What the engine can: members of which one is chosen at random, and classes of clients. */
const MOST_LEAVES = 64;
const MOST_CLASSES = 250;
/** Combinations of classes that a policy's answers may depend on, so that deciding stays a matter of microseconds. */
const MOST_CASES = 4096;

interface Size {
    /** Endpoints that one answer may choose among at random. */
    readonly leaves: number;
    /** Answers for different clients. */
    readonly cases: number;
}

const ONE: Size = { leaves: 1, cases: 1 };

/** Once nested policies are put in their places, the answer must be one that the engine can give. */
export function sizeProblems(configuration: Checked): Problem[] {
    const policies = new Map(knownPolicies(configuration));
    const countClasses = classCounter(configuration);
    const sizes = new Map<string, Size>();
    return innermostFirst(nestingOf(configuration)).order.flatMap((name): Problem[] => {
        const policy = policies.get(name)!;
        const classes = countClasses(policy);
        const { leaves, cases } = sizeOf(policy, classes, sizes);
        sizes.set(name, { leaves, cases });
        const limits: [number, number, string][] = [
            [leaves, MOST_LEAVES, "endpoints that one answer chooses among"],
            [classes, MOST_CLASSES, "classes of clients"],
            [cases, MOST_CASES, "combinations of classes of clients"],
        ];
        return limits
            .filter(([count, limit]) => count > limit)
            .map(([count, limit, of]) => ({
                path: ["policies", name, "endpoints"],
                message: `must make at most ${limit} ${of} (these make ${count}, nested policies included)`,
            }));
    });
}

function sizeOf(policy: TrafficPolicy, classes: number, sizes: ReadonlyMap<string, Size>): Size {
    if (policy.enabled === false) return { leaves: 0, cases: 1 };
    const enabled = knownEntries(policy.endpoints).filter(([, endpoint]) => endpoint.enabled !== false);
    const all = enabled.map(([, { policy: child }]) => (child === undefined ? ONE : (sizes.get(child) ?? ONE)));
    switch (policy.method) {
        case "MultiValue":
            return { leaves: ofOneFamily(enabled.map(([, { address }]) => address)), cases: 1 };
        case "Failover":
            return { leaves: most(all, "leaves"), cases: most(all, "cases") };
        case "Subnet":
        case "Geographic":
            return { leaves: most(all, "leaves"), cases: sum(all, "cases") + 1 };
        case "RoundRobin":
            return { leaves: sum(all, "leaves"), cases: product(all) };
        case "Weighted": {
            // The last resort is chosen among only when nobody else is.
            const isLast = (index: number) => policy.endpoints[enabled[index]![0]]!.weight === 0;
            const [last, others] = [all.filter((_, index) => isLast(index)), all.filter((_, index) => !isLast(index))];
            return { leaves: Math.max(sum(last, "leaves"), sum(others, "leaves")), cases: product(all) };
        }
        case "Performance":
            // Clients of whom nothing is known choose among all.
            return { leaves: sum(all, "leaves"), cases: classes * product(all) };
    }
}

/** How many classes of clients the policy itself makes. */
function classCounter(configuration: Checked): (policy: TrafficPolicy) => number {
    const counts = new Map<string, number>();
    const { latencies, locations, cloudServices } = configuration;
    const canMeasure = ![latencies, locations, cloudServices].some(containsUnknown);
    return (policy) => {
        if (policy.method === "Subnet" || policy.method === "Geographic")
            return knownEntries<PolicyEndpoint>(policy.endpoints).length + 1;
        if (policy.method !== "Performance" || !canMeasure || containsUnknown(policy.endpoints)) return 1;
        const names = [...new Set(locationsOf(policy, configuration).values())].sort();
        if (!names.every((name) => isKnownLocation(name, locations))) return 1;
        const count = counts.get(names.join()) ?? proximity(names, geographyOf(configuration)).orders.size;
        counts.set(names.join(), count);
        return count;
    };
}

/** A query is for addresses of one family. */
function ofOneFamily(addresses: readonly (string | undefined)[]): number {
    const families = addresses.filter((one) => one !== undefined && !isUnknown(one)).map((one) => familyOf(one!));
    return Math.max(1, ...([4, 6] as const).map((family) => families.filter((one) => one === family).length));
}

function most(sizes: readonly Size[], key: keyof Size): number {
    return Math.max(1, ...sizes.map((size) => size[key]));
}

function sum(sizes: readonly Size[], key: keyof Size): number {
    return sizes.reduce((total, size) => total + size[key], 0);
}

function product(sizes: readonly Size[]): number {
    return sizes.reduce((total, { cases }) => total * cases, 1);
}
