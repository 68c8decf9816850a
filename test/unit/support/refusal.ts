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
    const urn = (await valueOf(error.resource!.urn))!;
    return { problems: problemsIn(error.message, urn), urn, registered };
}

/** The lines of a message that begins with whose they are, and how many. */
export function problemsIn(message: string, urn: string): string[] {
    const { name, type } = /:(?<type>\w+)::(?<name>[^:]+)$/.exec(urn)!.groups!;
    const [head, ...others] = message.split("\n");
    if (others.length > 0) {
        expect(head).toBe(`${type} ${name} has ${others.length} problems:`);
        return others;
    }
    const start = `${type} ${name} has a problem: `;
    expect(head!.startsWith(start), head).toBe(true);
    return [head!.slice(start.length)];
}
