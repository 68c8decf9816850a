import type * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, it, vi } from "vitest";
import * as switchyard from "../../sdk";
import { register } from "./support/program";

afterEach(() => vi.unstubAllEnvs());

/** How many frames an error remembers while a machine registers, and afterwards. */
async function framesAround(registering: () => void = () => undefined) {
    const before = Error.stackTraceLimit;
    expect(before).toBeGreaterThan(1);
    let during: number | undefined;
    const seen: pulumi.ResourceTransformation = () => {
        during = Error.stackTraceLimit;
        registering();
        return undefined;
    };
    let thrown: unknown;
    await register(() => {
        const cloudService = new switchyard.CloudService("east");
        try {
            new switchyard.VirtualMachine("web", { cloudService, image: "nginx" }, { transformations: [seen] });
        } catch (error) {
            thrown = error;
        }
    });
    return { before, during, after: Error.stackTraceLimit, thrown };
}

it("keeps no stack for each promise of a machine, and leaves the program's own errors as they are", async () => {
    const { before, during, after } = await framesAround();
    expect({ during, after }).toEqual({ during: 1, after: before });
});

it("leaves them so when the registration fails, and says where that was", async () => {
    const { before, after, thrown } = await framesAround(function fails() {
        throw new Error("not this one");
    });
    expect(after).toBe(before);
    expect((thrown as Error).stack).toMatch(/not this one\n.*fails/);
});

it("keeps them for who looks for leaks", async () => {
    vi.stubEnv("PULUMI_DEBUG_PROMISE_LEAKS", "1");
    const { before, during } = await framesAround();
    expect(during).toBe(before);
});
