import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { list, map, object, refuse, unordered, variants } from "../../model/schema/kit";
import { formatPath } from "../../model/schema/problems";
import { containsUnknown, isUnknown, UNKNOWN } from "../../model/schema/unknown";
import { problems } from "./support/problems";

/** One of everything that the kit offers, several levels deep. */
const house = object({
    name: z.string().min(1, "must have a name"),
    floors: z.int().min(1, "must be at least 1").default(1),
    door: object({ width: z.number(), colour: z.enum(["red", "blue"]).optional() }).optional(),
    rooms: map(object({ size: z.number(), windows: list(object({ panes: z.number() })) })),
    heating: variants("kind", [
        object({ kind: z.literal("stove"), wood: z.string() }),
        object({ kind: z.literal("pump"), depth: z.number().default(80) }),
    ]).optional(),
    age: z.union([z.string(), z.number()]).optional(),
    garden: z.boolean().optional(),
});

const whole = {
    name: "home",
    floors: 2,
    door: { width: 1, colour: "red" },
    rooms: { hall: { size: 10, windows: [{ panes: 2 }, { panes: 4 }] }, "guest room": { size: 5, windows: [] } },
    heating: { kind: "pump", depth: 70 },
    age: 7,
    garden: true,
};

type Path = (string | number)[];

/** Paths of all values below the root. */
function paths(value: unknown): Path[] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
        const step = Array.isArray(value) ? Number(key) : key;
        return [[step], ...paths(inner).map((path) => [step, ...path])];
    });
}

function replaced(value: unknown, [step, ...rest]: Path, replacement: unknown): unknown {
    if (step === undefined) return replacement;
    const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
    copy[step] = replaced(copy[step], rest, replacement);
    return copy;
}

describe("values not known yet", () => {
    test.each(paths(whole).map((path) => [formatPath(path), path] as const))("are accepted at %s", (_, path) => {
        const preview = replaced(whole, path, UNKNOWN);
        expect(problems(house, preview)).toEqual([]);
        expect(house.parse(preview)).toEqual(preview);
    });

    test("are accepted at several places at once", () => {
        fc.assert(
            fc.property(fc.subarray(paths(whole)), (unknowns) => {
                // Deepest first, so that no path leads through a value that is unknown already.
                const preview = [...unknowns]
                    .sort((a, b) => b.length - a.length)
                    .reduce<unknown>((value, path) => replaced(value, path, UNKNOWN), whole);
                expect(house.parse(preview)).toEqual(preview);
            }),
        );
    });

    test("hide no problem beside them", () => {
        expect(problems(house, { ...whole, name: UNKNOWN, floors: 0 })).toEqual(["floors: must be at least 1 (got 0)"]);
    });

    test("are found at any depth", () => {
        expect(isUnknown(UNKNOWN)).toBe(true);
        expect(isUnknown(`${UNKNOWN} `)).toBe(false);
        expect(containsUnknown(replaced(whole, ["rooms", "hall", "windows", 1, "panes"], UNKNOWN))).toBe(true);
        expect(containsUnknown(whole)).toBe(false);
        expect(containsUnknown(null)).toBe(false);
    });
});

describe("what a person is told", () => {
    test.each([
        ["a missing property", { rooms: {} }, ["name: is required"]],
        ["null instead of a value", { ...whole, name: null }, ["name: must be a string (got null)"]],
        ["a number as text", { ...whole, floors: "2" }, ['floors: must be a number (got "2")']],
        ["a fraction", { ...whole, floors: 1.5 }, ["floors: must be a whole number (got 1.5)"]],
        ["a number for a string", { ...whole, name: 7 }, ["name: must be a string (got 7)"]],
        ["a string for a boolean", { ...whole, garden: "yes" }, ['garden: must be a boolean (got "yes")']],
        ["a rule of the field's own", { ...whole, name: "" }, ['name: must have a name (got "")']],
        [
            "none of several words",
            { ...whole, door: { width: 1, colour: "green" } },
            ['door.colour: must be one of "red", "blue" (got "green")'],
        ],
        ["none of several types", { ...whole, age: true }, ["age: must be a string or a number (got true)"]],
        ["a list for a map", { ...whole, rooms: [1] }, ["rooms: must be a map of properties (got [1])"]],
        ["a string for an object", { ...whole, door: "oak" }, ['door: must be a map of properties (got "oak")']],
        [
            "a map for a list",
            { ...whole, rooms: { hall: { size: 1, windows: {} } } },
            ["rooms.hall.windows: must be a list"],
        ],
        [
            "a value in a list in a map",
            { ...whole, rooms: { "guest room": { size: 1, windows: [{ panes: 2 }, { panes: "x" }] } } },
            ['rooms["guest room"].windows[1].panes: must be a number (got "x")'],
        ],
        ["an unknown property", { ...whole, roof: 1 }, ['has unknown property "roof"']],
        [
            "unknown properties further in",
            { ...whole, door: { width: 1, height: 2, depth: 3 } },
            [
                'door: has unknown property "height" (allowed: colour)',
                'door: has unknown property "depth" (allowed: colour)',
            ],
        ],
        [
            "a variant that does not exist",
            { ...whole, heating: { kind: "sun" } },
            ['heating.kind: must be one of "stove", "pump" (got "sun")'],
        ],
        ["no variant", { ...whole, heating: {} }, ['heating.kind: must be one of "stove", "pump"']],
        [
            "a property of another variant",
            { ...whole, heating: { kind: "stove", depth: 80 } },
            ["heating.wood: is required", 'heating: has unknown property "depth" (allowed: wood)'],
        ],
        [
            "several problems",
            { name: 1, floors: 0, rooms: { hall: 3 } },
            [
                "name: must be a string (got 1)",
                "floors: must be at least 1 (got 0)",
                "rooms.hall: must be a map of properties (got 3)",
            ],
        ],
    ])("about %s", (_, given, messages) => {
        expect(problems(house, given)).toEqual(messages);
    });

    test("shows the start of a long value", () => {
        const [message] = problems(house, { ...whole, garden: "x".repeat(500) });
        expect(message).toBe(`garden: must be a boolean (got "${"x".repeat(119)}…)`);
    });

    test("names a rule that concerns several fields by the field to change", () => {
        const range = object({ low: z.number(), high: z.number() }).check((context) => {
            if (context.value.low > context.value.high) refuse(context, ["high"], "must not be below low");
        });
        expect(problems(map(range), { temperature: { low: 2, high: 1 } })).toEqual([
            "temperature.high: must not be below low (got 1)",
        ]);
    });
});

describe("secrets", () => {
    const login = object({
        user: z.string(),
        environment: map(z.string().max(3, "is too long")),
        words: list(z.int()),
    });
    const given = { user: 1, environment: { PASSWORD: "hunter2", TOKEN: 123456 }, words: ["swordfish"] };

    test("are never repeated, at any depth", () => {
        const messages = problems(login, given, ["environment", "words"]);
        expect(messages).toEqual([
            "user: must be a string (got 1)",
            "environment.PASSWORD: is too long",
            "environment.TOKEN: must be a string",
            "words[0]: must be a number",
        ]);
        expect(messages.join()).not.toMatch(/hunter2|123456|swordfish/);
    });

    test("may lie below any name of a map, and are not repeated with what they lie in", () => {
        const sets = object({ sets: map(object({ port: z.int(), key: z.string().max(3, "is too long") })) });
        const secret = ["sets.*.key"];
        expect(
            problems(sets, { sets: { a: { port: "x", key: "hunter2" }, "b.c": { port: 1, key: 5 } } }, secret),
        ).toEqual([
            'sets.a.port: must be a number (got "x")',
            "sets.a.key: is too long",
            'sets["b.c"].key: must be a string',
        ]);
        expect(problems(sets, { sets: { a: ["hunter2"] } }, secret)).toEqual(["sets.a: must be a map of properties"]);
    });

    test("are told from others by the input's own properties", () => {
        expect(problems(login, given)).toContain('environment.PASSWORD: is too long (got "hunter2")');
    });
});

describe("paths", () => {
    test.each([
        [[], ""],
        [["probe", "path"], "probe.path"],
        [["members", 0, "x"], "members[0].x"],
        [["loadBalancedSets", "my set", "members", "web-1"], 'loadBalancedSets["my set"].members["web-1"]'],
        [["environment", 'a"b'], 'environment["a\\"b"]'],
        [["environment", "1a"], 'environment["1a"]'],
        [["web-1"], '["web-1"]'],
    ])("%j reads %s", (path, text) => {
        expect(formatPath(path)).toBe(text);
    });
});

describe("unordered", () => {
    test("has one order, however it is listed, and what is not known yet last", () => {
        const schema = unordered(list(z.string()));
        expect(schema.parse(["b", UNKNOWN, "a"])).toEqual(["a", "b", UNKNOWN]);
    });
});
