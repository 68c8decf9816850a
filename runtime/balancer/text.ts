/** How nft's text is laid out; 1.0.6 wants each closing brace on a line of its own. */

/** What a table declares: the kind, the name, and the lines between the braces. */
export type Declaration = readonly [kind: string, name: string, lines: readonly string[]];

export function declare([kind, name, lines]: Declaration): string {
    return `    ${kind} ${name} {\n${indented(lines)}    }\n`;
}

/** Lines within a declaration. */
export function indented(lines: readonly string[]): string {
    return lines.map((line) => `        ${line}\n`).join("");
}
