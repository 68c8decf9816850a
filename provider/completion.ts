import { generationOf, parseUrn } from "../model/names";
import { isUnknown } from "../model/schema/unknown";
import { announce, generations } from "./context";
import type { Common, Definition, Derived } from "./definition";
import { engineOfObject, hostFor } from "./engines";
import { nextFreeName } from "./naming";
import type { Properties } from "./properties";
import { goesFirst, replacing } from "./replacement";

/** The inputs with everything that follows from them. The URN stays that of the creation: it is on the object's labels. */
export async function complete<Declared extends object, State extends Declared & Common, Outputs extends object>(
    definition: Definition<Declared, State, Outputs>,
    declared: Declared,
    previous: Properties,
    current: string,
): Promise<Properties> {
    const olds = previous["__urn"] === undefined ? undefined : (previous as State);
    const replaced = generations.replaced(current);
    const urn = olds ? String(previous["__urn"]) : (replaced?.urn ?? current);
    if (olds) generations.saw(current, { name: olds.name, urn });
    const identity = parseUrn(urn);
    const tell = (message: string) => announce(message, current);
    const host = () => hostFor(declared, tell);
    const replaces = !olds && replaced !== undefined;
    const inputs = definition.derive
        ? await definition.derive(declared, { identity, urn, olds, replaces, host, announce: tell })
        : (declared as unknown as Derived<State>);
    const hidden = { __urn: urn, __engine: await engineOfObject(definition, olds, inputs) };
    if (!definition.name) return { ...inputs, ...hidden };

    const owner = { identity, urn, type: definition.type };
    const byGeneration = async (generation: number): Promise<string> => {
        const name = definition.name!(inputs, { identity, generation });
        const docker = definition.isFree && !isUnknown(name) && (await host());
        if (!docker) return name;
        return nextFreeName(name, async (taken) => !(await definition.isFree!(docker, taken, owner, inputs)));
    };
    if (!olds) {
        const goes = generations.yields(current) || generations.successor(current) !== undefined;
        const takesOver = definition.keepsName === true && goes;
        const docker = definition.forgotten && !replaced ? await host() : undefined;
        const name =
            (docker && (await definition.forgotten!(docker, owner, inputs))) ??
            (await byGeneration((replaced?.generation ?? 0) + (takesOver ? 0 : 1)));
        return { ...inputs, name, ...hidden };
    }
    const generation = generations.replaced(current)!.generation;
    const planned = { ...inputs, name: olds.name } as State;
    const named = generationOf(olds.name ?? "");
    const renamed =
        definition.renames === true && definition.name(inputs, { identity, generation: named }) !== olds.name;
    // Where the name itself decides, it follows from the inputs and not from a count.
    const keeps =
        !definition.replaceOn.includes("name") &&
        !renamed &&
        ((await replacing(definition, olds, planned)).length === 0 ||
            (definition.keepsName === true && goesFirst(definition, olds, planned)));
    return { ...inputs, name: keeps ? olds.name : await byGeneration(generation + 1), ...hidden };
}
