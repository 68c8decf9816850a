import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownOf } from "../../bench/report";
import { svgOf } from "../../bench/support/chart";
import { sharesOf } from "../../bench/support/lines";
import { spreadOf, textOf } from "../../bench/support/statistics";

describe("what repeated measurements come to", () => {
    it.each([
        { values: [3], spread: { least: 3, median: 3, most: 3 }, text: "3.0" },
        { values: [10, 9, 2], spread: { least: 2, median: 9, most: 10 }, text: "9.0 (2.0–10.0)" },
        { values: [4, 1, 2, 1000], spread: { least: 1, median: 3, most: 1000 }, text: "3.0 (1.0–1,000.0)" },
    ])("$values", ({ values, spread, text }) => {
        expect(spreadOf(values)).toEqual(spread);
        expect(textOf(values)).toBe(text);
    });

    it("nothing measured is an error, not a zero", () => {
        expect(() => spreadOf([])).toThrow("nothing was measured");
    });

    it("a distribution rises from nothing to everybody", () => {
        fc.assert(
            fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
                const points = sharesOf(values);
                expect(points[0]![1]).toBe(0);
                expect(points.at(-1)![1]).toBe(1);
                for (const [index, [x, y]] of points.slice(1).entries()) {
                    expect(x).toBeGreaterThanOrEqual(points[index]![0]);
                    expect(y).toBeGreaterThanOrEqual(points[index]![1]);
                }
            }),
        );
    });
});

describe("a chart", () => {
    const chart = (points: [number, number][]) =>
        svgOf({
            name: "growth",
            title: "a < b & c",
            x: { title: "sets", ticks: [1, 10, 100], logarithmic: true },
            y: { title: "ms", ticks: [0, 50, 100] },
            series: [{ name: "compile", points }],
        });
    const places = (svg: string) => /points="([^"]*)"/.exec(svg)![1];

    it("puts values where the scales say", () => {
        const svg = chart([
            [1, 0],
            [10, 50],
            [100, 100],
        ]);
        expect(places(svg)).toBe("70.0,310.0 282.5,175.0 495.0,40.0");
        expect(svg).toContain("a &lt; b &amp; c");
    });

    it("draws at the edge what is beyond it", () => {
        expect(places(chart([[1000, -5]]))).toBe("495.0,310.0");
    });
});

it("bars are as long as their values, one below another, and what is beyond the end stops there", () => {
    const bars = [
        { name: "ours", value: 0.5, kind: "ours" },
        { name: "limit", value: 1, kind: "limit" },
        { name: "rocket", value: 9, kind: "other" },
    ] as const;
    const svg = svgOf({ name: "b", title: "B", x: { title: "×", ticks: [0, 1, 2] }, groups: [{ name: "g", bars }] });
    const drawn = [...svg.matchAll(/ y="(\S+)" width="(\S+)" height="14"/g)].map(([, y, width]) =>
        [y, width].map(Number),
    );
    const [first, second, last] = drawn as [number[], number[], number[]];
    expect(second[1]! / first[1]!).toBeCloseTo(2, 2);
    expect(last[1]! / second[1]!).toBeCloseTo(2, 2);
    expect(first[0]! < second[0]! && second[0]! < last[0]!).toBe(true);
    expect(svg).toContain(">9.00</text>");
});

it("a report has what was measured as tables, with notes and charts", () => {
    const section = {
        title: "Names",
        method: ["Asked."],
        goals: [
            { what: "Speed", goal: "≥ 9", found: "9", met: true, why: "not to be seen" },
            { what: "Loss", goal: "0", found: "1", met: false, why: "the cable is loose. The next idea: a nail." },
            { what: "Joy", goal: "some", found: "none", met: false },
        ],
        tables: [{ title: "Answers", columns: ["", "per second"], rows: [["gdnsd", "9"]], notes: ["Goal: 8."] }],
        charts: [
            { name: "names", title: "Time", x: { title: "", ticks: [] }, y: { title: "", ticks: [] }, series: [] },
        ],
        measured: {},
    };
    expect(markdownOf([section], { Kernel: "6.18" }).split("\n").slice(5)).toEqual(
        `- Kernel: 6.18

## Goals

| what | goal | measured |  |
| --- | ---: | ---: | ---: |
| Speed | ≥ 9 | 9 | met |
| Loss | 0 | 1 | **missed** |
| Joy | some | none | **missed** |

**Loss**: the cable is loose. The next idea: a nail.

## Names

- Asked.

### Answers

|  | per second |
| --- | ---: |
| gdnsd | 9 |

Goal: 8.

![Time](charts/names.svg)
`.split("\n"),
    );
});
