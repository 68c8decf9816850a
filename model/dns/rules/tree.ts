import { isUnknown } from "../../schema/unknown";
import { innermostFirst, type Nesting } from "../nesting";
import type { TrafficPolicy } from "../policy";
import { knownEntries, knownPolicies, type Checked, type Problem } from "./problem";

/** As in Azure. */
const DEEPEST = 10;

/** What is known of which policies lead to which. */
export function nestingOf(configuration: Checked): Nesting {
    return new Map(knownPolicies(configuration).map(([name, policy]) => [name, childrenOf(policy)]));
}

function childrenOf({ endpoints }: TrafficPolicy): string[] {
    return knownEntries(endpoints).flatMap(([, { policy }]) =>
        policy === undefined || isUnknown(policy) ? [] : [policy],
    );
}

export function treeProblems(configuration: Checked): Problem[] {
    return [...loopProblems(configuration), ...depthProblems(configuration), ...childProblems(configuration)];
}

function loopProblems(configuration: Checked): Problem[] {
    return innermostFirst(nestingOf(configuration)).loops.map((loop) => ({
        path: ["policies", loop[0]!, "endpoints"],
        message: `must not lead back to the policy itself: ${loop.join(" → ")}`,
    }));
}

function depthProblems(configuration: Checked): Problem[] {
    const nesting = nestingOf(configuration);
    const chains = new Map<string, readonly string[]>();
    for (const name of innermostFirst(nesting).order) {
        const below = nesting.get(name)!.map((child) => chains.get(child) ?? []);
        chains.set(
            name,
            [name, ...below.reduce((longest, chain) => (chain.length > longest.length ? chain : longest), [])].slice(
                0,
                DEEPEST + 2,
            ),
        );
    }
    // Whatever leads there is too deep as well, and needs no telling.
    const tooDeep = [...chains].filter(([, chain]) => chain.length === DEEPEST + 1);
    return tooDeep.map(([name, chain]) => ({
        path: ["policies", name, "endpoints"],
        message: `must not nest more than ${DEEPEST} policies deep: ${chain.join(" → ")}`,
    }));
}

/** What a policy asks of those that it leads to. */
function childProblems(configuration: Checked): Problem[] {
    const policies = new Map(knownPolicies(configuration));
    return [...policies].flatMap(([name, { endpoints }]) =>
        knownEntries(endpoints).flatMap(([endpoint, { policy, minChildEndpoints }]): Problem[] => {
            const child = policy === undefined ? undefined : policies.get(policy);
            if (!child) return [];
            const path = ["policies", name, "endpoints", endpoint];
            if (child.method === "MultiValue")
                return [{ path: [...path, "policy"], message: `must not be a MultiValue policy, which answers alone` }];
            if (minChildEndpoints === undefined || isUnknown(minChildEndpoints) || isUnknown(child.endpoints))
                return [];
            const count = Object.keys(child.endpoints).length;
            if (minChildEndpoints <= count) return [];
            const message = `must not exceed the number of endpoints of policy ${policy}, which is ${count}`;
            return [{ path: [...path, "minChildEndpoints"], message }];
        }),
    );
}
