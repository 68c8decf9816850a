export interface Axis {
    readonly title: string;
    /** Where lines and numbers are; the first and the last are the ends. */
    readonly ticks: readonly number[];
    readonly logarithmic?: boolean;
}

export const WIDTH = 720;
type Place = readonly [x: number, y: number];

/** A document of these elements. */
export function svg(height: number, parts: readonly string[]): string {
    const lines = [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
        `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
        ...parts,
        "</svg>",
    ];
    return `${lines.join("\n")}\n`;
}

export function text(words: string, [x, y]: Place, options = ""): string {
    return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${options}>${escape(words)}</text>`;
}

export function line([x1, y1]: Place, [x2, y2]: Place, colour = "#ddd"): string {
    return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}"/>`;
}

/** From values to places; what lies beyond the ends is drawn at them. */
export function scale({ ticks, logarithmic = false }: Axis, from: number, to: number): (value: number) => number {
    const [least, most] = [ticks[0]!, ticks.at(-1)!];
    const position = logarithmic ? Math.log : Number;
    return (value) => {
        const within = Math.min(most, Math.max(least, value));
        return from + ((position(within) - position(least)) / (position(most) - position(least))) * (to - from);
    };
}

export function numberOf(value: number): string {
    return value.toLocaleString("en", { maximumFractionDigits: 3 });
}

function escape(words: string): string {
    return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
