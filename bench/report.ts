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

/** What Switchyard is to reach, judged by the figures of the tables. */
export interface Goal {
    readonly what: string;
    readonly goal: string;
    readonly found: string;
    readonly met: boolean;
    /** Why it is missed, and what could be done next: printed where it is. */
    readonly why?: string;
}

/** One subject of the report. */
export interface Section {
    readonly title: string;
    /** How it was measured. */
    readonly method: readonly string[];
    /** Absent where sizes were too small to judge. */
    readonly goals: readonly Goal[];
    readonly tables: readonly Table[];
    readonly charts?: readonly Chart[];
    /** All that was measured, for programs. */
    readonly measured: unknown;
}

export type MakeSection = (context: Context) => Promise<Section>;

type Facts = Readonly<Record<string, string>>;

export function jsonOf(sections: readonly Section[], facts: Facts): string {
    const measured = Object.fromEntries(sections.map(({ title, measured }) => [title, measured]));
    const goals = sections.flatMap(({ goals }) => goals);
    return `${JSON.stringify({ facts, goals, measured }, undefined, 2)}\n`;
}

export function markdownOf(sections: readonly Section[], facts: Facts): string {
    const lines = [
        "# Benchmarks",
        "",
        "Made by `npm run bench`. Figures hold for this machine and this run: compare within it, never across runs.",
        "Where there is a least and a most, the figure before them is the median of that many runs; contestants take turns.",
        "",
        ...Object.entries(facts).map(([name, fact]) => `- ${name}: ${fact}`),
        ...goalsOf(sections),
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

function goalsOf(sections: readonly Section[]): string[] {
    const goals = sections.flatMap(({ goals }) => goals);
    if (goals.length === 0) return [];
    const rows = goals.map(({ what, goal, found, met }) => [what, goal, found, met ? "met" : "**missed**"]);
    const missed = goals.filter(({ met, why }) => !met && why !== undefined);
    return [
        "",
        "## Goals",
        "",
        ...markdownTable(["what", "goal", "measured", ""], rows),
        ...missed.flatMap(({ what, why }) => ["", `**${what}**: ${why}`]),
    ];
}

function markdownTable(columns: readonly string[], rows: Table["rows"]): string[] {
    const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    const rule = columns.map((_, index) => (index === 0 ? "---" : "---:"));
    return [row(columns), row(rule), ...rows.map(row)];
}
