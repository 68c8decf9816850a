import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { galleryRepository, type GalleryImageName } from "../model/gallery";

/** Where the package is installed: above this file, whether it runs from dist/ or from its source. */
export function packageRoot(): string {
    let folder = __dirname;
    while (!existsSync(path.join(folder, "package.json"))) {
        const parent = path.dirname(folder);
        if (parent === folder) throw new Error(`pulumi-switchyard is not installed as a package around ${__dirname}`);
        folder = parent;
    }
    return folder;
}

/** The kinds of runtimes. */
export type RuntimeName = "gateway" | "dns";

const HASH_LENGTH = 12;

/** A file that is named by its content. */
export interface Bundle {
    readonly file: string;
    readonly hash: string;
}

/** The agent that this version of the package brings for runtimes of a kind. */
export function agentBundle(runtime: RuntimeName): Bundle {
    const file = path.join(packageRoot(), "dist/runtime", runtime === "gateway" ? "agent.js" : `${runtime}-agent.js`);
    if (!existsSync(file)) throw new Error(`${file} is missing; run npm run build in ${packageRoot()}`);
    return bundleOf(file);
}

export function bundleOf(file: string): Bundle {
    return { file, hash: shortHash((hash) => hash.update(readFileSync(file))) };
}

/** The folder from which Docker builds an image, and the image's name by what is in it. */
export interface ImageContext {
    readonly folder: string;
    readonly name: string;
    /** The folders within that belong to this image; all of them where it is not said. */
    readonly parts?: readonly string[];
    /** Within the folder; `Dockerfile` where it is not said. */
    readonly dockerfile?: string;
}

/** Of what runtimes have in common, and what only one of them has: the other's may change without a new image. */
export function runtimeImageContext(runtime: RuntimeName): ImageContext {
    const folder = path.join(packageRoot(), "runtime/image");
    const repository = runtime === "gateway" ? "switchyard-runtime" : `switchyard-${runtime}-runtime`;
    const parts = ["common", runtime];
    return { folder, parts, name: `${repository}:${contextHash(folder, parts)}`, dockerfile: `${runtime}/Dockerfile` };
}

export function galleryImageContext(image: GalleryImageName): ImageContext {
    const folder = path.join(packageRoot(), `gallery/${image}`);
    return { folder, name: `${galleryRepository(image)}:${contextHash(folder)}` };
}

/** Changes with any file's path, content or executable bit, and with nothing else. */
export function contextHash(folder: string, parts: readonly string[] = ["."]): string {
    const files = parts
        .flatMap((part) =>
            readdirSync(path.join(folder, part), { recursive: true, encoding: "utf8" }).map((file) =>
                path.join(part, file),
            ),
        )
        .filter((file) => statSync(path.join(folder, file)).isFile())
        .map((file) => ({ file, name: file.split(path.sep).join("/") }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    return shortHash((hash) => {
        for (const { file, name } of files) {
            const content = readFileSync(path.join(folder, file));
            const executable = (statSync(path.join(folder, file)).mode & 0o100) !== 0;
            hash.update(`${name}\0${executable ? "x" : "-"}\0${content.length}\0`).update(content);
        }
    });
}

function shortHash(feed: (hash: ReturnType<typeof createHash>) => void): string {
    const hash = createHash("sha256");
    feed(hash);
    return hash.digest("hex").slice(0, HASH_LENGTH);
}
