import { z } from "zod";
import { isUnknown, UNKNOWN } from "./unknown";

/**
 * Lets a preview's unknown stand where `schema` is expected. The inferred type stays that of the schema: only rules
 * that compare several fields can meet an unknown, and they guard themselves with `isUnknown`.
 */
export function known<S extends z.ZodType>(schema: S): S {
    return z.union([z.literal(UNKNOWN), schema]) as unknown as S;
}

/** An object of exactly these fields, each of which may be unknown. (A literal is what `variants` tells objects apart by.) */
export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
    const fields = Object.entries(shape).map(([key, field]) => [
        key,
        field instanceof z.ZodLiteral ? field : known(field as z.ZodType),
    ]);
    // What is allowed instead of an unknown property: describeProblems makes sentences of it.
    return z.strictObject(Object.fromEntries(fields), {
        error: ({ code }) => (code === "unrecognized_keys" ? Object.keys(shape).join() : undefined),
    });
}

/** One of several objects, told apart by a literal in the field `key`. While that is unknown, nothing else can be judged. */
export function variants<Options extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]]>(
    key: string,
    options: Options,
): z.ZodDiscriminatedUnion<Options> {
    const undecided = z.looseObject({ [key]: z.literal(UNKNOWN) });
    return z.discriminatedUnion(key, [undecided, ...options]) as unknown as z.ZodDiscriminatedUnion<Options>;
}

/** A map from stable names to values, each of which may be unknown. */
export function map<V extends z.ZodType>(value: V): z.ZodRecord<z.ZodString, V> {
    return z.record(z.string(), known(value));
}

/** A list, any entry of which may be unknown. */
export function list<V extends z.ZodType>(entry: V): z.ZodArray<V> {
    return z.array(known(entry));
}

/** A list whose order says nothing: in one order however the program lists it, so that a preview shows what changes. */
export function unordered<V extends z.ZodType<string>>(entries: z.ZodArray<V>) {
    return entries.transform((values) =>
        [...values].sort((a, b) => Number(isUnknown(a)) - Number(isUnknown(b)) || (a < b ? -1 : 1)),
    );
}

/** One problem found by a rule that zod's own types cannot express. */
export function refuse(context: z.core.ParsePayload, path: PropertyKey[], message: string): void {
    context.issues.push({ code: "custom", message, path, input: context.value });
}

/**
 * A text that stands for an object, or the object: what is wrong is told of the one that was meant. `allowed` is the
 * sentence for what is neither, and for a word that the text does not know.
 */
export function shorthand<Text extends z.ZodType, Full extends z.ZodType>(
    text: Text,
    full: Full,
    allowed: string,
): z.ZodUnion<[Text, Full]> {
    const either = z.unknown().transform((value, context): unknown => {
        const meant = value === null ? undefined : { string: text, object: full }[typeof value as string];
        if (!meant) {
            context.addIssue(allowed);
            return z.NEVER;
        }
        const result = meant.safeParse(value, { reportInput: true });
        if (result.success) return result.data;
        // Who says a word that is none of the text's may have meant the object.
        if (meant === text && result.error.issues.some(({ code }) => code === "invalid_value")) {
            context.addIssue(allowed);
            return z.NEVER;
        }
        context.issues.push(...(result.error.issues as z.core.$ZodRawIssue[]));
        return z.NEVER;
    });
    return either as unknown as z.ZodUnion<[Text, Full]>;
}

/** An option of which nothing given is the same as none. */
export function unlessEmpty<S extends z.ZodType>(schema: S): z.ZodOptional<S> {
    const option = schema.optional().transform((value) => (isEmpty(value) ? undefined : value));
    return option as unknown as z.ZodOptional<S>;
}

function isEmpty(value: unknown): boolean {
    return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Names in a map as it was given, whatever that turns out to be. */
export function keysOf(value: unknown): string[] {
    return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
