import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigurationDirectory } from "../../runtime/dns/directory";

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), "switchyard-directory-"))));
afterEach(() => rmSync(root, { recursive: true }));

test("a configuration that cannot be written whole leaves nothing behind, and the one before is in use", () => {
    const directory = new ConfigurationDirectory(root);
    const used = directory.write(new Map([["config", "one"]]));
    directory.use(used);
    const half = new Map([
        ["config", "two"],
        ["no-such-folder/zone", "two"],
    ]);
    for (let times = 0; times < 3; times++) expect(() => directory.write(half)).toThrow("ENOENT");
    expect(readdirSync(root).sort()).toEqual(["current", used]);
    expect(readFileSync(path.join(directory.link, "config"), "utf8")).toBe("one");
});
