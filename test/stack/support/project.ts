import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { removeObjectsOf } from "./docker";

const root = path.join(__dirname, "../../..");

/** The tools and settings that scripts/env gives to a shell. */
export function useScriptsEnv(): void {
    const text = execFileSync("bash", ["-c", ". scripts/env && env -0"], { cwd: root, encoding: "utf8" });
    for (const entry of text.split("\0")) {
        const [name, ...value] = entry.split("=");
        if (name) process.env[name] = value.join("=");
    }
}

export function newId(): string {
    return randomBytes(4).toString("hex");
}

/** A Pulumi project of a test, with a name and a state of its own. */
export class Project {
    readonly #id: string;
    readonly name: string;
    readonly folder: string;

    /**
     * @param below a folder from which the package can be found
     * @param program a folder of test/stack/programs, or a path such as `examples/gallery`
     * @param id that nobody else has
     */
    constructor(below: string, program: string, id = newId()) {
        useScriptsEnv();
        this.#id = id;
        this.name = `switchyard-test-${id}`;
        this.folder = path.join(below, this.name);
        mkdirSync(path.join(this.folder, "state"), { recursive: true });
        const folder = program.includes("/") ? program : path.join("test/stack/programs", program);
        cpSync(path.join(root, folder), this.folder, { recursive: true });
        writeFileSync(path.join(this.folder, "Pulumi.yaml"), JSON.stringify({ name: this.name, runtime: "nodejs" }));
    }

    /**
     * A stack whose name nobody else has: it begins the names of all that is made on the host.
     *
     * @param beside the project that has the state, so that their stacks can refer to each other
     */
    stack(label: string, beside: Project = this): Promise<Stack> {
        const options = { envVars: environmentOf(beside) };
        return LocalWorkspace.createStack({ stackName: `${label}-${this.#id}`, workDir: this.folder }, options);
    }

    /** The file in which Pulumi keeps what it knows of a stack. */
    stateOf(stack: Stack): string {
        return path.join(this.folder, "state/.pulumi/stacks", this.name, `${stack.name}.json`);
    }

    /** What the program of a stack reads to know what to declare. */
    declare(stack: Stack, shape: object): void {
        writeFileSync(path.join(this.folder, `${stack.name}.json`), JSON.stringify(shape));
    }

    /** Removes all that the project made, whatever state a failed test left it in. */
    remove(): void {
        removeObjectsOf(this.name);
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** What tells the CLI where a project's state is. */
export function environmentOf({ folder }: Pick<Project, "folder">): Record<string, string> {
    return { PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`, PULUMI_CONFIG_PASSPHRASE: "" };
}

/** What Pulumi does with a resource, and which of its properties change. */
export interface Step {
    /** Of a replacement the part that comes first: `create-replacement`, or `delete-replaced` where the old one must go. */
    readonly op: string;
    readonly changes: string[];
    /** The properties that make it a replacement. */
    readonly replaces?: string[];
}

type Operation = "preview" | "up" | "refresh" | "destroy";

/** What an operation does that is more than looking, by `Type name`. */
export async function stepsOf(stack: Stack, operation: Operation, options: object = {}): Promise<Steps["byResource"]> {
    const { byResource, onEvent } = new Steps();
    await stack[operation]({ onEvent, ...options });
    return byResource;
}

/** Steps in a word each: `update probe.path`. */
export function rowsOf(steps: Steps["byResource"]): Record<string, string> {
    return Object.fromEntries(Object.entries(steps).map(([row, { op, changes }]) => [row, [op, ...changes].join(" ")]));
}

/** What an operation that must fail says of each resource: `Type name: sentence`. */
export async function errorsOf(stack: Stack, operation: Operation, options: object = {}): Promise<string[]> {
    const { errors, onEvent } = new Steps();
    await expect(stack[operation]({ onEvent, ...options })).rejects.toThrow();
    return errors.filter(({ on }) => on !== "").map(({ on, message }) => `${on}: ${message}`);
}

/** Collects the steps of an operation that are more than looking, by `Type name`. */
export class Steps {
    readonly byResource: Record<string, Step> = {};
    readonly errors: { on: string; message: string }[] = [];

    readonly onEvent = (event: EngineEvent): void => {
        const { diagnosticEvent, resourcePreEvent } = event;
        if (diagnosticEvent?.severity === "error") {
            this.errors.push({ on: rowOf(diagnosticEvent.urn), message: plain(diagnosticEvent.message) });
        }
        if (!resourcePreEvent) return;
        const { urn, op, detailedDiff, keys } = resourcePreEvent.metadata;
        if (op === "same" || op === "refresh" || op === "read") return;
        const row = rowOf(urn);
        const before = op.includes("replace") ? this.byResource[row] : undefined;
        // It comes last where it does not come first, and says nothing of why.
        if (before && op === "delete-replaced") return;
        const changes = Object.keys(detailedDiff ?? {}).sort();
        this.byResource[row] = { op: before?.op ?? op, changes, ...(keys?.length && { replaces: keys }) };
    };
}

/** `LoadBalancedSet http` */
export function rowOf(urn: string | undefined): string {
    const [, , types, name] = (urn ?? "").split("::");
    return types ? `${types.split(":").pop()} ${name}` : "";
}

/** Without the CLI's colours. */
function plain(message: string): string {
    // eslint-disable-next-line no-control-regex
    return message.replace(/<\{%[^%]*%\}>|\x1b\[[\d;]*m/g, "").trim();
}
