import { describe, expect, it } from "vitest";
import { compile } from "../../model/dns/compile";
import { dnsConfiguration } from "../../model/dns/configuration";
import { decide } from "../../model/dns/decide";
import type { ByNetwork, ByPlace, Decision } from "../../model/dns/decision";
import { divisionBy } from "../../model/dns/divisions";
import { EMPTY_PLAN, type DnsPlan } from "../../model/dns/plan";
import { renderPlan } from "../../runtime/dns/render";
import type { PlaceTable } from "../../runtime/dns/geo/table";
import { address, addresses, byClient, name, nothing, random, several } from "./support/decisions";

const settings = { listen: ["0.0.0.0:53", "[::]:53"], runDirectory: "/run/gdnsd", stateDirectory: "/run/gdnsd/state" };

function configurationOf(decisions: Readonly<Record<string, Decision>>, more: object = {}) {
    return dnsConfiguration.parse({
        domain: "trafficmanager.example",
        nameServers: { ns1: { hostName: "ns1.trafficmanager.example", addresses: ["198.51.100.53"] } },
        policies: Object.fromEntries(
            Object.keys(decisions).map((prefix) => [
                prefix,
                { method: "RoundRobin", prefix, endpoints: { east: { hostName: "east.example", alwaysServe: true } } },
            ]),
        ),
        ...more,
    });
}

function planOf(decisions: Readonly<Record<string, Decision>>, more: object = {}): DnsPlan {
    const states = new Map(Object.entries(decisions).map(([policy, decision]) => [policy, { decision }]));
    return compile(configurationOf(decisions, more), states, { serial: 7 });
}

function textOf(plan: DnsPlan, places?: PlaceTable): string {
    return [...renderPlan(plan, settings, places)].map(([file, text]) => `=== ${file}\n${text}`).join("\n");
}

const recordsOf = (plan: DnsPlan) =>
    Object.fromEntries(plan.zones[0]!.records.map(({ name, answer }) => [name, answer]));

describe("what gdnsd reads", () => {
    // `npx vitest run --project unit -u` writes these files anew; read the diff before you commit it.
    it.each<[string, DnsPlan]>([
        ["empty", EMPTY_PLAN],
        [
            "same-for-everyone",
            planOf(
                {
                    failover: name("east.cloudapp.example"),
                    "www.failover": address("192.0.2.1"),
                    ipv6: address("2001:db8::1"),
                    several: several(3, "192.0.2.1", "192.0.2.2", "2001:db8::1"),
                    one: random(name("east.cloudapp.example")),
                    disabled: nothing,
                },
                {
                    cloudServiceDomain: "cloudapp.example",
                    cloudServices: {
                        east: { addresses: ["192.0.2.1", "2001:db8::1"] },
                        ns1: { addresses: ["198.51.100.53"] },
                    },
                    nameServers: {
                        b: { hostName: "ns2.elsewhere.example", addresses: ["203.0.113.53"] },
                        a: { hostName: "ns1.cloudapp.example", addresses: ["198.51.100.53"] },
                    },
                    soa: { hostmaster: "dns.contoso.com", negativeTtlSeconds: 5 },
                    addressTtlSeconds: 60,
                },
            ),
        ],
        [
            "random",
            planOf({
                names: random(name("east.cloudapp.example"), [name("west.cloudapp.example"), 3]),
                addresses: random([address("192.0.2.1"), 1000], address("192.0.2.2")),
                ipv6: random(...addresses(3, 6).map(address)),
                two: several(2, ...addresses(4), ...addresses(2, 6)),
            }),
        ],
        [
            "networks",
            planOf({
                subnets: byClient(
                    {
                        kind: "networks",
                        networks: { "192.0.2.0/24": "a", "198.51.100.0/24": "b", "2001:db8::/32": "a" },
                        otherwise: "c",
                    },
                    { a: random(address("10.0.0.1"), address("10.0.0.2")), c: several(2, "10.0.0.3", "10.0.0.4") },
                ),
                nested: byClient(
                    { kind: "networks", networks: { "0.0.0.0/0": "v4" } },
                    {
                        v4: byClient(
                            { kind: "networks", networks: { "10.0.0.0/8": "inside" }, otherwise: "outside" },
                            { inside: name("in.example"), outside: name("out.example") },
                        ),
                    },
                ),
            }),
        ],
    ])("of the plan %s is as written down", async (title, plan) => {
        await expect(textOf(plan)).toMatchFileSnapshot(`golden/gdnsd-${title}.txt`);
    });

    it("of places asks one map for all policies", async () => {
        const europe: ByPlace = { kind: "places", places: { "GEO-EU": "eu" }, otherwise: "else" };
        const states: ByPlace = { kind: "places", places: { "US-CA": "california", US: "us" } };
        const plan = planOf(
            {
                continents: byClient(europe, { eu: name("eu.example"), else: name("else.example") }),
                states: byClient(
                    { kind: "networks", networks: { "10.0.0.0/8": "office" }, otherwise: states },
                    { office: name("office.example"), california: name("ca.example") },
                ),
            },
            { geoDatabase: "abc" },
        );
        const table = (...names: string[][]) =>
            new Map([europe, states].map((classifier, n) => [divisionBy(classifier).id, names[n]!]));
        const known = [table(["y"], ["z"]), table(["x"], []), table([], ["z"])];
        const places = { file: "places.mmdb", known, unknown: table(["x"], []) };

        await expect(textOf(plan, places)).toMatchFileSnapshot("golden/gdnsd-places.txt");
    });
});

describe("a compiled plan", () => {
    const networks: ByNetwork = { kind: "networks", networks: { "192.0.2.0/24": "a" }, otherwise: "b" };

    it("has no record for a policy that answers nobody, and for none of no client", () => {
        const plan = planOf({
            nobody: nothing,
            empty: random(),
            noCase: byClient(networks, { a: nothing }),
            somebody: byClient(networks, { a: name("a.example") }),
        });

        expect(Object.keys(recordsOf(plan))).toEqual(["ns1", "somebody"]);
    });

    it("without a geo database answers everybody as somebody whose place is unknown", () => {
        const places = { kind: "places", places: { DE: "germany", WORLD: "world" }, otherwise: "nobody" } as const;
        const plan = planOf({
            world: byClient(places, { germany: name("de.example"), world: name("world.example") }),
            germany: byClient({ ...places, places: { DE: "germany" } }, { germany: name("de.example") }),
        });

        expect(recordsOf(plan)).toEqual({
            ns1: expect.anything(),
            world: { kind: "name", name: "world.example" },
        });
        expect(plan.maps.size).toBe(0);
    });

    it("reads the same for policies that did not change", () => {
        const decisions = {
            a: random(name("a.example"), name("b.example")),
            b: byClient(networks, { a: random(name("c.example"), name("d.example")), b: name("e.example") }),
        };
        const before = textOf(planOf(decisions)).split("\n");
        const other = byClient({ ...networks, otherwise: "x" }, { x: name("x.example") });
        const after = new Set(textOf(planOf({ "0": other, ...decisions, z: other })).split("\n"));

        expect(before.filter((line) => !after.has(line))).toEqual([]);
    });

    it("shares maps of places among policies until gdnsd's 254 names are used", () => {
        const codes = Array.from(
            { length: 26 * 10 },
            (_, n) => `${"ABCDEFGHIJ"[n % 10]}${String.fromCharCode(65 + n / 10)}`,
        );
        // Each has 260 classes, which takes 17 + 16 names.
        const decisions = Object.fromEntries(
            Array.from({ length: 9 }, (_, policy) => [
                `p${policy}`,
                byClient(
                    { kind: "places", places: Object.fromEntries(codes.map((code) => [code, `${policy}${code}`])) },
                    Object.fromEntries(
                        codes.map((code) => [`${policy}${code}`, name(`${code.toLowerCase()}.example`)]),
                    ),
                ),
            ]),
        );
        const plan = planOf(decisions, { geoDatabase: "abc" });

        const sizes = [...plan.maps.values()].map((map) => (map.kind === "places" ? map.divisions.length : 0));
        expect(sizes).toEqual([7, 2]);
    });

    it("refuses what gdnsd cannot choose among", () => {
        const choices = (count: number) => random(...addresses(count).map(address));
        expect(() => planOf({ p: choices(64) })).not.toThrow();
        expect(() => planOf({ p: choices(65) })).toThrow("policy p chooses among 65 endpoints; 64 are the most");
        expect(() => planOf({ p: several(2, ...addresses(65)) })).toThrow("64 are the most");
        expect(() => planOf({ p: several(2, ...addresses(64), ...addresses(64, 6)) })).not.toThrow();
    });

    it("of 10,000 policies takes little time, and leaves what did not change as it was", () => {
        const decisions: Record<string, Decision> = Object.fromEntries(
            Array.from({ length: 10_000 }, (_, n) => [
                `p${n}`,
                n % 2
                    ? random(...addresses(10).map(address))
                    : byClient(networks, { a: random(...addresses(5).map(address)), b: address("10.0.0.1") }),
            ]),
        );
        const configuration = configurationOf(decisions);
        const states = new Map(Object.entries(decisions).map(([policy, decision]) => [policy, { decision }]));
        const begin = performance.now();
        const before = compile(configuration, states, { serial: 1 });
        // Some 100 ms; generous, for a busy machine.
        expect(performance.now() - begin).toBeLessThan(5_000);

        states.set("p7", { decision: nothing });
        const after = compile(configuration, states, { serial: 2 });

        expect(after.pools.size).toBe(9_999);
        expect([...after.pools].filter(([name, pool]) => before.pools.get(name) !== pool)).toEqual([]);
        expect([...after.switches].filter(([name, choice]) => before.switches.get(name) !== choice)).toEqual([]);
    });

    it("one switch tells who is near what, while everybody's nearest location answers", () => {
        const locations = ["eastus", "westus", "northeurope", "eastasia", "brazilsouth", "australiaeast"];
        const endpoints = locations.map((location) => [
            location,
            { hostName: `${location}.example`, location, alwaysServe: true },
        ]);
        const configuration = dnsConfiguration.parse({
            domain: "trafficmanager.example",
            nameServers: { ns1: { hostName: "ns1.example.org" } },
            policies: { near: { method: "Performance", prefix: "near", endpoints: Object.fromEntries(endpoints) } },
            geoDatabase: "abc",
        });
        const states = decide(configuration, new Map());
        const { decision } = states.get("near")!;
        expect(decision.kind === "byClient" && Object.keys(decision.cases).length).toBeGreaterThan(16);
        expect(compile(configuration, states, { serial: 1 }).switches.size).toBe(1);
    });
});
