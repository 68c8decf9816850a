import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ByPlace } from "../../../model/dns/decision";
import { address, addresses, byClient, name, random } from "../../unit/support/decisions";
import { geoDatabase } from "../../unit/support/geoDatabase";
import { planOf, TestServer } from "./server";

let server: TestServer;
let folder: string;
beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "switchyard-geo-"));
    server = await TestServer.start((hash) => path.join(folder, hash));
    const places = {
        "10.0.0.0/8": "US",
        "10.1.0.0/16": "US-CA",
        "192.0.2.0/24": "FR",
        "203.0.113.0/24": "JP",
        "2001:db8::/32": "DE",
        "2001:db9::/32": "SA",
    };
    writeFileSync(path.join(folder, "small"), geoDatabase(places));
});
afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
});

const answerFor = async (policy: string, client: string) => (await server.ask(policy, { client })).data;

describe("an answer by place", () => {
    const world: ByPlace = {
        kind: "places",
        places: { "GEO-EU": "europe", "GEO-ME": "middle east", US: "us", "US-CA": "california" },
        otherwise: "world",
    };
    const cases = {
        europe: name("europe.example"),
        "middle east": random(name("me1.example"), name("me2.example")),
        us: name("us.example"),
        california: name("california.example"),
        world: name("world.example"),
    };
    const japan: ByPlace = { kind: "places", places: { JP: "japan" } };
    const office = { kind: "networks", networks: { "192.0.2.128/25": "office" }, otherwise: world } as const;

    it("goes by the most specific code, for each policy by its own, and nobody's clients get no data", async () => {
        const plan = planOf(
            {
                world: byClient(world, cases),
                japan: byClient(japan, { japan: address("192.0.2.1") }),
                office: byClient(office, { ...cases, office: name("office.example") }),
            },
            { geoDatabase: "small" },
        );
        await server.engine.apply(plan);

        for (const policy of ["world", "office"]) {
            expect(await answerFor(policy, "10.2.0.0/24")).toEqual(["us.example"]);
            expect(await answerFor(policy, "10.1.0.0/24")).toEqual(["california.example"]);
            expect(await answerFor(policy, "192.0.2.0/25")).toEqual(["europe.example"]);
            expect(await answerFor(policy, "203.0.113.0/24")).toEqual(["world.example"]);
            expect(await answerFor(policy, "198.51.100.0/24")).toEqual(["world.example"]);
            expect(await answerFor(policy, "2001:db8::/48")).toEqual(["europe.example"]);
            expect(await answerFor(policy, "2001:dba::/48")).toEqual(["world.example"]);
            const choices = await server.count(policy, 100, { client: "2001:db9::/48" });
            expect(Object.keys(choices).sort()).toEqual(["me1.example", "me2.example"]);
        }
        expect(await answerFor("office", "192.0.2.128/25")).toEqual(["office.example"]);
        expect(await answerFor("japan", "203.0.113.0/24")).toEqual(["192.0.2.1"]);
        expect(await answerFor("japan", "10.2.0.0/24")).toEqual([]);
        expect(await server.ask("world", { client: "10.1.0.0/24" })).toMatchObject({ scope: 16 });
    });

    it("follows a changed decision, and needs no database where nobody asks for places", async () => {
        const plan = (decision: typeof cases.us) =>
            planOf({ world: byClient(world, { ...cases, us: decision }) }, { geoDatabase: "small" });
        for (const target of ["a.example", "b.example", "c.example"]) {
            await server.engine.apply(plan(name(target)));
            expect(await answerFor("world", "10.2.0.0/24")).toEqual([target]);
        }
        await server.engine.apply(planOf({ world: name("d.example") }, { geoDatabase: "absent" }));
        expect(await answerFor("world", "10.2.0.0/24")).toEqual(["d.example"]);
    });

    it("whose database is not there is refused in a sentence, and the plan before serves on", async () => {
        await server.engine.apply(planOf({ world: name("d.example") }));
        const plan = planOf({ world: byClient(world, cases) }, { geoDatabase: "absent" });

        await expect(server.engine.apply(plan)).rejects.toThrow(/^cannot read the geo database: ENOENT/);

        expect(await answerFor("world", "10.2.0.0/24")).toEqual(["d.example"]);
    });

    it("may have a class for each country", async () => {
        const codes = ["US", "FR", "DE", "SA", "JP"];
        const fillers = Array.from(
            { length: 240 },
            (_, n) => `${"BCEGHIKLMN"[n % 10]}${String.fromCharCode(65 + n / 10)}`,
        );
        const all = [...new Set([...codes, ...fillers])];
        const own = all.map(
            (code, n) => [code, address(addresses(all.length)[n]!.replace("192.0.2", `198.51.${n >> 7}`))] as const,
        );
        const classifier: ByPlace = { kind: "places", places: Object.fromEntries(all.map((code) => [code, code])) };
        await server.engine.apply(
            planOf({ each: byClient(classifier, Object.fromEntries(own)) }, { geoDatabase: "small" }),
        );

        const target = (code: string) => own.find(([name]) => name === code)![1].endpoint;
        expect(await answerFor("each", "10.1.0.0/24")).toEqual([target("US")]);
        expect(await answerFor("each", "192.0.2.0/24")).toEqual([target("FR")]);
        expect(await answerFor("each", "203.0.113.0/24")).toEqual([target("JP")]);
        expect(await answerFor("each", "2001:db8::/48")).toEqual([target("DE")]);
        expect(await answerFor("each", "198.51.100.0/24")).toEqual([]);
    });
});
