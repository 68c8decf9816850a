import { unlessGone } from "./errors";
import type { Host } from "./host";

const BLOCK = 512;

/** A file of a container, running or not; undefined when there is none. */
export async function downloadFile(
    { docker }: Host,
    container: string,
    path: string,
): Promise<{ content: Buffer; mode: number } | undefined> {
    const archive = await unlessGone(docker.getContainer(container).getArchive({ path }));
    if (!archive) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    return firstFile(Buffer.concat(chunks));
}

/** Of a tar archive (ustar): headers of a block each, then the content, filled up to whole blocks. */
function firstFile(tar: Buffer): { content: Buffer; mode: number } | undefined {
    const octal = (from: number, to: number) => parseInt(tar.toString("latin1", from, to), 8);
    for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
        const size = octal(at + 124, at + 135);
        const content = tar.subarray(at + BLOCK, at + BLOCK + size);
        const type = tar.toString("latin1", at + 156, at + 157);
        if (type === "0" || type === "\0") return { content, mode: octal(at + 100, at + 107) & 0o7777 };
        // What else there is extends the header of the file behind it.
        at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    }
    return undefined;
}
