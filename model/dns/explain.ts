import { classify, oddsFor, type Client, type Odds } from "./client";
import type { DnsConfiguration } from "./configuration";
import type { PolicyReport } from "./control";
import type { Place } from "./countries";
import { prepare, type Decider, type PolicyStates } from "./decide";
import type { ConsideredEndpoint, ExplainedStep, Explanation } from "./explanation";
import { locationOf } from "./geography";
import type { EndpointHealths } from "./observation";
import type { PreparedEndpoint, PreparedPolicy } from "./prepare";
import { addressWithin, canonicalAddress } from "./subnet";
import { targetText } from "./target";
import { notesOf } from "./explain/notes";
import { why, type Considered } from "./explain/why";

/** What is known at the moment. */
export interface Situation {
    readonly healths: EndpointHealths;
    /** What the status tells of the policies: since when, and why. */
    readonly reports?: Readonly<Record<string, PolicyReport>> | undefined;
    /** That of the configuration, where there is one already. */
    readonly decider?: Decider | undefined;
}

/** Why a client is answered what it is. Throws one sentence where there is no such policy, or `client` is no address. */
export function explain(
    configuration: DnsConfiguration,
    { healths, reports = {}, decider = prepare(configuration) }: Situation,
    policy: string,
    client: string,
    placeOf: (address: string) => Place | undefined,
): Explanation {
    if (!decider.policies.has(policy)) throw new Error(`there is no policy ${policy}`);
    const address = canonicalAddress(client);
    if (address === undefined) throw new Error(`${client} is not an IPv4 or IPv6 address`);
    const known = addressWithin(address);
    const asking: Client = { address: known, place: placeOf(known) };
    const states = decider.decide(healths);
    const odds = oddsFor(states.get(policy)!.decision, asking);
    const { prefix, ttlSeconds } = configuration.policies[policy]!;
    return {
        policy,
        name: `${prefix}.${configuration.domain}`,
        client: address,
        ttlSeconds,
        steps: policiesOn(policy, odds).map((name) =>
            stepOf({ configuration, decider, states, client: asking, odds }, name, reports[name]),
        ),
        answers: answersOf(odds),
        ...(odds.length === 0 && { otherwise: negative(configuration, states, policy) }),
    };
}

/** The policy itself, then those that its answers lead through, outermost first. */
function policiesOn(policy: string, odds: readonly Odds[]): string[] {
    return [...new Set([policy, ...odds.flatMap(({ chosen }) => chosen.policies)])];
}

interface Circumstances {
    readonly configuration: DnsConfiguration;
    readonly decider: Decider;
    readonly states: PolicyStates;
    readonly client: Client;
    readonly odds: readonly Odds[];
}

function stepOf(
    { configuration, decider, states, client, odds }: Circumstances,
    name: string,
    report: PolicyReport | undefined,
): ExplainedStep {
    const prepared = decider.policies.get(name)!;
    const state = states.get(name)!;
    const through = (endpoint: string | undefined, child: string | undefined) =>
        sum(odds.filter(({ chosen }) => leadsThrough(chosen.policies, chosen.endpoint, name, endpoint, child)));
    const classified = prepared.classifier && classify(prepared.classifier, client);
    const considered = inOrder(prepared).map((endpoint): Considered & { odds: number } => {
        const part = through(endpoint.name, endpoint.endpoint.policy);
        return {
            endpoint,
            status: state.endpoints.get(endpoint.name)!,
            location: locationOf(endpoint.endpoint, configuration),
            matched: endpoint.name === classified?.clientClass ? classified.matched : undefined,
            eligible: part > 0,
            odds: part,
        };
    });
    return {
        policy: name,
        method: prepared.policy.method,
        status: state.status,
        notes: notesOf(prepared, state, client, through(undefined, undefined) > 0),
        endpoints: considered.map((one): ConsideredEndpoint => {
            const told = report?.endpoints[one.endpoint.name];
            return {
                name: one.endpoint.name,
                target: targetText(one.endpoint.endpoint),
                status: one.status,
                since: told?.since,
                reason: told?.reason ?? "",
                eligible: one.eligible,
                why: why(prepared, one, considered),
                odds: one.odds,
            };
        }),
    };
}

/** As they are asked, where there is an order; else as the configuration has them. */
function inOrder({ policy, endpoints }: PreparedPolicy): readonly PreparedEndpoint[] {
    if (policy.method !== "Failover") return endpoints;
    const priority = ({ name }: PreparedEndpoint) => policy.endpoints[name]!.priority;
    return [...endpoints].sort((a, b) => priority(a) - priority(b));
}

/** Whether an answer, given by `policies` and the last one's endpoint, leads through an endpoint of `policy`, or to a nested `child`. */
function leadsThrough(
    policies: readonly string[],
    last: string | undefined,
    policy: string,
    endpoint: string | undefined,
    child: string | undefined,
): boolean {
    const index = policies.indexOf(policy);
    if (index < 0) return false;
    return index < policies.length - 1 ? child === policies[index + 1] : child === undefined && last === endpoint;
}

function answersOf(odds: readonly Odds[]): Explanation["answers"] {
    const answers = new Map<string, Explanation["answers"][number]>();
    for (const { chosen, odds: part } of odds) {
        const { target } = chosen;
        const data = target.kind === "name" ? target.name : target.address;
        const type = target.kind === "name" ? "CNAME" : target.family === 4 ? "A" : "AAAA";
        answers.set(data, { type, data, odds: (answers.get(data)?.odds ?? 0) + part });
    }
    return [...answers.values()].sort((a, b) => b.odds - a.odds);
}

/** A name is not there at all only where nobody is answered, and no other name is below it. */
function negative({ policies }: DnsConfiguration, states: PolicyStates, policy: string): "NXDOMAIN" | "NODATA" {
    const answers = (name: string) => states.get(name)!.decision.kind !== "nothing";
    const below = `.${policies[policy]!.prefix}`;
    const exists = Object.entries(policies).some(([name, { prefix }]) =>
        name === policy ? answers(name) : prefix.endsWith(below) && answers(name),
    );
    return exists ? "NODATA" : "NXDOMAIN";
}

function sum(odds: readonly Odds[]): number {
    return odds.reduce((total, one) => total + one.odds, 0);
}
