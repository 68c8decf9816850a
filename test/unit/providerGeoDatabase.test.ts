import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findDatabase } from "../../provider/dns/geoDatabase";

let program: string;
beforeEach(() => {
    program = mkdtempSync(path.join(tmpdir(), "switchyard-geo-"));
});
afterEach(() => rmSync(program, { recursive: true }));

function put(file: string, content = file): void {
    mkdirSync(path.dirname(path.join(program, file)), { recursive: true });
    writeFileSync(path.join(program, file), content);
}

describe("a geo database", () => {
    it("given as a file, then it is found from the program's directory, and named by its content", () => {
        put("data/country.mmdb", "one");
        const { file, hash } = findDatabase({ file: "data/country.mmdb" }, program);
        expect(file).toBe(path.join(program, "data/country.mmdb"));
        expect(findDatabase({ file }, "/").hash).toBe(hash);
        put("data/country.mmdb", "two");
        expect(findDatabase({ file: "data/country.mmdb" }, program).hash).not.toBe(hash);
    });

    it("given a package of the program or above it, then its one database is found", () => {
        put("node_modules/@geo/country/country-ipv4.mmdb");
        put("node_modules/@geo/country/country-ipv6.mmdb");
        put("node_modules/@geo/country/country.mmdb");
        const folder = path.join(program, "node_modules/@geo/country");
        expect(findDatabase({ package: "@geo/country" }, program).file).toBe(path.join(folder, "country.mmdb"));
        mkdirSync(path.join(program, "stacks/dev"), { recursive: true });
        expect(
            findDatabase({ package: "@geo/country", file: "country-ipv4.mmdb" }, path.join(program, "stacks/dev")).file,
        ).toBe(path.join(folder, "country-ipv4.mmdb"));
    });

    it.each([
        [{ package: "geo-none" }, "must be installed where the program is: npm install geo-none"],
        [{ package: "geo-empty" }, "must hold one .mmdb file, or file must name one (geo-empty holds none)"],
        [{ package: "geo-two" }, "must hold one .mmdb file, or file must name one (geo-two holds a.mmdb, b.mmdb)"],
        [{ package: "geo-two", file: "c.mmdb" }, /^must name a file; .*geo-two.c\.mmdb is none$/],
        [{ file: "node_modules" }, /^must name a file; .*node_modules is none$/],
    ])("given %j, then the sentence says what to do", (given, message) => {
        put("node_modules/geo-empty/readme.md");
        put("node_modules/geo-two/a.mmdb");
        put("node_modules/geo-two/b.mmdb");
        expect(() => findDatabase(given, program)).toThrow(message);
    });
});
