import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { unlessGone } from "./errors";
import type { Host } from "./host";

/** A file of a container, running or not; undefined when there is none. */
export async function downloadFile(
    { docker }: Host,
    container: string,
    path: string,
): Promise<{ content: Buffer; mode: number } | undefined> {
    const archive = await unlessGone(docker.getContainer(container).getArchive({ path }));
    if (!archive) return undefined;
    const tar = extract();
    tar.end(await buffer(archive));
    for await (const entry of tar) {
        // Of a folder all that is in it would follow.
        if (entry.header.type !== "file") break;
        return { content: await buffer(entry), mode: entry.header.mode & 0o7777 };
    }
    return undefined;
}
