import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { install } from "./installation";

declare module "vitest" {
    interface ProvidedContext {
        /** The package, as it would be published. */
        tarball: string;
        /** A folder below which programs find the package and what it needs. */
        installation: string;
    }
}

/** Packs the package once for all tests of stacks, so that they use what users get, whatever happens to dist/ meanwhile. */
export default function setup(project: TestProject): () => void {
    const folder = mkdtempSync(path.join(tmpdir(), "switchyard-stack-"));
    const { tarball, installation } = install(folder);
    project.provide("tarball", tarball);
    project.provide("installation", installation);
    return () => rmSync(folder, { recursive: true, force: true });
}
