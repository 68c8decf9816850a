import { line, numberOf, scale, svg, text, WIDTH, type Axis } from "./svg";

/** A line of a chart. */
export interface Series {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
}

/** Lines. */
export interface LineChart {
    /** Names the file too. */
    readonly name: string;
    readonly title: string;
    readonly x: Axis;
    readonly y: Axis;
    readonly series: readonly Series[];
}

const HEIGHT = 360;
const MARGIN = { left: 70, right: 225, top: 40, bottom: 50 };
// Told apart by people who see red and green alike, too.
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"];

/** An SVG document with a line for each series. */
export function linesOf({ title, x, y, series }: LineChart): string {
    const atX = scale(x, MARGIN.left, WIDTH - MARGIN.right);
    const atY = scale(y, HEIGHT - MARGIN.bottom, MARGIN.top);
    const [left, right] = [MARGIN.left, WIDTH - MARGIN.right];
    const [top, bottom] = [MARGIN.top, HEIGHT - MARGIN.bottom];
    const middle = `text-anchor="middle"`;
    return svg(HEIGHT, [
        text(title, [left, 22], `font-size="15"`),
        ...x.ticks.flatMap((tick) => [
            line([atX(tick), top], [atX(tick), bottom]),
            text(numberOf(tick), [atX(tick), bottom + 18], middle),
        ]),
        ...y.ticks.flatMap((tick) => [
            line([left, atY(tick)], [right, atY(tick)]),
            text(numberOf(tick), [left - 8, atY(tick) + 4], `text-anchor="end"`),
        ]),
        text(x.title, [(left + right) / 2, HEIGHT - 12], middle),
        text(y.title, [16, (top + bottom) / 2], `${middle} transform="rotate(-90 16 ${(top + bottom) / 2})"`),
        ...series.flatMap(({ name, points }, index) => {
            const colour = COLOURS[index % COLOURS.length]!;
            const path = points.map(([px, py]) => `${atX(px).toFixed(1)},${atY(py).toFixed(1)}`).join(" ");
            return [
                `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
                text(name, [right + 12, top + 16 + index * 20], `fill="${colour}"`),
            ];
        }),
    ]);
}

/** How large a share of the values is at most x, at each of them: a distribution. */
export function sharesOf(values: readonly number[]): [number, number][] {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted.flatMap((value, index) => [
        [value, index / sorted.length],
        [value, (index + 1) / sorted.length],
    ]);
}
