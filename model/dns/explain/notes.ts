import { classify, type Client } from "../client";
import { codesOf } from "../countries";
import type { Classifier } from "../decision";
import type { PolicyState } from "../decide";
import type { PreparedPolicy } from "../prepare";
import { isAvailable } from "../statuses";
import { targetText } from "../target";

/** What is to be said of a policy as a whole. `fallsBack` is whether the client is answered its fallback. */
export function notesOf(prepared: PreparedPolicy, state: PolicyState, client: Client, fallsBack: boolean): string[] {
    const { policy, classifier } = prepared;
    if (!policy.enabled) return ["the policy is disabled"];
    const statuses = [...state.endpoints.values()];
    const notes = classifier ? clientNotes(classifier, client, policy.method === "Performance") : [];
    if (fallsBack)
        notes.push(`nobody is available for this client: the fallback ${targetText(policy.fallback!)} is answered`);
    else if (statuses.some((status) => status === "Degraded") && !statuses.some(isAvailable))
        notes.push(
            policy.fallback ? "nobody is available" : "nobody is available: whoever is Degraded counts as Online",
        );
    else if (!statuses.some((status) => status === "Degraded" || isAvailable(status)))
        notes.push("nobody is eligible: all endpoints are Disabled or Stopped, or there are none");
    return notes;
}

function clientNotes(classifier: Classifier, client: Client, byDistance: boolean): string[] {
    const { matched, clientClass } = classify(classifier, client);
    const order = byDistance && clientClass ? [`nearest first: ${inWords(clientClass)}`] : [];
    if (matched.by === "network") return [`client ${client.address} is in ${matched.network}`, ...order];
    return [`client ${client.address} ${whereText(classifier, client)}`, ...order];
}

function whereText(classifier: Classifier, { place = {} }: Client): string {
    if (!asksWhere(classifier)) return "is in none of the networks";
    const codes = codesOf(place);
    return codes.length > 0 ? `is in ${codes.join(", ")}` : "is nowhere that the database knows";
}

function asksWhere({ kind, otherwise }: Classifier): boolean {
    return kind === "places" || typeof otherwise === "object";
}

/** `eastus>westus=westus2` (proximity.ts). */
function inWords(order: string): string {
    return order.replaceAll(">", ", ").replaceAll("=", " and ");
}
