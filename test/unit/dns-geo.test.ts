import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ByPlace } from "../../model/dns/decision";
import { divisionBy, mapsOf } from "../../model/dns/divisions";
import { EMPTY_PLAN, type DnsPlan } from "../../model/dns/plan";
import { GeoDatabase } from "../../runtime/dns";
import { PlaceTables } from "../../runtime/dns/geo/place-tables";
import { placeCodes } from "../../runtime/dns/geo/table";
import { FORMS, geoDatabase } from "./support/geoDatabase";

let folder: string;
beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "switchyard-geo-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLACES = {
    "10.0.0.0/8": "US",
    "10.1.0.0/16": "US-CA",
    "10.1.2.0/24": "DE",
    "192.0.2.0/24": "FR",
    "203.0.113.7/32": "JP",
    "2001:db8::/32": "US-NY",
    "2001:db8:1::/48": "BR",
};

let files = 0;
function fileWith(bytes: Buffer): string {
    const file = path.join(folder, `${files++}.mmdb`);
    writeFileSync(file, bytes);
    return file;
}

describe("a geo database", () => {
    it.each(Object.entries(FORMS))("in the form of %s tells where addresses are", async (title, form) => {
        const database = await GeoDatabase.open(fileWith(geoDatabase(PLACES, form)));
        const state = (state: string) => (title === "GeoIP2 City" ? { state } : {});

        expect(database.placeOf("10.2.3.4")).toEqual({ country: "US" });
        expect(database.placeOf("10.1.3.4")).toEqual({ country: "US", ...state("CA") });
        expect(database.placeOf("10.1.2.3")).toEqual({ country: "DE" });
        expect(database.placeOf("203.0.113.7")).toEqual({ country: "JP" });
        expect(database.placeOf("203.0.113.8")).toBeUndefined();
        expect(database.placeOf("2001:db8:2::1")).toEqual({ country: "US", ...state("NY") });
        expect(database.placeOf("2001:db8:1::1")).toEqual({ country: "BR" });
        expect(database.placeOf("2001:db9::1")).toBeUndefined();
    });

    it.each<[string, () => string, RegExp]>([
        ["is not there", () => path.join(folder, "absent"), /^cannot read the geo database: ENOENT/],
        ["is empty", () => fileWith(Buffer.alloc(0)), /is not a file in MaxMind's DB format$/],
        [
            "is something else",
            () => fileWith(Buffer.from("hello".repeat(1000))),
            /is not a file in MaxMind's DB format$/,
        ],
    ])("that %s is refused in a sentence", async (_, file, message) => {
        await expect(GeoDatabase.open(file())).rejects.toThrow(message);
    });
});

const europe: ByPlace = { kind: "places", places: { "GEO-EU": "eu", FR: "france" }, otherwise: "else" };
const america: ByPlace = { kind: "places", places: { US: "us", "US-CA": "california", BR: "us" } };
const planOf = (...classifiers: ByPlace[]): DnsPlan => ({
    ...EMPTY_PLAN,
    maps: mapsOf(classifiers.map(divisionBy)),
    geoDatabase: "hash",
});

describe("the database that gdnsd reads in its place", () => {
    it("has for every address the classes of its place, and no more nodes than tell them apart", async () => {
        const tables = new PlaceTables(folder, () => fileWith(geoDatabase(PLACES)));
        const plan = planOf(europe, america);
        const table = (await tables.of(plan))!;
        const reduced = await GeoDatabase.open(table.file);
        const { known, unknown } = table;
        const numbers = new Map(known.map((_, number) => [placeCodes(number).country, number]));
        const namesAt = (address: string) => {
            const country = reduced.placeOf(address)?.country;
            const names = country === undefined ? unknown : known[numbers.get(country)!]!;
            return [europe, america].flatMap((classifier) => names.get(divisionBy(classifier).id)!);
        };
        const names = (eu: string, us?: string) => [
            ...divisionBy(europe).names.get(eu)!,
            ...(us === undefined ? [] : divisionBy(america).names.get(us)!),
        ];

        expect(namesAt("10.2.3.4")).toEqual(names("else", "us"));
        expect(namesAt("10.1.3.4")).toEqual(names("else", "california"));
        expect(namesAt("10.1.2.3")).toEqual(names("eu"));
        expect(namesAt("192.0.2.9")).toEqual(names("france"));
        expect(namesAt("203.0.113.7")).toEqual(names("else"));
        expect(namesAt("198.51.100.1")).toEqual(names("else"));
        expect(namesAt("2001:db8:1::1")).toEqual(names("else", "us"));
        // Brazil is as New York here, so that network is told apart no more.
        expect(reduced.tree.nodeCount).toBeLessThan(
            (await GeoDatabase.open(fileWith(geoDatabase(PLACES)))).tree.nodeCount,
        );
    });

    it("agrees with the whole one about any address", async () => {
        const place = fc.constantFrom("US", "US-CA", "US-NY", "DE", "FR", "JP", "BR", "EG");
        const byte = fc.integer({ min: 0, max: 255 });
        const network = fc
            .tuple(byte, byte, fc.integer({ min: 1, max: 16 }))
            .map(([a, b, length]) => [`${a}.${b}.0.0`, length] as const);
        const address = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join("."));
        const places = fc
            .array(fc.tuple(network, place), { minLength: 1, maxLength: 20 })
            // Longer prefixes after those that hold them.
            .map((list) => list.sort(([[, a]], [[, b]]) => a - b))
            .map((list) => Object.fromEntries(list.map(([[base, length], code]) => [`${base}/${length}`, code])));
        await fc.assert(
            fc.asyncProperty(places, fc.array(address, { minLength: 20, maxLength: 20 }), async (places, addresses) => {
                const file = fileWith(geoDatabase(places));
                const whole = await GeoDatabase.open(file);
                const plan = planOf(europe);
                const table = (await new PlaceTables(folder, () => file).of(plan))!;
                const reduced = await GeoDatabase.open(table.file);
                const { known, unknown } = table;
                const division = divisionBy(europe);
                for (const address of addresses) {
                    const { country } = whole.placeOf(address) ?? {};
                    const expected = country === "FR" ? "france" : country === "DE" ? "eu" : "else";
                    const number = known.findIndex(
                        (_, n) => placeCodes(n).country === reduced.placeOf(address)?.country,
                    );
                    expect((number < 0 ? unknown : known[number]!).get(division.id)).toEqual(
                        division.names.get(expected),
                    );
                }
                rmSync(file);
            }),
            { numRuns: 60 },
        );
    });

    it("is written anew only for divisions that none of the last few has", async () => {
        let opened = 0;
        const file = fileWith(geoDatabase(PLACES));
        const kept = path.join(folder, "kept");
        const tables = new PlaceTables(kept, () => (opened++, file));
        const both = await tables.of(planOf(europe, america));
        expect(await tables.of(planOf(europe))).toBe(both);
        expect(await tables.of(EMPTY_PLAN)).toBeUndefined();
        tables.removeOthers();
        expect(await tables.of(planOf(america, europe))).toBe(both);
        expect(opened).toBe(1);

        const others = Array.from({ length: 4 }, (_, n): ByPlace => ({ kind: "places", places: { DE: `${n}` } }));
        for (const other of others) await tables.of(planOf(other));
        tables.removeOthers();
        expect(readdirSync(path.join(kept, "geo"))).toHaveLength(4);
        expect(readdirSync(path.join(kept, "geo"))).not.toContain(path.basename(both!.file));
        for (const other of others) await tables.of(planOf(other));
        expect(opened).toBe(5);
    });
});
