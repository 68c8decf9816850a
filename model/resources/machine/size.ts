import { z } from "zod";
import { numberBetween } from "../../schema/fields";
import { object, shorthand } from "../../schema/kit";
import { memory } from "../memory";
import { SIZES, type SizeName } from "./sizes";

const names = Object.keys(SIZES) as [SizeName, ...SizeName[]];

export const size = shorthand(
    z.enum(names),
    object({ cpus: numberBetween(0.01, 1024).optional(), memory: memory.optional() }),
    `must be one of ${names.map((name) => `"${name}"`).join(", ")}, or { cpus, memory }`,
);
export type Size = z.output<typeof size>;
