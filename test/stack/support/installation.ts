import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "../../..");

/** The package as it would be published, and a folder below which programs find it and what it needs. */
export interface Installation {
    readonly tarball: string;
    readonly installation: string;
}

/** Packs the package and installs it below a folder, as users get it. */
export function install(folder: string): Installation {
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
    return { tarball, installation };
}
