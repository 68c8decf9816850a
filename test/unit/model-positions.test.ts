import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignPositions } from "../../model/balancer/positions";

describe("positions of a set's members", () => {
    test("of a new set follow the order in which the program lists them", () => {
        expect(assignPositions(["c", "a", "b"], {})).toEqual({ c: 0, a: 1, b: 2 });
    });

    test("stay when the program lists the same machines in another order", () => {
        expect(assignPositions(["b", "c", "a"], { a: 0, b: 1, c: 2 })).toEqual({ a: 0, b: 1, c: 2 });
    });

    test("stay when a machine in the middle goes, and leave a hole", () => {
        expect(assignPositions(["a", "c"], { a: 0, b: 1, c: 2 })).toEqual({ a: 0, c: 2 });
    });

    test("let newcomers take the lowest holes first", () => {
        expect(assignPositions(["x", "c", "y", "z"], { a: 0, b: 1, c: 2 })).toEqual({ c: 2, x: 0, y: 1, z: 3 });
    });

    test("work for names that every JavaScript object knows", () => {
        expect(assignPositions(["constructor", "toString", "a"], { a: 0 })).toEqual({
            a: 0,
            constructor: 1,
            toString: 2,
        });
    });

    test("are one each, kept by whoever stays, and no higher than needed", () => {
        const names = fc.uniqueArray(fc.constantFrom(..."abcdefghij"), { maxLength: 10 });
        fc.assert(
            fc.property(fc.array(names, { maxLength: 6 }), (history) => {
                let previous: Record<string, number> = {};
                for (const present of history) {
                    const positions = assignPositions(present, previous);
                    expect(Object.keys(positions).sort()).toEqual([...present].sort());
                    expect(new Set(Object.values(positions)).size).toBe(present.length);
                    for (const name of present) {
                        if (previous[name] !== undefined) expect(positions[name]).toBe(previous[name]);
                    }
                    const highestKept = Math.max(-1, ...Object.values(previous));
                    for (const position of Object.values(positions)) {
                        expect(position).toBeLessThan(Math.max(present.length, highestKept + 1));
                    }
                    previous = positions;
                }
            }),
        );
    });
});
