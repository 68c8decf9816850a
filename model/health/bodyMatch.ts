import { RE2JS } from "re2js";
import { z } from "zod";
import { object, refuse } from "../schema/kit";

/** A health page is short. More of it would let one odd expression keep the agent busy. */
export const LONGEST_BODY_READ = 16 * 1024;
const LONGEST_TEXT = 1000;
/** Steps of the compiled expression: with so many the slowest body takes a tenth of a second, and most need twenty. */
const LARGEST_PROGRAM = 256;

/** RE2's syntax, matched in time that grows with the body's length alone: a preview refuses what an agent cannot bound. */
const expression = z
    .string()
    .min(1, "must not be empty")
    .max(LONGEST_TEXT, `must have at most ${LONGEST_TEXT} characters`)
    .check((context) => {
        try {
            const steps = RE2JS.compile(context.value).programSize();
            if (steps > LARGEST_PROGRAM)
                refuse(context, [], `must be simpler (it compiles to ${steps} steps, of at most ${LARGEST_PROGRAM})`);
        } catch (error) {
            refuse(context, [], `must be a regular expression in RE2's syntax (${reasonOf(error as Error)})`);
        }
    });

/** What the beginning of an answer's body must hold. */
export const bodyMatch = object({
    contains: z
        .string()
        .min(1, "must not be empty")
        .max(LONGEST_TEXT, `must have at most ${LONGEST_TEXT} characters`)
        .optional(),
    matches: expression.optional(),
}).check((context) => {
    const { contains, matches } = context.value;
    if ((contains === undefined) === (matches === undefined))
        refuse(context, [], "must have either contains or matches");
});
export type BodyMatch = z.infer<typeof bodyMatch>;

/** `error parsing regexp: missing closing ): "("` → `missing closing ): "("` */
function reasonOf({ message }: Error): string {
    return message.replace(/^error parsing regexp: /, "");
}

/** An agent asks for ever, and an expression is compiled once. */
const compiled = new WeakMap<BodyMatch, RE2JS>();

export function bodyMatches(match: BodyMatch, body: string): boolean {
    if (match.contains !== undefined) return body.includes(match.contains);
    const known = compiled.get(match) ?? RE2JS.compile(match.matches!);
    compiled.set(match, known);
    return known.test(body);
}
