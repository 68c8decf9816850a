import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
    interface ProvidedContext {
        /** The package, as it would be published. */
        tarball: string;
        /** A folder below which programs find the package and what it needs. */
        installation: string;
    }
}

const root = path.join(__dirname, "../../..");

/** Packs the package once for all tests of stacks, so that they use what users get, whatever happens to dist/ meanwhile. */
export default function setup(project: TestProject): () => void {
    const folder = mkdtempSync(path.join(tmpdir(), "switchyard-stack-"));
    const run = (command: string, ...args: string[]) =>
        execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

    run(process.execPath, "scripts/build.mjs");
    const file = run("npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", folder).trim();
    const tarball = path.join(folder, file);

    const installation = path.join(folder, "installation");
    const modules = path.join(installation, "node_modules");
    mkdirSync(path.join(modules, "pulumi-switchyard"), { recursive: true });
    run("tar", "-xzf", tarball, "-C", path.join(modules, "pulumi-switchyard"), "--strip-components=1");
    for (const name of readdirSync(path.join(root, "node_modules"))) {
        if (name === "pulumi-switchyard" || name.startsWith(".")) continue;
        symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
    }

    project.provide("tarball", tarball);
    project.provide("installation", installation);
    return () => rmSync(folder, { recursive: true, force: true });
}
