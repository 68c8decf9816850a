import * as pulumi from "@pulumi/pulumi";
import { unknownProperties } from "../../model/schema/unknownProperties";
import { kindOf, type Kind } from "./brand";

/** `property: what is allowed (got …)` */
export type Problem = string;

/** Every argument that a program may give, by name: one that is misspelt would be as if it were not there. */
export type Properties<Args> = Readonly<Record<Args extends unknown ? keyof Args : never, true>>;

/** What is wrong with arguments that are neither refused nor known to any schema. */
export function problemsOfArguments<Args extends object>(
    args: Args,
    allowed: Properties<Args>,
    problemsOf: (args: Args) => readonly Problem[],
    path = "",
): Problem[] {
    const given: unknown = args;
    if (typeof given !== "object" || given === null || Array.isArray(given) || isEventual(given))
        return [`${path ? `${path}: ` : ""}must be given an object of its arguments (got ${describe(given)})`];
    const unknown = unknownProperties(given, Object.keys(allowed));
    const missing = new Set(unknown.map(({ meant }) => `${meant}: is required`));
    return [
        ...problemsOf(args).filter((problem) => !missing.has(problem)),
        ...unknown.map(({ sentence }) => (path ? `${path}: ${sentence}` : sentence)),
    ];
}

/**
 * Refuses a resource, with all that is wrong with it in one message on the resource's own row.
 *
 * It is called before the resource registers, so that nothing wrong is ever applied: the error stands for the resource
 * by the URN that it would have had.
 */
export function refuse(
    problems: readonly Problem[],
    type: string,
    name: string,
    options: pulumi.ResourceOptions | undefined,
): void {
    if (problems.length === 0) return;
    const unborn = { urn: pulumi.createUrn(name, type, options?.parent) } as pulumi.Resource;
    throw new pulumi.ResourceError(messageOf(problems, type, name), unborn, true);
}

/** Whoever shows only the message, as Node and the Automation API do, is to know whose it is. */
export function messageOf(problems: readonly Problem[], type: string, name: string): string {
    const subject = `${type.split(":").pop()} ${name}`;
    const [only, ...others] = problems;
    if (others.length === 0) return `${subject} has a problem: ${only}`;
    return [`${subject} has ${problems.length} problems:`, ...problems].join("\n");
}

/** The problem with a value that should be a resource of this package, if there is one. */
export function notA(kind: Kind, property: string, value: unknown): Problem[] {
    if (value === undefined || value === null) return [`${property}: is required`];
    if (kindOf(value) === kind) return [];
    return [`${property}: must be a ${kind} (got ${describe(value)})`];
}

/** Whether a value is known only while the program runs. */
export function isEventual(value: unknown): boolean {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** A value in few words, for messages; never what is inside an Output. */
export function describe(value: unknown): string {
    const kind = kindOf(value);
    if (kind) return `a ${kind}`;
    if (pulumi.Output.isInstance(value)) return "an Output";
    if (pulumi.Resource.isInstance(value)) return `a ${value.constructor.name}`;
    if (Array.isArray(value)) return value.length === 0 ? "[]" : "a list";
    if (value !== null && typeof value === "object") return value instanceof Promise ? "a Promise" : "an object";
    return JSON.stringify(value) ?? typeof value;
}
