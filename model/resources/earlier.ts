import { z } from "zod";
import { list, object } from "../schema/kit";

/**
 * What the program declares before a resource that chooses something for itself, by logical names, and what of these is
 * given: only the program knows its order. It is for the check alone, and in no state.
 */
export const earlier = list(object({ name: z.string(), given: z.string().optional() })).optional();
export type Earlier = NonNullable<z.output<typeof earlier>>[number];
