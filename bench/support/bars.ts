import { line, numberOf, scale, svg, text, WIDTH, type Axis } from "./svg";

export interface Bar {
    readonly name: string;
    readonly value: number;
    /** What the eye is to find first, what is no rival, and the rivals. */
    readonly kind: "ours" | "limit" | "other";
}

/** Groups of bars, one below another. */
export interface BarChart {
    /** Names the file too. */
    readonly name: string;
    readonly title: string;
    /** From 0. */
    readonly x: Axis;
    readonly groups: readonly { readonly name: string; readonly bars: readonly Bar[] }[];
}

const COLOURS = { ours: "#0072b2", limit: "#bbbbbb", other: "#e69f00" };
/** A letter is about as wide. */
const LETTER = 6.4;
/** So that lines behind numbers leave them readable. */
const HALO = `stroke="#fff" stroke-width="4" paint-order="stroke"`;
const RIGHT = WIDTH - 70;
const TOP = 40;
const ROW = 18;
const HEADING = 28;

/** An SVG document. */
export function barsOf({ title, x, groups }: BarChart): string {
    const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ name }) => name.length)));
    const left = 30 + longest * LETTER;
    const atX = scale(x, left, RIGHT);
    const rows: string[] = [];
    let y = TOP;
    for (const { name, bars } of groups) {
        y += HEADING;
        rows.push(text(name, [16, y - 8], `font-weight="bold"`));
        for (const { name, value, kind } of bars) {
            const [end, middle] = [atX(value), y + ROW / 2 + 4];
            rows.push(
                `<rect x="${left.toFixed(1)}" y="${y + 2}" width="${(end - left).toFixed(1)}" height="${ROW - 4}" fill="${COLOURS[kind]}"/>`,
                text(name, [left - 8, middle], `text-anchor="end"`),
                text(value.toFixed(2), [end + 6, middle], HALO),
            );
            y += ROW;
        }
    }
    const ticks = x.ticks.flatMap((tick) => [
        line([atX(tick), TOP], [atX(tick), y + 4], tick === 1 ? "#000" : "#ddd"),
        text(numberOf(tick), [atX(tick), y + 20], `text-anchor="middle"`),
    ]);
    const words = [
        text(title, [16, 22], `font-size="15"`),
        text(x.title, [(left + RIGHT) / 2, y + 40], `text-anchor="middle"`),
    ];
    return svg(y + 52, [...words, ...ticks, ...rows]);
}
