import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { createRequire } from "node:module";
import path from "node:path";
import type * as Switchyard from "../../../sdk";
import { environmentOf, Project } from "./project";

/**
 * A project whose program runs in the test's own process, as the Automation API does it. Some of Pulumi's options call
 * back into the program (transforms of a whole stack, hooks), which the language host of scripts/setup does not pass on.
 */
export class InlineProject {
    readonly #project: Project;
    /** The package as it is installed. */
    readonly switchyard: typeof Switchyard;

    constructor(below: string) {
        this.#project = new Project(below, "service");
        this.switchyard = createRequire(path.join(this.#project.folder, "index.js"))(
            "pulumi-switchyard",
        ) as typeof Switchyard;
    }

    get name(): string {
        return this.#project.name;
    }

    stack(label: string, program: () => Promise<Record<string, unknown> | void>): Promise<Stack> {
        const stackName = `${label}-${this.name.split("-").pop()}`;
        return LocalWorkspace.createStack(
            { stackName, projectName: this.name, program },
            { workDir: this.#project.folder, envVars: environmentOf(this.#project) },
        );
    }

    remove(): void {
        this.#project.remove();
    }
}
