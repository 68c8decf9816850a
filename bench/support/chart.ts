import { barsOf, type BarChart } from "./bars";
import { linesOf, type LineChart } from "./lines";

export type Chart = BarChart | LineChart;

/** An SVG document. */
export function svgOf(chart: Chart): string {
    return "groups" in chart ? barsOf(chart) : linesOf(chart);
}
