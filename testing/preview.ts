import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../model/schema/unknown";
import { claims } from "../provider/context";
import { useNoHost } from "../provider/docker/host";
import * as providers from "../provider/v1";

/** How a program is run. */
export interface PreviewOptions {
    /** @default "project" */
    project?: string;
    /** @default "dev" */
    stack?: string;
    /**
     * Settings of the program, by their names in it, or with another namespace.
     *
     * @default none
     * @example { port: "8080", "aws:region": "eu-west-1" }
     */
    config?: Record<string, string>;
    /**
     * What answers for resources of other packages, stack references and functions.
     *
     * @default resources get back what they are given, and functions nothing
     */
    mocks?: Partial<pulumi.runtime.Mocks>;
}

/** By name. A test knows what it looks for in them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Inputs = Record<string, any>;

/** A resource that a program declares. */
export interface PreviewedResource {
    /** The last part of its type: `"LoadBalancer"`. */
    readonly type: string;
    readonly name: string;
    /**
     * As a first `pulumi preview` shows them: checked, with defaults. Secrets are plain; what Pulumi or Docker would only
     * tell later is `UNKNOWN`.
     */
    readonly inputs: Inputs;
}

/** What a program declares. */
export interface ProgramPreview {
    /** In the order in which they are registered. */
    readonly resources: readonly PreviewedResource[];
    /** All that is wrong with the program: `LoadBalancedSet http: publicPort: must be 1 to 65535 (got 70000)`. */
    readonly mistakes: readonly string[];

    /**
     * The inputs of one resource.
     *
     * @throws Error that says which there are, when the program has no such resource
     */
    inputs(type: string, name: string): Inputs;
}

/**
 * Runs a program as its first `pulumi preview` would: with the checks that the providers make, but without Pulumi's CLI,
 * without Docker, and without anything made. What only the Docker host can tell (a port that is taken, say) it does
 * not see.
 *
 * It takes the place of `pulumi.runtime.setMocks`. Import the program within the function, so that it runs each time:
 * one whose file is loaded already does not run again.
 *
 * @example
 * ```ts
 * const { mistakes, inputs } = await previewProgram(() => import("../index.js"), { config: { port: "8080" } });
 * assert.deepEqual(mistakes, []);
 * assert.equal(inputs("LoadBalancedSet", "http").probe.path, "/healthz");
 * ```
 */
export async function previewProgram(program: () => unknown, options: PreviewOptions = {}): Promise<ProgramPreview> {
    const { project = "project", stack = "dev", config = {}, mocks = {} } = options;
    const resources: PreviewedResource[] = [];
    const mistakes: string[] = [];
    useNoHost();
    claims.clear();
    await pulumi.runtime.setMocks(
        {
            call: (args) => mocks.call?.(args) ?? {},
            newResource: async (args) => {
                const type = args.type.split(":").pop()!;
                const given = plain(args.inputs) as Inputs;
                const check = checkOf(args.type);
                if (!check) {
                    resources.push({ type, name: args.name, inputs: given });
                    return mocks.newResource?.(args) ?? { id: args.name, state: args.inputs as object };
                }
                const { __provider, ...news } = given;
                const { inputs, failures = [] } = await check({}, news);
                mistakes.push(...failures.map(({ reason }) => `${type} ${args.name}: ${reason}`));
                const { __urn, ...checked } = inputs as Inputs;
                resources.push({ type, name: args.name, inputs: checked });
                // What follows from a mistake is none of its own.
                const known = failures.length === 0;
                return { id: "", state: known ? checked : mapValues(checked, () => UNKNOWN) };
            },
        },
        project,
        stack,
        true,
    );
    const settings = Object.entries(config).map(([key, value]) => [
        key.includes(":") ? key : `${project}:${key}`,
        value,
    ]);
    pulumi.runtime.setAllConfig(Object.fromEntries(settings) as Record<string, string>);
    try {
        await program();
    } catch (error) {
        mistakes.push((error as Error).message);
    }
    await pulumi.runtime.disconnect();

    const inputs = (type: string, name: string): Inputs => {
        const found = resources.find((resource) => resource.type === type && resource.name === name);
        if (found) return found.inputs;
        const there = resources.map((resource) => `${resource.type} ${resource.name}`).join(", ");
        throw new Error(`the program has no ${type} ${name} (it has ${there || "no resources"})`);
    };
    return { resources, mistakes, inputs };
}

type Check = (olds: object, news: object) => Promise<{ inputs: object; failures?: { reason: string }[] }>;

/** Of a type such as `pulumi-nodejs:dynamic/switchyard:LoadBalancer`. */
function checkOf(type: string): Check | undefined {
    const [, name] = /^pulumi-nodejs:dynamic\/switchyard:(\w+)$/.exec(type) ?? [];
    if (name === undefined) return undefined;
    const key = `${name[0]!.toLowerCase()}${name.slice(1)}` as keyof typeof providers;
    return providers[key]?.check as Check;
}

/** As a provider has values in a preview: what Pulumi puts around a secret is gone. */
function plain(value: unknown): unknown {
    if (pulumi.isUnknown(value)) return UNKNOWN;
    if (typeof value !== "object" || value === null) return value;
    if (pulumi.runtime.isRpcSecret(value)) return plain(pulumi.runtime.unwrapRpcSecret(value));
    return Array.isArray(value) ? value.map(plain) : mapValues(value, plain);
}

function mapValues(value: object, map: (entry: unknown) => unknown): Record<string, unknown> {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, map(entry)]));
}
