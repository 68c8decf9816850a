import { NOBODYS } from "../classes";
import { byClient, NOTHING } from "../combine";
import type { Classifier } from "../decision";
import type { TrafficPolicy } from "../policy";
import { networksOf, rangeOf } from "../subnet";
import type { Choose } from "./method";

/**
 * Methods by which each client has one endpoint, by what the endpoints list: a class of clients is named after its
 * endpoint. The lists of disabled endpoints do not count, so a less specific entry then holds for their clients.
 */

type Subnet = Extract<TrafficPolicy, { method: "Subnet" }>;
type Geographic = Extract<TrafficPolicy, { method: "Geographic" }>;

export function mapped(classifier: Classifier): Choose {
    return (candidates) => {
        const decisions = new Map(candidates.map(({ name, decision }) => [name, decision]));
        return byClient(classifier, (name) => decisions.get(name) ?? NOTHING);
    };
}

/** Clients in no subnet: the endpoint without any. */
export function subnetClassifier({ endpoints }: Subnet): Classifier {
    const networks: Record<string, string> = {};
    let otherwise = NOBODYS;
    for (const [name, { enabled, subnets = [] }] of Object.entries(endpoints)) {
        if (!enabled) continue;
        if (subnets.length === 0) otherwise = name;
        for (const network of subnets.flatMap((text) => networksOf(rangeOf(text)!))) networks[network] = name;
    }
    return { kind: "networks", networks, otherwise };
}

/** `WORLD` is everybody whom no other code holds, also where nobody knows where a client is. */
export function placeClassifier({ endpoints }: Geographic): Classifier {
    const enabled = Object.entries(endpoints).filter(([, { enabled }]) => enabled);
    const entries = enabled.flatMap(([name, { places }]) => places.map((code) => [code, name] as const));
    const { WORLD: otherwise = NOBODYS, ...places } = Object.fromEntries(entries);
    return { kind: "places", places, otherwise };
}
