import { z } from "zod";
import { keysOf, map, object, refuse, shorthand, unlessEmpty } from "../../schema/kit";
import { pathProblem } from "./paths";

/** Docker writes these itself, over whatever is there. */
const OF_DOCKER = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];

export const DEFAULT_MODE = "0644";

const mode = z
    .string()
    .regex(/^[0-7]{3,4}$/, 'must be an octal mode such as "0600"')
    .transform((mode) => mode.padStart(4, "0"));

/** Stays as it was given: contents are secrets, and a value made from a secret would be none. */
const file = shorthand(
    z.string(),
    object({ content: z.string(), mode: mode.optional() }),
    "must be the content of a file, or { content, mode }",
);

/** Files that a new machine finds, by path. */
export const userData = unlessEmpty(
    map(file).check((context) => {
        for (const path of keysOf(context.value)) {
            const problem = pathProblem(path);
            if (problem) refuse(context, [], problem);
            if (OF_DOCKER.includes(path)) refuse(context, [], `must not hold ${path}, which Docker writes`);
        }
    }),
);
export type UserData = NonNullable<z.output<typeof userData>>;
