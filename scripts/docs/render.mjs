// One export as Markdown that reads well as it is and on a code host.
import { linkTo, linker, typeOf } from "./links.mjs";

const HEAD = "<!-- Written by `npm run docs` from the comments in the source. -->";

export function indexPage(book, resources, shared) {
    const row = (name) => `| [${name}](${linkTo(book, name)}) | ${firstSentence(book.items.get(name).doc.text)} |`;
    const table = (head, names) => [`| ${head} | |`, "| --- | --- |", ...names.map(row)].join("\n");
    return paragraphs([
        HEAD,
        "# Reference",
        "Every resource with its arguments: what they mean, what is allowed, the default, and what a change does.",
        table("resource", resources),
        shared.length > 0 && table("shared by several", shared),
    ]);
}

/** A resource with its arguments and outputs, and then the types that these alone use. */
export function resourcePage(book, name, types) {
    const item = book.items.get(name);
    const { args, constructorDoc: made } = item;
    const link = linker(book, `${name}.md`, name);
    return paragraphs([
        HEAD,
        `# ${name}`,
        ...aboutOf(link, item.doc),
        signatures(item),
        ...(made ? aboutOf(link, made) : []),
        ...(args ? section(book, `${name}.md`, args) : []),
        ...membersOf(
            link,
            "Outputs",
            item.members.filter((member) => member.type && !member.isStatic),
        ),
        ...membersOf(
            link,
            "Functions",
            item.members.filter((member) => member.signatures || member.isStatic),
        ),
        ...types.flatMap((type) => section(book, `${name}.md`, type)),
    ]);
}

export function sharedPage(book, names) {
    return paragraphs([
        HEAD,
        "# Shared types and values",
        "What several resources use, or a program on its own.",
        ...names.flatMap((name) => section(book, "shared.md", name)),
    ]);
}

function section(book, page, name) {
    const item = book.items.get(name);
    const link = linker(book, page, name);
    const parents = (item.parents ?? []).map((parent) => typeOf(link, parent));
    return [
        `## ${name}`,
        ...aboutOf(link, item.doc),
        parents.length > 0 && `All of ${parents.join(" and ")}, and:`,
        signatures(item),
        // Whoever reads a type that is no argument wants to know what there is, not what to give.
        ...item.members.flatMap((member) => memberSection(link, member, name.endsWith("Args"))),
    ];
}

function membersOf(link, title, members) {
    return members.length === 0 ? [] : [`## ${title}`, ...members.flatMap((member) => memberSection(link, member))];
}

function memberSection(link, member, isRequired) {
    const { doc, type, isOptional } = member;
    const need = isOptional ? "optional" : isRequired && "required";
    const facts = type && [typeOf(link, type), need, ...doc.defaults.map(defaultOf(link))];
    return [
        `### ${member.name}`,
        facts && facts.filter(Boolean).join(" · "),
        signatures(member),
        ...aboutOf(link, doc),
    ];
}

function signatures({ signatures: all = [] }) {
    return all.length > 0 && fence(all.join("\n"));
}

function aboutOf(link, doc) {
    return [
        ...doc.deprecated.map((text) => `**Deprecated.** ${link.text(text)}`),
        link.text(doc.text),
        list(doc.parameters.map(([name, text]) => `- \`${name}\`: ${link.text(text)}`)),
        ...doc.returns.map((text) => `Returns ${link.text(text)}`),
        ...doc.throws.map((text) => `Throws ${link.text(text.replace(/^[\w.]*Error\b/, "`$&`"))}`),
        ...doc.examples.map(exampleOf),
    ];
}

function list(lines) {
    return lines.length > 0 && lines.join("\n");
}

function exampleOf(text) {
    if (text.includes("```")) return text;
    return /[\n`]/.test(text) ? fence(text) : `Example: \`${text}\``;
}

/** A default is a value, or words that may begin with one. */
function defaultOf(link) {
    const value = /^("[^"]*"|-?[\d.]+\d|-?\d+|true|false|\{[^}]*\}|\[[^\]]*\])(?=$|[\s,:;])/;
    return (text) => `default ${link.text(text.replace(value, "`$1`").replace(/\s+/g, " "))}`;
}

function fence(code) {
    return `\`\`\`ts\n${code}\n\`\`\``;
}

function paragraphs(parts) {
    return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function firstSentence(text) {
    const [paragraph] = text.split("\n\n");
    return paragraph.replace(/\s+/g, " ").replace(/(?<=\.) (?=[A-Z]).*$/, "");
}
