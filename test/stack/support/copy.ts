import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { environmentOf, type Project } from "./project";

/** A program at another path, with an installation of the package of its own, and the same state. */
export class Copy {
    readonly #folder: string;

    /** @param version what its package says of itself */
    constructor(
        private readonly project: Project,
        installation: string,
        version: string,
    ) {
        this.#folder = mkdtempSync(path.join(path.dirname(installation), "elsewhere-"));
        const modules = this.folder("node_modules");
        const installed = path.join(installation, "node_modules");
        for (const name of readdirSync(installed))
            if (name !== "pulumi-switchyard") symlinkSync(path.join(installed, name), path.join(modules, name));
        const own = path.join(modules, "pulumi-switchyard");
        cpSync(path.join(installed, "pulumi-switchyard"), own, { recursive: true });
        const manifest = path.join(own, "package.json");
        writeFileSync(manifest, JSON.stringify({ ...(JSON.parse(readFileSync(manifest, "utf8")) as object), version }));
        const state = path.join(project.folder, "state");
        cpSync(project.folder, path.join(this.#folder, "program"), {
            recursive: true,
            filter: (file) => file !== state,
        });
    }

    stack(stackName: string, environment: Record<string, string> = {}): Promise<Stack> {
        const envVars = { ...environmentOf(this.project), ...environment };
        return LocalWorkspace.selectStack({ stackName, workDir: path.join(this.#folder, "program") }, { envVars });
    }

    folder(name: string): string {
        const folder = path.join(this.#folder, name);
        mkdirSync(folder);
        return folder;
    }

    /** A folder with a `node` of the next line of releases, which scripts/setup --for-tests brings. */
    nextNode(): string {
        const folder = this.folder("bin");
        const node24 = execFileSync("sh", ["-c", "command -v node24"], { encoding: "utf8" }).trim();
        symlinkSync(node24, path.join(folder, "node"));
        return folder;
    }

    remove(): void {
        rmSync(this.#folder, { recursive: true, force: true });
    }
}
