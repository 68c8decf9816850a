import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reuse } from "../../model/balancer/reuse";

describe("a configuration made of the parts of the one before", () => {
    const before = { sets: { a: { port: 1, members: { x: { weight: 1 } } }, b: { port: 2, members: {} } }, list: [{}] };

    it("is that one when nothing differs", () => {
        expect(reuse(before, structuredClone(before))).toBe(before);
    });

    it("has the same objects but for those on the way to what differs", () => {
        const next = structuredClone(before);
        next.sets.a.members.x.weight = 2;
        const made = reuse(before, next);
        expect(made).toEqual(next);
        expect(made.sets.b).toBe(before.sets.b);
        expect(made.list).toBe(before.list);
        expect(made.sets.a).not.toBe(before.sets.a);
    });

    it("tells another order, an absent key and a list from what they resemble", () => {
        const { a, b } = before.sets;
        expect(Object.keys(reuse({ a, b }, { b, a }))).toEqual(["b", "a"]);
        expect(reuse({ a: undefined }, {})).toEqual({});
        expect(reuse({ 0: a }, [a])).toEqual([a]);
        expect(reuse({}, JSON.parse('{"__proto__":{}}'))).toStrictEqual(JSON.parse('{"__proto__":{}}'));
    });

    it("is always equal to what it was made for, and leaves both as they were", () => {
        fc.assert(
            fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
                const texts = [JSON.stringify(one), JSON.stringify(other)];
                expect(JSON.stringify(reuse(one, other))).toBe(texts[1]);
                expect([JSON.stringify(one), JSON.stringify(other)]).toEqual(texts);
            }),
        );
    });
});
