import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

const TYPE = "application/vnd.docker.distribution.manifest";

/** Something that a registry keeps by its digest. */
export interface Blob {
    readonly type: string;
    readonly bytes: Buffer;
}

/** An image for one platform: a file that no other image has, and nothing that runs. */
export function imageFor(platform: string): { manifest: Blob; parts: Blob[] } {
    const [os, architecture, variant] = platform.split("/");
    const folder = mkdtempSync(path.join(tmpdir(), "switchyard-layer-"));
    writeFileSync(path.join(folder, "content"), randomUUID());
    const tar = execFileSync("tar", ["-C", folder, "-c", "content"]);
    rmSync(folder, { recursive: true });
    const layer = { type: "application/vnd.docker.image.rootfs.diff.tar.gzip", bytes: gzipSync(tar) };
    const config = json("application/vnd.docker.container.image.v1+json", {
        os,
        architecture,
        variant,
        config: { Cmd: ["/content"] },
        rootfs: { type: "layers", diff_ids: [digestOf(tar)] },
    });
    const manifest = json(`${TYPE}.v2+json`, { ...VERSION, config: describe(config), layers: [describe(layer)] });
    return { manifest, parts: [layer, config] };
}

/** One name for the images of several platforms. */
export function listOf(images: Readonly<Record<string, Blob>>): Blob {
    const manifests = Object.entries(images).map(([platform, manifest]) => {
        const [os, architecture, variant] = platform.split("/");
        return { ...describe(manifest), platform: { os, architecture, variant } };
    });
    return json(`${TYPE}.list.v2+json`, { ...VERSION, manifests });
}

export function digestOf(bytes: Buffer): string {
    return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

const VERSION = { schemaVersion: 2 };

function json(type: string, content: object): Blob {
    const typed = "schemaVersion" in content ? { ...content, mediaType: type } : content;
    return { type, bytes: Buffer.from(JSON.stringify(typed)) };
}

function describe({ type, bytes }: Blob) {
    return { mediaType: type, size: bytes.length, digest: digestOf(bytes) };
}
