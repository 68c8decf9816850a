import { parseUrn } from "../model/names";
import type { Common, Definition } from "./definition";
import { livesOnHost } from "./engines";

/**
 * Why a resource cannot have the name that another was made under, and renamed from by an alias: names and labels in
 * Docker stay what they were, so that each would take the other's objects for its own. `urn`: what both have on labels.
 */
export function formerName<Declared extends object, State extends Declared & Common, Outputs extends object>(
    definition: Definition<Declared, State, Outputs>,
    inputs: State,
    urn: string,
    [one, other]: readonly [string, string],
): string[] {
    const renamed = parseUrn(one === urn ? other : one);
    const identity = parseUrn(urn);
    const named = (as: typeof identity) => definition.name?.(inputs, { identity: as, generation: 1 });
    // What is not named after its resource is nobody's own.
    if (!livesOnHost(definition) || named(identity) === named(renamed)) return [];
    return [
        `name: must be new (got ${identity.name}, as which ${renamed.name} was made, and under which Docker still has it); choose another name`,
    ];
}
