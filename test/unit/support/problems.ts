import type { z } from "zod";
import { describeProblems } from "../../../model/schema/problems";

/** What a person is told about this input; nothing when it is accepted. */
export function problems(schema: z.ZodType, input: unknown, secret: readonly string[] = []): string[] {
    const result = schema.safeParse(input);
    return result.success ? [] : describeProblems(result.error, input, secret);
}
