import * as pulumi from "@pulumi/pulumi";
import { expect } from "vitest";
import { register, valueOf, type Registration } from "./program";

/** What a program's wrong statement throws, and what was registered all the same. */
export async function refusalOf<Parts>(
    prepare: () => Parts,
    statement: (parts: Parts) => unknown,
): Promise<{ problems: string[]; urn: string; registered: Record<string, Registration> }> {
    let error: unknown;
    const registered = await register(() => {
        const given = prepare();
        try {
            statement(given);
        } catch (thrown) {
            error = thrown;
        }
    });
    if (!pulumi.ResourceError.isInstance(error)) throw new Error(`not refused, or otherwise: ${String(error)}`);
    expect(error.hideStack).toBe(true);
    return { problems: error.message.split("\n"), urn: (await valueOf(error.resource!.urn))!, registered };
}
