import type { ByClient, Chosen, Classifier, Decision, Random, Several } from "../../../model/dns/decision";
import { familyOf } from "../../../model/dns/subnet";

/** Decisions in few words, with endpoints named after their targets. */

export function name(target: string): Chosen {
    return { kind: "endpoint", policies: ["p"], endpoint: target, target: { kind: "name", name: target } };
}

export function address(target: string): Chosen {
    return {
        kind: "endpoint",
        policies: ["p"],
        endpoint: target,
        target: { kind: "address", family: familyOf(target), address: target },
    };
}

export function random(...choices: readonly (Chosen | readonly [Chosen, number])[]): Random {
    return {
        kind: "random",
        choices: choices.map((choice) =>
            "kind" in choice ? { weight: 1, of: choice } : { weight: choice[1], of: choice[0] },
        ),
    };
}

export function several(atMost: number, ...addresses: readonly string[]): Several {
    return { kind: "several", atMost, of: addresses.map(address) };
}

export function byClient(classifier: Classifier, cases: Readonly<Record<string, Decision>>): ByClient {
    return { kind: "byClient", classifier, cases };
}

export const nothing: Decision = { kind: "nothing" };

/** `count` addresses of a network for documentation (RFC 5737, 3849). */
export function addresses(count: number, family: 4 | 6 = 4): string[] {
    return Array.from({ length: count }, (_, n) =>
        family === 4 ? `192.0.2.${n + 1}` : `2001:db8::${(n + 1).toString(16)}`,
    );
}
