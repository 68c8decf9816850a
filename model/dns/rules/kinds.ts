import { isUnknown } from "../../schema/unknown";
import { TARGETS, type Fallback } from "../endpoint";
import { innermostFirst } from "../nesting";
import type { TrafficPolicy } from "../policy";
import { familyOf } from "../subnet";
import { knownEntries, knownPolicies, type Checked, type Problem } from "./problem";
import { nestingOf } from "./tree";

/** `address` is one whose family nobody knows yet. */
type Kind = "name" | "address" | "IPv4 address" | "IPv6 address";

type Leading = Fallback & { readonly policy?: string | undefined };

/** A policy answers with one kind of record, whoever is chosen; MultiValue with both families of addresses. */
export function kindProblems(configuration: Checked): Problem[] {
    const policies = new Map(knownPolicies(configuration));
    const kinds = new Map<string, Kind>();
    return innermostFirst(nestingOf(configuration)).order.flatMap((name) => {
        let first: { kind: Kind; from: string } | undefined;
        return leadingOf(policies.get(name)!).flatMap(({ path, from, leading }): Problem[] => {
            const kind = leading.policy === undefined ? kindOf(leading) : kinds.get(leading.policy);
            if (kind === undefined) return [];
            if (first === undefined || first.kind === "address") first = { kind, from: first?.from ?? from };
            kinds.set(name, first.kind);
            if (agree(kind, first.kind) || policies.get(name)!.method === "MultiValue") return [];
            const key = TARGETS.find((key) => leading[key] !== undefined)!;
            const message = `leads to ${withArticle(kind)}, but must lead to ${withArticle(first.kind)} as ${first.from} does`;
            return [{ path: ["policies", name, ...path, key], message }];
        });
    });
}

function leadingOf({ endpoints, fallback }: TrafficPolicy): { path: string[]; from: string; leading: Leading }[] {
    const of = knownEntries(endpoints).map(([name, endpoint]) => ({
        path: ["endpoints", name],
        from: `endpoint ${name}`,
        leading: endpoint,
    }));
    if (fallback === undefined || isUnknown(fallback)) return of;
    return [...of, { path: ["fallback"], from: "the fallback", leading: fallback }];
}

function kindOf({ cloudService, hostName, address }: Leading): Kind | undefined {
    if (cloudService !== undefined || hostName !== undefined) return "name";
    if (address === undefined) return undefined;
    return isUnknown(address) ? "address" : `IPv${familyOf(address)} address`;
}

function agree(one: Kind, other: Kind): boolean {
    return one === other || (one !== "name" && other !== "name" && (one === "address" || other === "address"));
}

function withArticle(kind: Kind): string {
    return kind === "name" ? "a name" : kind === "address" ? "an address" : `an ${kind}`;
}
