import type { Chart } from "./support/chart";

/** What a section is told. */
export interface Context {
    /** Small sizes, once: to see that it works. */
    readonly quick: boolean;
    /** Tells who waits what is going on. */
    say(what: string): void;
}

export interface Table {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
    /** What the figures say, or do not. */
    readonly notes?: readonly string[];
}

/** One subject of the report. */
export interface Section {
    readonly title: string;
    /** How it was measured. */
    readonly method: readonly string[];
    readonly tables: readonly Table[];
    readonly charts?: readonly Chart[];
    /** All that was measured, for programs. */
    readonly measured: unknown;
}

export type MakeSection = (context: Context) => Promise<Section>;

type Facts = Readonly<Record<string, string>>;

export function jsonOf(sections: readonly Section[], facts: Facts): string {
    const measured = Object.fromEntries(sections.map(({ title, measured }) => [title, measured]));
    return `${JSON.stringify({ facts, measured }, undefined, 2)}\n`;
}

export function markdownOf(sections: readonly Section[], facts: Facts): string {
    const lines = [
        "# Benchmarks",
        "",
        "Made by `npm run bench`. Figures hold for this machine and this run: compare within it, never across runs.",
        "Each is the median of runs that alternate between the contestants, with the least and the most.",
        "",
        ...Object.entries(facts).map(([name, fact]) => `- ${name}: ${fact}`),
    ];
    for (const { title, method, tables, charts = [] } of sections) {
        lines.push("", `## ${title}`, "", ...method.map((sentence) => `- ${sentence}`));
        for (const { title, columns, rows, notes = [] } of tables) {
            lines.push("", `### ${title}`, "", ...markdownTable(columns, rows));
            for (const note of notes) lines.push("", note);
        }
        for (const { name, title } of charts) lines.push("", `![${title}](charts/${name}.svg)`);
    }
    return `${lines.join("\n")}\n`;
}

function markdownTable(columns: readonly string[], rows: Table["rows"]): string[] {
    const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    const rule = columns.map((_, index) => (index === 0 ? "---" : "---:"));
    return [row(columns), row(rule), ...rows.map(row)];
}
