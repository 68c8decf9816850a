import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

const root = path.join(__dirname, "../..");
const entry = path.join(__dirname, "support/documented/index.ts");

let pages: Map<string, string>;
let problems: string[];
beforeAll(async () => {
    const part = (name: string): Promise<any> => import(path.join(root, "scripts/docs", name));
    const items = (await part("read.mjs")).read(entry);
    pages = (await part("pages.mjs")).pages(items);
    problems = (await part("missing.mjs")).missing(items);
}, 60_000);

/** What a page says under a heading, up to the next one. */
function section(page: string, heading: string): string {
    const [, text] = `${pages.get(page)}\n#`.split(`\n${heading}\n`);
    return text?.split(/\n#/)[0]!.trim() ?? `no ${heading} in ${page}`;
}

function headings(page: string): string[] {
    return pages
        .get(page)!
        .split("\n")
        .filter((line) => line.startsWith("#"));
}

describe("the pages of the reference", () => {
    test("a resource is on one page with its arguments, outputs, functions and the types that only it uses", () => {
        expect([...pages.keys()]).toEqual(["README.md", "House.md", "Garden.md", "shared.md"]);
        expect(headings("House.md")).toEqual([
            "# House",
            ...["## HouseArgs", "### colour", "### rooms", "### door", "### address"],
            ...["## Outputs", "### address"],
            ...["## Functions", "### from"],
            ...["## DoorArgs", "### kind", "## Colour"],
        ]);
    });

    test("what several resources use, and values, are on a page of their own", () => {
        expect(headings("shared.md").filter((line) => line.startsWith("## "))).toEqual([
            "## Address",
            "## wellKnown",
            "## paint",
            "## gallery.cottage",
        ]);
    });

    test("of a constant, the properties with a comment have a section", () => {
        expect(pages.get("shared.md")).toContain("### barn");
        expect(pages.get("shared.md")).not.toContain("### hedge");
    });

    test("the index has the first sentence of each", () => {
        expect(pages.get("README.md")).toContain("| [House](House.md) | A house. |");
        expect(pages.get("README.md")).toContain(
            "| [gallery.cottage](shared.md#gallerycottage) | One that is for sale. |",
        );
    });
});

describe("a section of the reference", () => {
    test.each([
        [
            "House.md",
            "### rooms",
            "`number` · optional · default `2` in a town, otherwise 3\n\nHow many rooms, 1 to 9.\n\n- small: 1\n- large: 9\n\nExample: `4`",
        ],
        [
            "House.md",
            "### door",
            '`DoorArgs[]` ([DoorArgs](#doorargs)) · optional · default `{ kind: "plain" }` each\n\nIts doors.\n\n```ts\n[\n    { kind: "plain" },\n]\n```',
        ],
        [
            "House.md",
            "### colour",
            "[`Colour`](#colour-1) · required\n\nIts colour, as in [the table](#colour-1). A change takes effect in place.",
        ],
        [
            "House.md",
            "### from",
            "```ts\nfrom(name: string): House\nfrom(name: string, colour: Colour): House\n```\n\nOne that others built.\n\nOne that others built, repainted.",
        ],
        [
            "House.md",
            "### kind",
            '`"plain" | "glass"` · required\n\n- `"plain"`: of wood\n- `"glass"`: one sees who is there',
        ],
        ["Garden.md", "## GardenArgs", "What a garden has.\n\nAll of [`Address`](shared.md#address), and:"],
        ["shared.md", "### street", "`string`\n\nThe street."],
        ["House.md", "## Colour", 'What it looks like.\n\n```ts\ntype Colour = "red" | "green"\n```'],
        ["shared.md", "### barn", '`{ readonly colour: "red"; }`\n\nA barn.'],
        [
            "shared.md",
            "## paint",
            "**Deprecated.** Call a painter.\n\nPaints something.\n\nReturns what is painted\n\n```ts\npaint(what: string): string\n```",
        ],
        ["shared.md", "## gallery.cottage", 'One that is for sale.\n\n```ts\nconst cottage: "cottage"\n```'],
    ])("%s %s", (page, heading, text) => {
        expect(section(page, heading)).toBe(text);
    });

    test("a resource says how it is made; names of others in prose lead to them, its own and those in code do not", () => {
        expect(section("House.md", "# House")).toBe(
            [
                "A house. It stands in a [`Garden`](Garden.md); `Nothing` is known of a `House`'s roof.",
                '```ts\nnew House("mine", { colour: "red" }); // not a `Garden`\n```',
                "```ts\nnew House(name: string, args?: HouseArgs, options?: object)\n```",
                "- `name`: is on the door",
                "Throws `HouseError` when there is no room",
            ].join("\n\n"),
        );
    });
});

test("what has no comment is named, and an argument that may be left out without a default", () => {
    expect(problems).toEqual(["GardenArgs.size has no comment", "GardenArgs.size is optional: say its @default"]);
});
