import path from "node:path";
import { pack } from "tar-fs";
import type { Host } from "./host";

/** Puts one file into a folder of a container, through Docker's archive API. */
export async function uploadFile(
    { docker }: Host,
    container: string,
    file: string,
    target: { folder: string; name: string },
): Promise<void> {
    const archive = pack(path.dirname(file), {
        entries: [path.basename(file)],
        map: (header) => Object.assign(header, { name: target.name, mode: 0o644, uid: 0, gid: 0 }),
    }) as unknown as NodeJS.ReadableStream;
    await docker.getContainer(container).putArchive(archive, { path: target.folder });
}

export interface UploadedFile {
    /** From the container's root. */
    readonly path: string;
    readonly content: string;
    readonly mode: number;
}

/**
 * Puts texts into a container as root's files; Docker makes the folders that are missing. Nothing of them touches a disk here.
 *
 * @param within the folder that they are all in: of a container that can be written to only there
 */
export async function uploadTexts(
    { docker }: Host,
    container: string,
    files: readonly UploadedFile[],
    within = "/",
): Promise<void> {
    // Of this machine's files none are packed.
    const archive = pack("/", {
        entries: [],
        finalize: false,
        finish: (tar) => {
            for (const { path: file, content, mode } of files)
                tar.entry({ name: path.posix.relative(within, file), mode, uid: 0, gid: 0 }, content);
            tar.finalize();
        },
    }) as unknown as NodeJS.ReadableStream;
    await docker.getContainer(container).putArchive(archive, { path: within });
}
