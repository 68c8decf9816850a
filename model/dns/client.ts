import { caseOf } from "./combine";
import { codesOf, type Place } from "./countries";
import type { Chosen, Classifier, Decision } from "./decision";
import { networksAround } from "./subnet";

/** Who asks. */
export interface Client {
    /** Canonical (`canonicalAddress`). */
    readonly address: string;
    /** Where that is, where anybody knows. */
    readonly place?: Place | undefined;
}

/** What decided of which class a client is. */
export type Matched =
    | { readonly by: "network"; readonly network: string }
    | { readonly by: "place"; readonly code: string }
    | { readonly by: "nothing" };

export interface Classified {
    /** Undefined: of none. */
    readonly clientClass: string | undefined;
    readonly matched: Matched;
}

export function classify(classifier: Classifier, client: Client): Classified {
    if (classifier.kind === "networks") {
        const network = networksAround(client.address).find((network) => Object.hasOwn(classifier.networks, network));
        if (network !== undefined)
            return { clientClass: classifier.networks[network], matched: { by: "network", network } };
        if (typeof classifier.otherwise === "object") return classify(classifier.otherwise, client);
        return { clientClass: classifier.otherwise, matched: { by: "nothing" } };
    }
    const code = codesOf(client.place ?? {}).find((code) => Object.hasOwn(classifier.places, code));
    if (code !== undefined) return { clientClass: classifier.places[code], matched: { by: "place", code } };
    return { clientClass: classifier.otherwise, matched: { by: "nothing" } };
}

export interface Odds {
    readonly chosen: Chosen;
    /** Part of the client's answers; those of all add up to 1. */
    readonly odds: number;
}

/** What a client is told, and how often; empty when nothing. */
export function oddsFor(decision: Decision, client: Client): Odds[] {
    switch (decision.kind) {
        case "nothing":
            return [];
        case "endpoint":
            return [{ chosen: decision, odds: 1 }];
        case "several":
            return decision.of.map((chosen) => ({ chosen, odds: 1 / decision.of.length }));
        case "random": {
            const total = decision.choices.reduce((sum, { weight }) => sum + weight, 0);
            return decision.choices.map(({ weight, of }) => ({ chosen: of, odds: weight / total }));
        }
        case "byClient": {
            const { clientClass } = classify(decision.classifier, client);
            return clientClass === undefined ? [] : oddsFor(caseOf(decision, clientClass), client);
        }
    }
}
