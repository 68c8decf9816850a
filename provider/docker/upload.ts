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
