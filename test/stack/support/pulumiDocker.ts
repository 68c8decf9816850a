import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { docker } from "./docker";
import type { Project } from "./project";

const root = path.join(__dirname, "../../..");

/** Puts a version of @pulumi/docker where a program in `folder` finds it. */
export function addPulumiDocker(folder: string, version: string): void {
    execFileSync(path.join(root, "scripts/pulumi-docker"), [folder, version], {
        stdio: ["ignore", "ignore", "inherit"],
    });
}

/** Removes what the stand-in made, whatever state a failed test left it in. */
export function removeMadeByPlugin(project: Project): void {
    const label = `label=switchyard-test=${project.name}`;
    const remove = (list: string[], command: string[]) => {
        const found = docker(...list, "--quiet", "--filter", label)
            .split("\n")
            .filter(Boolean);
        if (found.length > 0) docker(...command, ...new Set(found));
    };
    remove(["ps", "--all"], ["rm", "--force", "--volumes"]);
    remove(["network", "ls"], ["network", "rm"]);
    remove(["volume", "ls"], ["volume", "rm"]);
    remove(["image", "ls"], ["image", "rm", "--force"]);
}

/** Gives a project @pulumi/docker, and what stands in for its plugin (test/stack/pulumi-docker). */
export function usePulumiDocker(project: Project, version = "5.2.0"): void {
    addPulumiDocker(project.folder, version);
    cpSync(path.join(root, "test/stack/pulumi-docker/plugin"), path.join(project.folder, "plugin"), {
        recursive: true,
    });
    const settings = {
        name: project.name,
        runtime: "nodejs",
        plugins: { providers: [{ name: "docker", path: "plugin" }] },
    };
    writeFileSync(path.join(project.folder, "Pulumi.yaml"), JSON.stringify(settings));
}
