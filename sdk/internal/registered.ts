import * as pulumi from "@pulumi/pulumi";

/**
 * An input as its resource has it in the end: transforms and `ignoreChanges` may have changed what the program gives, and
 * what applies a declaration applies what the declaration's row shows.
 *
 * Where a secret or an unknown value is in it, it is as given: the resource's output would be so as a whole, and hide
 * what is beside.
 *
 * @param of takes what is meant out of the resource's property, and is not called where that has no value
 * @param whole what the program gives for the property, where `given` is a part of it
 */
export function registered<T>(
    resource: pulumi.CustomResource,
    property: string,
    given: unknown,
    of: (value: object) => unknown = (value) => value,
    whole: unknown = given,
): pulumi.Output<T> {
    const made = (resource as unknown as Record<string, pulumi.Output<unknown> | undefined>)[property];
    const decided = made ? decide(made, whole) : Promise.resolve("nothing");
    return pulumi.output(decided).apply((which) => {
        if (which === "given") return given;
        if (which === "nothing") return undefined;
        return made!.apply((value) => (value === undefined ? undefined : of(value as object)));
    }) as pulumi.Output<T>;
}

/** Several of them, by the properties of `given`. */
export function allRegistered<Given extends object>(
    resource: pulumi.CustomResource,
    given: Given,
): { [Property in keyof Given]-?: pulumi.Output<unknown> } {
    return Object.fromEntries(
        Object.entries(given).map(([property, value]) => [property, registered(resource, property, value)]),
    ) as never;
}

async function decide(made: pulumi.Output<unknown>, given: unknown): Promise<"made" | "given" | "nothing"> {
    if (await isKnown(made)) return (await pulumi.isSecret(made)) ? "given" : "made";
    // In a preview an output without a value is not known either.
    return (await isKnown(pulumi.output(given))) ? "nothing" : "given";
}

/** False of a resource that fails: nothing of it is applied, and its other outputs tell why. */
function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
    return (output as unknown as { isKnown: Promise<boolean> }).isKnown.catch(() => false);
}
