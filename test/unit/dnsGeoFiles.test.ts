import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GeoFiles } from "../../runtime/agent/dns/geo-files";

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "switchyard-geo-files-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("databases that nothing names are removed, also where their upload was cut off, and nothing else", async () => {
    for (const name of ["0a.mmdb", "0b.mmdb", "0c.mmdb.part", "notes.txt"]) writeFileSync(path.join(folder, name), "");
    await new GeoFiles(folder).keepOnly(new Set(["0a"]));
    expect(readdirSync(folder).sort()).toEqual(["0a.mmdb", "notes.txt"]);
});

test("a folder that is not there has nothing to remove", async () => {
    await new GeoFiles(path.join(folder, "none")).keepOnly(new Set());
    expect(readdirSync(folder)).toEqual([]);
});
