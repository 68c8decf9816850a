import type { dynamic } from "@pulumi/pulumi";
import { generationOf, parseUrn } from "../model/names";
import { describeProblems } from "../model/schema/problems";
import { SECRETS_OF_DOCKER } from "../model/resources/docker";
import { containsUnknown, isUnknown } from "../model/schema/unknown";
import { announce, claims, contextOf, generations } from "./context";
import { PartialFailure, type Common, type Definition, type Derived } from "./definition";
import { describeFailure } from "./docker/errors";
import { isLost, type Engine } from "./docker/engine";
import { Unreachable } from "./docker/unreachable";
import { engineFor, engineOfObject, hostFor, livesOnHost } from "./engines";
import { clearLeftovers } from "./leftovers";
import { nextFreeName } from "./naming";
import { withoutHidden, withoutUndefined, type Properties } from "./properties";
import { goesFirst, onlyUnseen, replacing } from "./replacement";

/** Pulumi's provider methods for one resource, so that all behave alike. */
export function resource<Declared extends object, State extends Declared & Common, Outputs extends object>(
    definition: Definition<Declared, State, Outputs>,
): Required<Pick<dynamic.ResourceProvider, "check" | "diff" | "create" | "read" | "update" | "delete">> {
    const secret = [...(definition.secret ?? []), ...SECRETS_OF_DOCKER];
    const full = (inputs: object, outputs: object, urn: string, engine: Engine | undefined): Properties =>
        withoutUndefined({ ...withoutHidden(inputs), ...outputs, __urn: urn, __engine: engine });

    return {
        check: (olds: Properties, news: Properties) =>
            failing(news, async () => {
                generations.declares(String(news["__urn"]));
                const parsed = definition.schema.safeParse(withoutHidden(news), { reportInput: true });
                if (!parsed.success) {
                    const reasons = describeProblems(parsed.error, withoutHidden(news), secret);
                    return { inputs: news, failures: failuresOf(reasons) };
                }
                const inputs = withoutUndefined(await complete(definition, parsed.data, olds, String(news["__urn"])));
                const clashes = claims.take(
                    String(inputs["__urn"]),
                    definition.claims?.(withoutHidden(inputs) as State) ?? [],
                );
                return { inputs, failures: failuresOf([...clashes, ...(await refusals(definition, inputs, olds))]) };
            }),

        diff: (_id, olds: Properties, news: Properties) =>
            failing(news, async () => {
                const urn = String(news["__urn"]);
                const current = generations.current(urn);
                generations.saw(current, { name: olds["name"], urn });
                // Without `changes` the engine compares old and new inputs itself, and shows nested paths.
                const replaces = await replacing(definition, olds as State, news as State);
                const deleteBeforeReplace = goesFirst(definition, olds as State, news as State);
                // Pulumi may replace it for reasons of its own (replaceOnChanges, --replace).
                if (deleteBeforeReplace) generations.makeRoom(current, withoutHidden(news));
                // Asked before the program comes to it, Pulumi wants to know who goes with something that must go first.
                const isAskedEarly = !generations.isDeclared(current);
                if (isAskedEarly && replaces.some((key) => containsUnknown(news[key]))) generations.yield(current);
                if (replaces.length > 0) announce(definition.gap?.(olds as State, replaces), current);
                // But for what is not to show: the new value is kept all the same.
                const changes = onlyUnseen(definition, olds, news) ? { changes: false } : {};
                return { ...changes, replaces, deleteBeforeReplace };
            }),

        create: (inputs: Properties) =>
            failing(inputs, async () => {
                const context = contextOf(definition.type, inputs);
                generations.made(generations.current(context.urn));
                const { id, outputs } = await definition.create(withoutHidden(inputs) as State, context);
                const engine = engineOf(inputs) ?? (livesOnHost(definition) ? await engineFor(inputs) : undefined);
                return { id, outs: full(inputs, outputs, context.urn, engine) };
            }),

        read: (id, state: Properties) =>
            failing(state, async () => {
                const engine = engineOf(state);
                if (engine && isLost(engine)) return {};
                const context = contextOf(definition.type, state, engine);
                const known = withoutHidden(state) as State & Outputs;
                const found = definition.read ? await definition.read(id, known, context) : known;
                if (!found) return {};
                const props = full(found, {}, context.urn, engine);
                const outputs: readonly string[] = definition.outputs;
                const inputs = Object.fromEntries(Object.entries(props).filter(([key]) => !outputs.includes(key)));
                return { id, props, inputs };
            }),

        update: (id, olds: Properties, news: Properties) =>
            failing(news, async () => {
                const engine = engineOf(olds);
                const context = contextOf(definition.type, news, engine);
                const before = withoutHidden(olds) as State & Outputs;
                const after = withoutHidden(news) as State;
                const kept = Object.fromEntries(definition.outputs.map((key) => [key, before[key]]));
                const outputs = definition.update ? await definition.update(id, before, after, context) : kept;
                return { outs: full(news, outputs, context.urn, engine) };
            }),

        delete: (id, state: Properties) =>
            failing(state, async () => {
                const engine = engineOf(state);
                if (engine && isLost(engine)) return;
                const context = contextOf(definition.type, state, engine);
                if (livesOnHost(definition) && !context.isDeclared && !context.yields)
                    await clearLeftovers(await context.host(), context);
                await definition.delete?.(id, withoutHidden(state) as State & Outputs, context);
            }),
    };
}

/** The inputs with everything that follows from them. The URN stays that of the creation: it is on the object's labels. */
async function complete<Declared extends object, State extends Declared & Common, Outputs extends object>(
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

function engineOf(properties: Properties): Engine | undefined {
    return (properties as Common).__engine;
}

/** Each sentence names its own property, at whatever depth. */
function failuresOf(reasons: readonly string[]): dynamic.CheckFailure[] {
    return reasons.map((reason) => ({ property: "", reason }));
}

/** Nothing while Docker does not answer: a preview must do without. */
async function refusals<Declared extends object, State extends Declared & Common, Outputs extends object>(
    { refuse, type }: Definition<Declared, State, Outputs>,
    inputs: Properties,
    previous: Properties,
): Promise<string[]> {
    const urn = String(inputs["__urn"]);
    const host = refuse && (await hostFor(inputs, (message) => announce(message, generations.current(urn))));
    if (!host) return [];
    const olds = previous["__urn"] === undefined ? undefined : (previous as State);
    return refuse(withoutHidden(inputs) as State, host, { identity: parseUrn(urn), urn, type }, olds);
}

/** Every failure becomes one message; Pulumi would print a stack where it finds one. */
async function failing<T>(properties: Properties, act: () => Promise<T>): Promise<T> {
    try {
        return await act();
    } catch (error) {
        const reason = error instanceof PartialFailure ? error.cause : error;
        const message = reason instanceof Unreachable ? reason.tell() : describeFailure(error);
        const failure = new Error(message);
        failure.stack = "";
        if (error instanceof PartialFailure) {
            const kept = { ...properties, ...error.outputs, __provider: properties["__provider"] };
            Object.assign(failure, { id: error.id, properties: withoutUndefined(kept), reasons: [message] });
        }
        throw failure;
    }
}
