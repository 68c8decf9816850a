import { describe, expect, test } from "vitest";
import { codesOf, COUNTRIES, countriesOf, GROUPINGS } from "../../model/dns/countries";
import { distanceKm } from "../../model/dns/distance";
import { placeCode } from "../../model/dns/place";
import { REGIONS } from "../../model/dns/regions";
import { location } from "../../model/dns/location";

/** Region → country that it is in. */
const HOMES: Record<string, string> = {
    australia: "AU",
    austria: "AT",
    belgium: "BE",
    brazil: "BR",
    canada: "CA",
    central: "US",
    centralindia: "IN",
    chile: "CL",
    eastasia: "HK",
    eastus: "US",
    france: "FR",
    germany: "DE",
    indonesia: "ID",
    israel: "IL",
    italy: "IT",
    japan: "JP",
    jioindia: "IN",
    korea: "KR",
    malaysia: "MY",
    mexico: "MX",
    newzealand: "NZ",
    north: "US",
    northeurope: "IE",
    norway: "NO",
    poland: "PL",
    qatar: "QA",
    south: "US",
    southafrica: "ZA",
    southeastasia: "SG",
    southindia: "IN",
    spain: "ES",
    sweden: "SE",
    switzerland: "CH",
    uae: "AE",
    uk: "GB",
    westcentral: "US",
    westeurope: "NL",
    westindia: "IN",
    westus: "US",
};

function homeOf(region: string): string {
    const prefix = Object.keys(HOMES)
        .filter((name) => region.startsWith(name))
        .sort((a, b) => b.length - a.length)[0]!;
    return HOMES[prefix]!;
}

/** The largest countries are wide: their ends are far from their middle. */
const WIDE = new Set(["AU", "BR", "CA", "US"]);

/** Nobody lives there, and nothing else is near. */
const REMOTE = new Set(["AQ", "HM"]);

function nearest(country: string): string {
    const from = COUNTRIES[country]!.center;
    return Object.keys(REGIONS).sort((a, b) => distanceKm(from, REGIONS[a]!) - distanceKm(from, REGIONS[b]!))[0]!;
}

describe("regions", () => {
    test.each(Object.entries(REGIONS))("%s is named and placed as a region can be", (name, { latitude, longitude }) => {
        expect(location.parse(name)).toBe(name);
        expect([Math.abs(latitude) <= 60.7, Math.abs(longitude) <= 180]).toEqual([true, true]);
        const home = homeOf(name);
        expect(distanceKm({ latitude, longitude }, COUNTRIES[home]!.center)).toBeLessThan(WIDE.has(home) ? 3500 : 1500);
    });

    test("are all those that there should be", () => {
        expect(Object.keys(REGIONS).length).toBeGreaterThanOrEqual(55);
        expect(Object.keys(REGIONS)).toEqual([...Object.keys(REGIONS)].sort());
    });

    test.each([
        ["DE", /^germany/],
        ["FR", /^france/],
        ["JP", /^japan/],
        ["IE", /^northeurope$/],
        ["NL", /^westeurope$/],
        ["PT", /^spain/],
        ["AU", /^australia/],
        ["ZA", /^southafrica/],
        ["SG", /^southeastasia$/],
        ["AR", /^chile/],
        ["QA", /^qatar/],
        ["LK", /india/],
        ["NZ", /^newzealand/],
        ["US", /^(central|southcentral|westcentral)us$/],
        ["CU", /us2?$/],
        ["HK", /^eastasia$/],
        ["PL", /^poland/],
    ])("the nearest to the middle of %s is %s", (country, region) => {
        expect(nearest(country)).toMatch(region);
    });
});

describe("countries", () => {
    test.each(Object.entries(COUNTRIES))("%s has a place in the world", (code, { grouping, center }) => {
        expect(placeCode.parse(code)).toBe(code);
        expect(code).toMatch(/^[A-Z]{2}$/);
        expect(GROUPINGS).toContain(grouping);
        expect(Number.isInteger(center.latitude) && Math.abs(center.latitude) <= 90).toBe(true);
        expect(Number.isInteger(center.longitude) && Math.abs(center.longitude) <= 180).toBe(true);
    });

    test("are all of ISO 3166-1, and Kosovo", () => {
        // Whoever has a name in the runtime's own data: all assigned codes.
        const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
        const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
        const named = letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => names.of(code) !== undefined);
        // Reserved codes, former countries, and those that stand for no country.
        const others = new Set([
            "AC",
            "AN",
            "BU",
            "CP",
            "CQ",
            "CS",
            "CT",
            "DD",
            "DG",
            "DY",
            "EA",
            "EU",
            "EZ",
            "FQ",
            "FX",
            "HV",
            "IC",
            "JT",
            "MI",
            "NH",
            "NQ",
            "NT",
            "PC",
            "PU",
            "PZ",
            "QO",
            "QU",
            "RH",
            "SU",
            "TA",
            "TP",
            "UK",
            "UN",
            "VD",
            "WK",
            "XA",
            "XB",
            "YD",
            "YU",
            "ZR",
            "ZZ",
        ]);
        expect(Object.keys(COUNTRIES).sort()).toEqual(named.filter((code) => !others.has(code)));
        expect(Object.keys(COUNTRIES)).toHaveLength(250);
    });

    test("are each in one grouping, and near the others of it", () => {
        expect(GROUPINGS.flatMap(countriesOf).sort()).toEqual(Object.keys(COUNTRIES).sort());
        const samples = {
            "GEO-AF": "NG",
            "GEO-AP": "NZ",
            "GEO-AS": "IN",
            "GEO-EU": "FR",
            "GEO-ME": "SA",
            "GEO-NA": "MX",
            "GEO-SA": "BR",
        };
        for (const [grouping, code] of Object.entries(samples)) expect(COUNTRIES[code]!.grouping).toBe(grouping);
        for (const [code, { grouping, center }] of Object.entries(COUNTRIES)) {
            const others = countriesOf(grouping).filter((other) => other !== code);
            const near = Math.min(...others.map((other) => distanceKm(center, COUNTRIES[other]!.center)));
            expect([code, near < (REMOTE.has(code) ? 6000 : 4500)]).toEqual([code, true]);
        }
    });

    test("have codes from the most specific to the least", () => {
        expect(codesOf({ country: "US", state: "CA" })).toEqual(["US-CA", "US", "GEO-NA"]);
        expect(codesOf({ country: "XX" })).toEqual(["XX"]);
        expect(codesOf({})).toEqual([]);
    });
});

test("distances are those of a globe", () => {
    const [london, newYork] = [
        { latitude: 51.5, longitude: -0.1 },
        { latitude: 40.7, longitude: -74 },
    ];
    expect(distanceKm(london, newYork)).toBeCloseTo(5570, -2);
    expect(distanceKm({ latitude: 0, longitude: 179 }, { latitude: 0, longitude: -179 })).toBeCloseTo(222.4, 0);
    expect(distanceKm({ latitude: 90, longitude: 0 }, { latitude: -90, longitude: 77 })).toBeCloseTo(Math.PI * 6371, 3);
    expect(distanceKm(london, london)).toBe(0);
});
