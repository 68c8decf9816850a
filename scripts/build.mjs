// Builds dist/: the package (CommonJS with types) and the agents' bundles. Does nothing when dist/ is newer than its sources.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const stamp = path.join(root, "dist/.built");

const sources = ["sdk", "provider", "model", "cli", "testing", "runtime"]
    .flatMap((folder) =>
        readdirSync(path.join(root, folder), { recursive: true }).map((file) => path.join(folder, file)),
    )
    .filter((file) => file.endsWith(".ts"))
    .concat("scripts/build.mjs", "tsconfig.json", "tsconfig.build.json", "package.json")
    .sort();

function isCurrent() {
    if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== sources.join("\n")) return false;
    const built = statSync(stamp).mtimeMs;
    return sources.every((file) => statSync(path.join(root, file)).mtimeMs <= built);
}

if (!isCurrent() || process.argv.includes("--force")) {
    rmSync(path.join(root, "dist"), { recursive: true, force: true });
    const tsc = spawnSync(
        process.execPath,
        [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"],
        {
            cwd: root,
            stdio: "inherit",
        },
    );
    if (tsc.status !== 0) process.exit(tsc.status ?? 1);
    chmodSync(path.join(root, "dist/cli/main.js"), 0o755);
    // A bundle's content is its version (the provider names it by hash), so nothing of this machine or release may get into it.
    await build({
        entryPoints: {
            agent: path.join(root, "runtime/agent/balancer/main.ts"),
            "dns-agent": path.join(root, "runtime/agent/dns/main.ts"),
        },
        outdir: path.join(root, "dist/runtime"),
        absWorkingDir: root,
        bundle: true,
        platform: "node",
        target: "node20",
        legalComments: "none",
    });
    writeFileSync(stamp, sources.join("\n"));
}
