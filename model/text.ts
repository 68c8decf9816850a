/** How agents, explanations and the command write for people. */

/** `2026-11-21 14:03:07Z` */
export function time(at: number): string {
    return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** Rows of one width a column. */
export function table(rows: readonly (readonly string[])[]): string[] {
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")}`.trimEnd());
}
