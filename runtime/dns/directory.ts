import {
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readlinkSync,
    renameSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import path from "node:path";
import type { GdnsdFiles } from "./render";

const LINK = "current";
const VERSION = "version-";

/**
 * The directory that gdnsd is told to read: a link, which is turned at once from one whole configuration to another.
 * All calls block: on a file system in memory they take less than handing them over would.
 */
export class ConfigurationDirectory {
    constructor(readonly root: string) {
        mkdirSync(root, { recursive: true });
    }

    get link(): string {
        return path.join(this.root, LINK);
    }

    /** The configuration that is in use: a name for `use`. */
    get current(): string | undefined {
        try {
            return readlinkSync(this.link);
        } catch {
            return undefined;
        }
    }

    /** Writes a configuration without using it. */
    write(files: GdnsdFiles): string {
        const folder = mkdtempSync(path.join(this.root, VERSION));
        try {
            mkdirSync(path.join(folder, "zones"));
            for (const [file, text] of files) writeFileSync(path.join(folder, file), text);
        } catch (error) {
            // Half a configuration would fill a full disk for good.
            rmSync(folder, { recursive: true, force: true });
            throw error;
        }
        return path.basename(folder);
    }

    /** Undefined: there is none. */
    use(version: string | undefined): void {
        if (version === undefined) return rmSync(this.link, { force: true });
        const next = `${this.link}.next`;
        rmSync(next, { force: true });
        symlinkSync(version, next);
        renameSync(next, this.link);
    }

    /** Of others than the current one, nobody reads any more. */
    removeOthers(): void {
        const { current } = this;
        for (const name of readdirSync(this.root))
            if (name.startsWith(VERSION) && name !== current)
                rmSync(path.join(this.root, name), { recursive: true, force: true });
    }
}
