import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { undoAtExit } from "./undo";

let folder: string | undefined;
let count = 0;

/** A folder that is gone when this process is. */
export function temporaryFolder(): string {
    if (folder === undefined) {
        const made = mkdtempSync(path.join(tmpdir(), "switchyard-bench-"));
        undoAtExit(() => rmSync(made, { recursive: true, force: true }));
        folder = made;
    }
    return folder;
}

export function temporaryPath(name: string): string {
    return path.join(temporaryFolder(), `${++count}-${name}`);
}

export function writeTemporary(name: string, content: string): string {
    const file = temporaryPath(name);
    writeFileSync(file, content);
    return file;
}
