import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
    addressAt,
    canonicalCidr,
    contains,
    defaultAddresses,
    defaultAddressSpaces,
    isReachableByOthers,
    hostCount,
    isHostAddress,
    overlaps,
    prefixLength,
    stableHash,
} from "../../model/network/addresses";

const address = fc.ipV4();
const range = fc.tuple(address, fc.integer({ min: 8, max: 29 })).map(([base, prefix]) => `${base}/${prefix}`);

describe("a range of addresses", () => {
    test.each([
        ["10.80.1.0/24", "10.80.1.0/24"],
        ["10.80.1.77/24", "10.80.1.0/24"],
        ["255.255.255.255/9", "255.128.0.0/9"],
        ["0.0.0.0/0", "0.0.0.0/0"],
        ["192.0.2.7/32", "192.0.2.7/32"],
    ])("%s is the range %s", (text, canonical) => {
        expect(canonicalCidr(text)).toBe(canonical);
    });

    test.each([
        "",
        "10.80.1.0",
        "10.80.1/24",
        "10.80.1.0/33",
        "10.80.1.0/-1",
        "10.80.1.0/x",
        "10.80.1.256/24",
        "::/0",
        " 10.0.0.0/8",
        "10.0.0.0/8\n",
        // Some programs read a leading zero as octal.
        "010.0.0.0/24",
        "10.080.1.0/24",
        "0x0a.0.0.0/8",
    ])("%j is none", (text) => {
        expect(canonicalCidr(text)).toBeUndefined();
    });

    test("in its canonical form stays as it is, and starts with its first address", () => {
        fc.assert(
            fc.property(range, (text) => {
                const canonical = canonicalCidr(text)!;
                expect(canonicalCidr(canonical)).toBe(canonical);
                expect(canonical).toBe(`${addressAt(canonical, 0)}/${prefixLength(text)}`);
                expect(contains(canonical, text.split("/")[0]!)).toBe(true);
            }),
        );
    });

    test("counts addresses from its start, and from its end", () => {
        expect([0, 1, 255, 256].map((index) => addressAt("10.80.0.0/16", index))).toEqual([
            "10.80.0.0",
            "10.80.0.1",
            "10.80.0.255",
            "10.80.1.0",
        ]);
        expect([-1, -2].map((index) => addressAt("10.80.1.0/24", index))).toEqual(["10.80.1.255", "10.80.1.254"]);
        expect(addressAt("192.0.0.0/2", -1)).toBe("255.255.255.255");
    });

    test("has hosts between the network's own address and its broadcast", () => {
        expect(hostCount("10.80.1.0/24")).toBe(254);
        expect(hostCount("10.80.1.0/29")).toBe(6);
        const hosts = ["10.80.1.0", "10.80.1.1", "10.80.1.6", "10.80.1.7", "10.80.1.8", "10.80.0.255", "x", ""];
        expect(hosts.filter((host) => isHostAddress("10.80.1.0/29", host))).toEqual(["10.80.1.1", "10.80.1.6"]);
    });

    test.each([
        ["10.80.0.0/16", "10.80.1.0/24", true],
        ["10.80.1.0/24", "10.80.0.0/16", true],
        ["10.80.1.0/24", "10.80.1.0/24", true],
        ["10.80.1.0/24", "10.80.2.0/24", false],
        ["10.80.1.0/25", "10.80.1.128/25", false],
    ])("%s and %s overlap: %s", (one, other, expected) => {
        expect(overlaps(one, other)).toBe(expected);
    });
});

describe("what is chosen by a name", () => {
    // Pinned: another value would replace the networks of everybody who lets Switchyard choose.
    test("is the same on every machine and in every release", () => {
        expect([
            stableHash("contoso-east"),
            defaultAddressSpaces("project/dev/public", "10.224.0.0/12")[0],
            defaultAddressSpaces("project/dev/contoso-east-private", "10.64.0.0/10")[0],
            defaultAddresses("contoso-east", "10.224.7.0/24", "gateways")[0],
            defaultAddresses("contoso-ns1", "10.224.7.0/24", "nameServers")[0],
        ]).toEqual([2984519960, "10.239.157.0/24", "10.106.112.0/24", "10.224.7.172", "10.224.7.252"]);
    });

    test("is among several, each once", () => {
        fc.assert(
            fc.property(fc.string(), range, (name, text) => {
                const space = canonicalCidr(text)!;
                const all = [
                    defaultAddresses(name, space, "gateways"),
                    defaultAddresses(name, space, "nameServers"),
                    defaultAddressSpaces(name, "10.224.0.0/12"),
                ].flat();
                expect(new Set(all).size).toBe(all.length);
                expect(all.length).toBeGreaterThan(16);
            }),
        );
    });

    test("is a /24 inside the given range", () => {
        fc.assert(
            fc.property(
                fc.string(),
                fc.constantFrom("10.224.0.0/12", "10.64.0.0/10", "10.80.1.0/24"),
                (name, within) => {
                    const [space] = defaultAddressSpaces(name, within) as [string];
                    expect(canonicalCidr(space)).toBe(space);
                    expect(prefixLength(space)).toBe(24);
                    expect(contains(within, addressAt(space, 0)) && contains(within, addressAt(space, -1))).toBe(true);
                },
            ),
        );
    });

    test("is an address that a container may have: not the bridge's, nor the last", () => {
        fc.assert(
            fc.property(fc.string(), range, (name, text) => {
                const space = canonicalCidr(text)!;
                const [chosen] = defaultAddresses(name, space, "gateways") as [string];
                expect(isHostAddress(space, chosen)).toBe(true);
                expect([addressAt(space, 1), addressAt(space, -2)]).not.toContain(chosen);
            }),
        );
    });

    test("seldom clashes for names that differ in one letter", () => {
        const names = Array.from({ length: 200 }, (_, index) => `project/dev/web${index}`);
        const spaces = new Set(names.map((name) => defaultAddressSpaces(name, "10.64.0.0/10")[0]));
        // 200 balls into 16,384 boxes: 1.2 clashes expected.
        expect(spaces.size).toBeGreaterThan(190);
    });
});

describe("an address by which others reach a host", () => {
    test.each([
        ["203.0.113.53", true],
        ["10.0.0.5", true],
        ["2001:db8::53", true],
        ["0.0.0.0", false],
        ["::", false],
        ["127.0.0.1", false],
        ["127.3.2.1", false],
        ["::1", false],
        ["ns1.example", false],
        ["", false],
    ])("%s: %s", (address, is) => {
        expect(isReachableByOthers(address)).toBe(is);
    });
});
