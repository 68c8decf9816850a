import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flattenAcl } from "../../model/balancer/acl";
import { accessOf, frontendSettings, type Acl } from "../../model/balancer/frontend";
import { contains } from "../../model/network/addresses";
import { object } from "../../model/schema/kit";
import { UNKNOWN } from "../../model/schema/unknown";
import { aclsOf, clientAddresses, decision } from "./support/acl";
import { problems } from "./support/problems";

const schema = object(frontendSettings);
const parse = (acl: object): Acl => schema.parse({ acl }).acl!;
const flatten = (acl: object) =>
    flattenAcl(parse(acl))!.map(
        ({ address, length, action, order }) => `${address}/${length} ${action} ${order ?? "default"}`,
    );

describe("a flattened ACL", () => {
    test("decides as the ordered rules do, by the longest range that holds the client", () => {
        fc.assert(
            fc.property(aclsOf(12), fc.array(clientAddresses, { minLength: 1, maxLength: 30 }), (rules, clients) => {
                const acl = parse(rules);
                const table = flattenAcl(acl);
                for (const client of clients) {
                    const entry = table?.find(({ address, length }) => contains(`${address}/${length}`, client));
                    const { action, order } = decision(acl, client);
                    expect(entry?.action ?? "permit").toBe(action);
                    expect(entry?.order).toBe(order);
                }
            }),
            { numRuns: 1_000 },
        );
    });

    test("names each range once, the longest first and everybody last, and none that says what the wider one does", () => {
        fc.assert(
            fc.property(aclsOf(12), (rules) => {
                const table = flattenAcl(parse(rules)) ?? [];
                expect(new Set(table.map(({ address, length }) => `${address}/${length}`)).size).toBe(table.length);
                expect(table.map(({ length }) => length)).toEqual(
                    table.map(({ length }) => length).sort((a, b) => b - a),
                );
                if (table.length > 0) expect(table.at(-1)).toMatchObject({ address: "0.0.0.0", length: 0 });
                table.forEach((entry, index) => {
                    const around = table
                        .slice(index + 1)
                        .find(
                            ({ address, length }) =>
                                length < entry.length && contains(`${address}/${length}`, entry.address),
                        );
                    if (around) expect(around.order).not.toBe(entry.order);
                });
            }),
        );
    });

    test.each([
        ["without rules", {}, undefined],
        [
            "of one permit",
            { 7: { action: "permit", remoteSubnet: "10.0.0.0/8" } },
            ["10.0.0.0/8 permit 7", "0.0.0.0/0 deny default"],
        ],
        [
            "of one denial",
            { 7: { action: "deny", remoteSubnet: "192.0.2.10" } },
            ["192.0.2.10/32 deny 7", "0.0.0.0/0 permit default"],
        ],
        [
            "of a rule in the shadow of a wider one before it",
            { 1: { action: "deny", remoteSubnet: "10.0.0.0/8" }, 2: { action: "permit", remoteSubnet: "10.1.0.0/16" } },
            ["10.0.0.0/8 deny 1", "0.0.0.0/0 deny default"],
        ],
        [
            "of a narrow rule before a wide one",
            { 1: { action: "permit", remoteSubnet: "10.1.0.0/16" }, 2: { action: "deny", remoteSubnet: "10.0.0.0/8" } },
            ["10.1.0.0/16 permit 1", "10.0.0.0/8 deny 2", "0.0.0.0/0 deny default"],
        ],
        [
            "of two rules for the same range",
            {
                9: { action: "permit", remoteSubnet: "10.1.2.3/16" },
                3: { action: "deny", remoteSubnet: "10.1.0.0/16" },
            },
            ["10.1.0.0/16 deny 3", "0.0.0.0/0 deny default"],
        ],
        ["of a rule for everybody", { 0: { action: "permit", remoteSubnet: "0.0.0.0/0" } }, ["0.0.0.0/0 permit 0"]],
    ])("%s is this", (_, acl, table) => {
        expect(flattenAcl(parse(acl)) && flatten(acl)).toEqual(table);
    });

    test("is the same object while the list is", () => {
        const acl = parse({ 7: { action: "deny", remoteSubnet: "192.0.2.10" } });
        expect(flattenAcl(acl)).toBe(flattenAcl(acl));
    });
});

describe("who may connect, and how much", () => {
    const rule = { action: "permit", remoteSubnet: "10.0.0.0/8" };

    test("is written in one way only", () => {
        const acl = {
            100: { ...rule, remoteSubnet: "10.1.2.3/8", description: "office" },
            5: { ...rule, remoteSubnet: "192.0.2.1" },
        };
        expect(schema.parse({ acl })).toEqual({
            acl: { 5: { ...rule, remoteSubnet: "192.0.2.1/32" }, 100: { ...rule, description: "office" } },
        });
        expect(schema.parse({})).toEqual({});
    });

    test("of a rate is a bucket as large as the rate, where nothing else is given", () => {
        const rate = (maxConnectionRatePerSource: object) =>
            accessOf(schema.parse({ maxConnectionRatePerSource })).rate;
        expect(rate({ perSecond: 10 })).toEqual({ connections: 10, per: "second", burst: 10 });
        expect(rate({ perMinute: 6, burst: 2 })).toEqual({ connections: 6, per: "minute", burst: 2 });
        expect(accessOf(schema.parse({}))).toEqual({});
    });

    test.each([
        [{ acl: [rule] }, "acl: must be a map of properties"],
        [{ acl: { 65536: rule } }, 'acl["65536"]: order must be a whole number between 0 and 65535'],
        [{ acl: { "-1": rule } }, 'acl["-1"]: order must be a whole number between 0 and 65535'],
        [{ acl: { "007": rule } }, 'acl["007"]: order must be a whole number between 0 and 65535'],
        [{ acl: { first: rule } }, "acl.first: order must be a whole number between 0 and 65535"],
        [
            { acl: { 1: { ...rule, action: "allow" } } },
            'acl["1"].action: must be one of "permit", "deny" (got "allow")',
        ],
        [{ acl: { 1: { action: "deny" } } }, 'acl["1"].remoteSubnet: is required'],
        [
            { acl: { 1: { ...rule, remoteSubnet: "10.0.0.0/33" } } },
            'acl["1"].remoteSubnet: must be a range of IPv4 addresses such as 203.0.113.0/24, or one address (got "10.0.0.0/33")',
        ],
        [
            { acl: { 1: { ...rule, remoteSubnet: "fe80::/10" } } },
            'acl["1"].remoteSubnet: must be a range of IPv4 addresses such as 203.0.113.0/24, or one address (got "fe80::/10")',
        ],
        [{ acl: { 1: { ...rule, port: 22 } } }, 'acl["1"]: has unknown property "port"'],
        [{ idleTimeoutMinutes: 3 }, "idleTimeoutMinutes: must be between 4 and 30 (got 3)"],
        [{ idleTimeoutMinutes: 4.5 }, "idleTimeoutMinutes: must be a whole number (got 4.5)"],
        [{ maxConnections: 0 }, "maxConnections: must be between 1 and 100000 (got 0)"],
        [{ maxConnectionRatePerSource: 5 }, "maxConnectionRatePerSource: must be a map of properties (got 5)"],
        [{ maxConnectionRatePerSource: {} }, "maxConnectionRatePerSource: must have either perSecond or perMinute"],
        [
            { maxConnectionRatePerSource: { perSecond: 1, perMinute: 60 } },
            "maxConnectionRatePerSource: must have either perSecond or perMinute",
        ],
        [
            { maxConnectionRatePerSource: { perSecond: 1, burst: 0 } },
            "maxConnectionRatePerSource.burst: must be between 1 and 100000 (got 0)",
        ],
    ])("is refused as %j", (settings, problem) => {
        expect(problems(schema, settings)).toEqual([expect.stringContaining(problem)]);
    });

    test.each([
        { acl: UNKNOWN },
        { acl: { 1: UNKNOWN, 2: { action: UNKNOWN, remoteSubnet: UNKNOWN, description: UNKNOWN } } },
        { idleTimeoutMinutes: UNKNOWN, maxConnections: UNKNOWN, maxConnectionRatePerSource: UNKNOWN },
        { maxConnectionRatePerSource: { perSecond: UNKNOWN, perMinute: UNKNOWN, burst: UNKNOWN } },
    ])("may be unknown in a preview: %j", (settings) => {
        expect(problems(schema, settings)).toEqual([]);
        expect(schema.parse(settings)).toEqual(settings);
    });
});
