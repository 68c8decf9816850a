import type { Stack } from "@pulumi/pulumi/automation";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { inject } from "vitest";
import { docker, objectsOf } from "./docker";
import { Project, stepsOf, type Steps } from "./project";

/** One of examples/, as a user would run it, with names of its own. */
export class Example {
    readonly project: Project;
    #stack: Stack | undefined;

    /**
     * @param name its folder
     * @param beside whose stack it refers to
     */
    constructor(
        readonly name: string,
        readonly beside?: Example,
    ) {
        this.project = new Project(inject("installation"), `examples/${name}`);
        // As it is copied, the example looks for the settings of this repository.
        const compilerOptions = { target: "es2022", module: "nodenext", moduleResolution: "nodenext", strict: true };
        writeFileSync(path.join(this.project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    }

    async configure(values: Record<string, string | number>): Promise<void> {
        const stack = await this.stack();
        for (const [key, value] of Object.entries(values)) await stack.setConfig(key, { value: String(value) });
    }

    async preview(): Promise<Steps["byResource"]> {
        return ofProgram(await stepsOf(await this.stack(), "preview"));
    }

    async up(): Promise<Steps["byResource"]> {
        return ofProgram(await stepsOf(await this.stack(), "up"));
    }

    /** A value that the program exports. */
    async output(name: string): Promise<string> {
        return String((await (await this.stack()).outputs())[name]?.value);
    }

    /** The container of a virtual machine. */
    async container(machine: string): Promise<string> {
        return `${(await this.stack()).name}-${machine}-1`;
    }

    /** @returns what is left of it on the Docker host: nothing, if all is well */
    async destroy(): Promise<string[]> {
        await (await this.stack()).destroy();
        return Object.values(objectsOf(this.project.name)).flat();
    }

    /** Removes all that it made, whatever state a failed test left it in. */
    remove(): void {
        // Of a failed test; a destroyed stack has none. Others may use the same gallery images.
        const ofThis = ["--filter", `label=io.switchyard.project=${this.project.name}`];
        const images = docker("ps", "--all", ...ofThis, "--format", "{{.Image}}").split("\n");
        this.project.remove();
        for (const image of new Set(images.filter((name) => name.startsWith("switchyard-gallery-")))) {
            try {
                docker("image", "rm", image);
            } catch {
                // Somebody has a container of it, or was faster.
            }
        }
    }

    async stack(): Promise<Stack> {
        return (this.#stack ??= await this.project.stack(path.basename(this.name), this.beside?.project));
    }
}

/** Pulumi hands the stack's settings to providers too, so each new value shows on the one that all share. */
function ofProgram(steps: Steps["byResource"]): Steps["byResource"] {
    const { "pulumi-nodejs default": _provider, ...others } = steps;
    return others;
}
