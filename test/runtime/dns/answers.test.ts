import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addresses, address, byClient, name, nothing, random, several } from "../../unit/support/decisions";
import { DOMAIN, planOf, TestServer } from "./server";

let server: TestServer;
beforeAll(async () => {
    server = await TestServer.start();
});
afterAll(() => server?.stop());

const A = (data: string[], ttl = 300) => ({ code: "NOERROR", types: ["A"], data, ttls: [ttl] });
const CNAME = (data: string, ttl = 300) => ({ code: "NOERROR", types: ["CNAME"], data: [data], ttls: [ttl] });
const NODATA = { code: "NOERROR", data: [] };

describe("an answer that is the same for everybody", () => {
    it("is given to each question for its type", async () => {
        await server.engine.apply(
            planOf(
                {
                    name: name("east.example"),
                    v4: address("192.0.2.1"),
                    v6: address("2001:db8::1"),
                    both: several(3, "192.0.2.1", "2001:db8::1", "192.0.2.2"),
                },
                { cloudServices: { east: { addresses: ["192.0.2.7", "2001:db8::7"] } }, addressTtlSeconds: 77 },
            ),
        );

        for (const type of ["A", "AAAA", "CNAME", "TXT"] as const)
            expect(await server.ask("name", { type })).toMatchObject(CNAME("east.example"));
        expect(await server.ask("v4")).toMatchObject(A(["192.0.2.1"]));
        expect(await server.ask("v6", { type: "AAAA" })).toMatchObject({ types: ["AAAA"], data: ["2001:db8::1"] });
        expect(await server.ask("both")).toMatchObject(A(["192.0.2.1", "192.0.2.2"]));
        expect(await server.ask("both", { type: "AAAA" })).toMatchObject({ data: ["2001:db8::1"] });
        expect(await server.ask("east.cloudapp.example.")).toMatchObject(A(["192.0.2.7"], 77));
        expect(await server.ask("east.cloudapp.example.", { type: "AAAA" })).toMatchObject({ data: ["2001:db8::7"] });
    });

    it("is given whatever the name's case, over udp and tcp", async () => {
        await server.engine.apply(planOf({ "www.contoso": address("192.0.2.1") }));

        for (const tcp of [false, true])
            for (const asked of ["www.contoso", "WWW.Contoso", "wWw.cOnToSo"])
                expect(await server.ask(asked, { tcp })).toMatchObject(A(["192.0.2.1"]));
    });
});

describe("where there is nothing", () => {
    it("it is NXDOMAIN, NODATA or REFUSED as DNS has it", async () => {
        const networks = { kind: "networks", networks: { "192.0.2.0/24": "a" } } as const;
        await server.engine.apply(
            planOf({
                v6: address("2001:db8::1"),
                v4: random(address("192.0.2.1"), address("192.0.2.2")),
                disabled: nothing,
                contoso: nothing,
                "www.contoso": address("192.0.2.1"),
                some: byClient(networks, { a: address("192.0.2.1") }),
            }),
        );

        expect(await server.ask("v6")).toMatchObject(NODATA);
        expect(await server.ask("v4", { type: "AAAA" })).toMatchObject(NODATA);
        expect(await server.ask("v4", { type: "CNAME" })).toMatchObject(NODATA);
        expect(await server.ask("v4", { type: "MX" })).toMatchObject(NODATA);
        expect(await server.ask("some", { client: "203.0.113.0/24" })).toMatchObject(NODATA);
        expect(await server.ask("some", { client: "2001:db8::/48" })).toMatchObject(NODATA);
        expect(await server.ask("some", { client: "192.0.2.0/24" })).toMatchObject(A(["192.0.2.1"]));
        // A name with others below it is there.
        expect(await server.ask("contoso")).toMatchObject(NODATA);
        for (const absent of ["disabled", "nobody", "a.www.contoso"])
            expect(await server.ask(absent)).toMatchObject({ code: "NXDOMAIN", data: [] });
        for (const others of ["contoso.com.", "example.", "east.cloudapp.example.org."])
            expect(await server.ask(others)).toMatchObject({ code: "REFUSED", data: [] });
    });

    it("resolvers keep that for as long as the SOA says", async () => {
        await server.engine.apply(planOf({}, { soa: { negativeTtlSeconds: 5, refreshSeconds: 100 } }));

        const { authorities } = await server.ask("nobody");
        expect(authorities).toMatchObject([
            {
                type: "SOA",
                name: DOMAIN,
                ttl: 5,
                data: { mname: `ns1.${DOMAIN}`, rname: `hostmaster.${DOMAIN}`, minimum: 5, refresh: 100 },
            },
        ]);
        const { data } = authorities[0] as { data: { serial: number } };
        await server.engine.apply(planOf({}));
        const later = (await server.ask("nobody")).authorities[0] as { data: { serial: number } };
        expect(later.data.serial).toBeGreaterThan(data.serial);
    });
});

describe("a random answer", () => {
    it("is one of the choices by weight, anew for each query", async () => {
        await server.engine.apply(
            planOf({
                names: random([name("east.example"), 1], [name("west.example"), 3]),
                v6: random(...addresses(4, 6).map(address)),
            }),
        );

        const names = await server.count("names", 1_000);
        expect(Object.keys(names).sort()).toEqual(["east.example", "west.example"]);
        // 250 expected; five standard deviations are 68.
        expect(names["east.example"]).toBeGreaterThan(180);
        expect(names["east.example"]).toBeLessThan(320);
        const v6 = await server.count("v6", 400, { type: "AAAA" });
        expect(Object.keys(v6).sort()).toEqual(addresses(4, 6));
        for (const count of Object.values(v6)) expect(count).toBeGreaterThan(50);
    });

    it("may be one of 64", async () => {
        await server.engine.apply(planOf({ p: random(...addresses(64).map(address)) }));

        const counts = await server.count("p", 1_500);
        expect(Object.keys(counts).sort()).toEqual(addresses(64).sort());
    });

    it("of several addresses holds so many of each family, and each of them as often", async () => {
        await server.engine.apply(planOf({ p: several(2, ...addresses(5), ...addresses(2, 6)) }));

        const counts = await server.count("p", 1_000);
        const each: Record<string, number> = {};
        for (const [data, count] of Object.entries(counts)) {
            expect(data.split(" ")).toHaveLength(2);
            for (const one of data.split(" ")) each[one] = (each[one] ?? 0) + count;
        }
        expect(Object.keys(each).sort()).toEqual(addresses(5));
        for (const count of Object.values(each)) expect(count).toBeGreaterThan(320);
        expect(await server.ask("p", { type: "AAAA" })).toMatchObject({ data: addresses(2, 6) });
    });
});

describe("an answer by network", () => {
    it("goes by the client's subnet, else by who asks, and says how much of the address mattered", async () => {
        const networks = {
            "10.0.0.0/8": "ten",
            "10.1.0.0/16": "office",
            "127.0.0.0/8": "here",
            "2001:db8::/32": "six",
        };
        const plan = planOf({
            p: byClient(
                { kind: "networks", networks, otherwise: "others" },
                {
                    ten: name("ten.example"),
                    office: random(name("office1.example"), name("office2.example")),
                    here: name("here.example"),
                    six: name("six.example"),
                    others: name("others.example"),
                },
            ),
        });
        await server.engine.apply(plan);

        expect(await server.ask("p")).toMatchObject(CNAME("here.example"));
        expect(await server.ask("p", { client: "10.2.3.0/24" })).toMatchObject(CNAME("ten.example"));
        expect(await server.ask("p", { client: "2001:db8:1::/48" })).toMatchObject(CNAME("six.example"));
        expect(await server.ask("p", { client: "2001:db9::/48" })).toMatchObject(CNAME("others.example"));
        expect(await server.ask("p", { client: "192.0.2.0/24" })).toMatchObject(CNAME("others.example"));
        expect(await server.ask("p", { client: "2001:db8:1::/48" })).toMatchObject({ scope: 32 });
        expect(await server.ask("p", { client: "10.1.3.0/24" })).toMatchObject({ scope: 16 });
        const office = await server.count("p", 100, { client: "10.1.3.0/24" });
        expect(Object.keys(office).sort()).toEqual(["office1.example", "office2.example"]);
    });

    it("may depend on several divisions, and on one of thousands of classes", async () => {
        const inner = { kind: "networks", networks: { "10.1.0.0/16": "b" }, otherwise: "rest" } as const;
        const many = Object.fromEntries(
            Array.from({ length: 3_000 }, (_, n) => [`10.${n >> 8}.${n & 255}.0/24`, `class ${n}`]),
        );
        const answers = Object.fromEntries(
            Array.from({ length: 3_000 }, (_, n) => [`class ${n}`, address(`192.0.${n >> 8}.${n & 255}`)]),
        );
        await server.engine.apply(
            planOf({
                nested: byClient(
                    { kind: "networks", networks: { "10.0.0.0/8": "a" } },
                    { a: byClient(inner, { b: name("b.example"), rest: name("rest.example") }) },
                ),
                many: byClient({ kind: "networks", networks: many, otherwise: "class 7" }, answers),
            }),
        );

        expect(await server.ask("nested", { client: "10.1.0.0/24" })).toMatchObject(CNAME("b.example"));
        expect(await server.ask("nested", { client: "10.2.0.0/24" })).toMatchObject(CNAME("rest.example"));
        expect(await server.ask("nested", { client: "192.0.2.0/24" })).toMatchObject(NODATA);
        for (const n of [0, 1, 54, 55, 56, 1_000, 2_998, 2_999])
            expect(await server.ask("many", { client: `10.${n >> 8}.${n & 255}.0/24` })).toMatchObject(
                A([`192.0.${n >> 8}.${n & 255}`]),
            );
        expect(await server.ask("many", { client: "203.0.113.0/24" })).toMatchObject(A(["192.0.0.7"]));
    });
});

describe("times to live", () => {
    it.each([0, 1, 30, 268_435_455])("of %d s are answered as they are, whatever the answer", async (ttl) => {
        const networks = { kind: "networks", networks: {}, otherwise: "all" } as const;
        const plan = planOf(
            {
                plain: address("192.0.2.1"),
                random: random(address("192.0.2.1"), address("192.0.2.2")),
                names: random(name("a.example"), name("b.example")),
                client: byClient(networks, { all: name("a.example") }),
            },
            { cloudServices: { east: { addresses: ["192.0.2.7"] } }, addressTtlSeconds: ttl },
            ttl,
        );
        await server.engine.apply(plan);

        for (const asked of ["plain", "random", "names", "client", "east.cloudapp.example."])
            expect((await server.ask(asked)).ttls).toEqual([ttl]);
    });
});

describe("a long answer", () => {
    it("is cut over udp, and whole over tcp", async () => {
        const own = addresses(64);
        await server.engine.apply(planOf({}, { cloudServices: { east: { addresses: own } } }));

        expect(await server.ask("east.cloudapp.example.")).toMatchObject({ truncated: true });
        const whole = { truncated: false, data: [...own].sort() };
        expect(await server.ask("east.cloudapp.example.", { tcp: true })).toMatchObject(whole);
        expect(await server.ask("east.cloudapp.example.", { edns: true })).toMatchObject(whole);
    });
});

describe("names that gdnsd has a meaning for", () => {
    it("are policies as any other", async () => {
        const long = [63, 63, 63, 30].map((length) => "x".repeat(length)).join(".");
        const prefixes = ["multi", "default", "true", "plugins", "0", "service-types", "a.b.c", long];
        const both = random(address("192.0.2.1"), address("192.0.2.2"));
        await server.engine.apply(planOf(Object.fromEntries(prefixes.map((prefix) => [prefix, both]))));

        for (const prefix of prefixes)
            expect(await server.ask(prefix)).toMatchObject({ code: "NOERROR", types: ["A"] });
    });
});
