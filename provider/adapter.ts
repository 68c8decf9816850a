import type { dynamic } from "@pulumi/pulumi";
import { parseUrn } from "../model/names";
import { describeProblems } from "../model/schema/problems";
import { SECRETS_OF_DOCKER } from "../model/resources/docker";
import { containsUnknown } from "../model/schema/unknown";
import { complete } from "./completion";
import { announce, claims, contextOf, generations } from "./context";
import { PartialFailure, type Common, type Definition } from "./definition";
import { describeFailure } from "./docker/errors";
import { isLost, type Engine } from "./docker/engine";
import { Unreachable } from "./docker/unreachable";
import { engineFor, hostFor, livesOnHost, refuseToMove } from "./engines";
import { formerName } from "./formerName";
import { clearLeftovers } from "./leftovers";
import { withoutHidden, withoutUndefined, type Properties } from "./properties";
import { goesFirst, onlyUnseen, replacing } from "./replacement";

/** Pulumi's provider methods for one resource, so that all behave alike. */
export function resource<Declared extends object, State extends Declared & Common, Outputs extends object>(
    definition: Definition<Declared, State, Outputs>,
): Required<Pick<dynamic.ResourceProvider, "check" | "diff" | "create" | "read" | "update" | "delete">> {
    const secret = [...(definition.secret ?? []), ...SECRETS_OF_DOCKER];
    /** What this run found and took over, by id and engine. */
    const taken = new Set<string>();
    const keyOf = (id: string, engine: Engine | undefined) => `${engine?.id} ${id}`;
    /** That of the object; what was made while nobody could tell learns it when somebody can. */
    const knownEngine = async (news: Properties, olds = news): Promise<Engine | undefined> =>
        engineOf(olds) ?? engineOf(news) ?? (livesOnHost(definition) ? engineFor(news) : undefined);
    const partly = <T>(act: () => Promise<T>, news: Properties, olds?: Properties) =>
        failing(act, async ({ id, outputs }) => {
            const properties = withoutUndefined({ ...news, ...outputs, __engine: await knownEngine(news, olds) });
            return { id, properties };
        });
    const full = (inputs: object, outputs: object, urn: string, engine: Engine | undefined): Properties =>
        withoutUndefined({ ...withoutHidden(inputs), ...outputs, __urn: urn, __engine: engine });

    return {
        check: (olds: Properties, news: Properties) =>
            failing(async () => {
                const current = String(news["__urn"]);
                generations.declares(current);
                const parsed = definition.schema.safeParse(withoutHidden(news), { reportInput: true });
                if (!parsed.success) {
                    const reasons = describeProblems(parsed.error, withoutHidden(news), secret);
                    return { inputs: news, failures: failuresOf(reasons) };
                }
                const inputs = withoutUndefined(await complete(definition, parsed.data, olds, current));
                const urn = String(inputs["__urn"]);
                const visible = withoutHidden(inputs) as State;
                const other = generations.labels(current, urn);
                if (other) {
                    const reasons = formerName(definition, visible, urn, [current, other]);
                    if (reasons.length > 0) return { inputs, failures: failuresOf(reasons) };
                }
                const clashes = claims.take(urn, definition.claims?.(visible) ?? []);
                return { inputs, failures: failuresOf([...clashes, ...(await refusals(definition, inputs, olds))]) };
            }),

        diff: (id, olds: Properties, news: Properties) =>
            failing(async () => {
                const urn = String(news["__urn"]);
                const current = generations.current(urn);
                generations.saw(current, { name: olds["name"], urn });
                // Without `changes` the engine compares old and new inputs itself, and shows nested paths.
                const replaces = await replacing(definition, olds as State, news as State);
                const deleteBeforeReplace = goesFirst(definition, olds as State, news as State);
                // Pulumi may replace it for reasons of its own (replaceOnChanges, --replace).
                if (deleteBeforeReplace) generations.makeRoom(current, id, withoutHidden(news));
                // Asked before the program comes to it, Pulumi wants to know who goes with something that must go first.
                const isAskedEarly = !generations.isDeclared(current);
                if (isAskedEarly && replaces.some((key) => containsUnknown(news[key]))) generations.yield(current);
                if (replaces.length > 0) announce(definition.gap?.(olds as State, replaces), current);
                // But for what is not to show: the new value is kept all the same.
                const changes = onlyUnseen(definition, olds, news) ? { changes: false } : {};
                return { ...changes, replaces, deleteBeforeReplace };
            }),

        create: (inputs: Properties) =>
            partly(async () => {
                const context = contextOf(definition.type, inputs);
                generations.made(generations.current(context.urn));
                const { id, outputs, takenOver } = await definition.create(withoutHidden(inputs) as State, context);
                const engine = await knownEngine(inputs);
                if (takenOver) taken.add(keyOf(id, engine));
                return { id, outs: full(inputs, outputs, context.urn, engine) };
            }, inputs),

        read: (id, state: Properties) =>
            failing(async () => {
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
            partly(
                async () => {
                    const engine = engineOf(olds);
                    const context = contextOf(definition.type, news, engine);
                    const before = withoutHidden(olds) as State & Outputs;
                    const after = withoutHidden(news) as State;
                    const kept = Object.fromEntries(definition.outputs.map((key) => [key, before[key]]));
                    const outputs = definition.update ? await definition.update(id, before, after, context) : kept;
                    return { outs: full(news, outputs, context.urn, await knownEngine(news, olds)) };
                },
                news,
                olds,
            ),

        delete: (id, state: Properties) =>
            failing(async () => {
                const engine = engineOf(state);
                if (engine && isLost(engine)) return;
                // Without the alias that it was renamed by, or replaced by itself: another resource has it now.
                if (taken.size > 0 && taken.has(keyOf(id, await knownEngine(state)))) return;
                const context = contextOf(definition.type, state, engine, id);
                if (livesOnHost(definition) && !context.isDeclared && !context.yields)
                    await clearLeftovers(await context.host(), context);
                await definition.delete?.(id, withoutHidden(state) as State & Outputs, context);
            }),
    };
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
    definition: Definition<Declared, State, Outputs>,
    inputs: Properties,
    previous: Properties,
): Promise<string[]> {
    const { refuse, type } = definition;
    const urn = String(inputs["__urn"]);
    const olds = previous["__urn"] === undefined ? undefined : (previous as State);
    const stays = olds && livesOnHost(definition) ? await refuseToMove(olds, inputs) : [];
    if (stays.length > 0) return stays;
    const host = refuse && (await hostFor(inputs, (message) => announce(message, generations.current(urn))));
    if (!host) return [];
    return refuse(withoutHidden(inputs) as State, host, { identity: parseUrn(urn), urn, type }, olds);
}

/** Every failure becomes one message; Pulumi would print a stack where it finds one. `kept`: what half a failure leaves. */
async function failing<T>(
    act: () => Promise<T>,
    kept?: (failure: PartialFailure) => Promise<{ id: string; properties: Properties }>,
): Promise<T> {
    try {
        return await act();
    } catch (error) {
        const reason = error instanceof PartialFailure ? error.cause : error;
        const message = reason instanceof Unreachable ? reason.tell() : describeFailure(error);
        const failure = new Error(message);
        failure.stack = "";
        if (kept && error instanceof PartialFailure)
            Object.assign(failure, { ...(await kept(error)), reasons: [message] });
        throw failure;
    }
}
