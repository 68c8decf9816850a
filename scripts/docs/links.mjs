// Links between the pages of the reference.

/** A page, or `#=Name` for a section of it, until `anchored` knows what the code host names that. */
export function linkTo({ pageOf, items }, name, page) {
    const target = pageOf(name) === page ? "" : pageOf(name);
    return items.get(name).kind === "class" && target ? target : `${target}#=${name}`;
}

/** The pages with links to sections by the names that code hosts give to headings: a second `port` is `port-1`. */
export function anchored(pages) {
    const slugs = new Map();
    for (const [page, text] of pages) {
        const seen = new Map();
        for (const [, level, title] of text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^(#+) (.*)$/gm)) {
            const slug = title
                .toLowerCase()
                .replace(/[^\w -]/g, "")
                .replaceAll(" ", "-");
            const count = seen.get(slug) ?? 0;
            seen.set(slug, count + 1);
            if (level.length < 3) slugs.set(`${page}#=${title}`, count === 0 ? slug : `${slug}-${count}`);
        }
    }
    const resolve = (page) => (_, file, title) => `](${file}#${slugs.get(`${file || page}#=${title}`)})`;
    return new Map([...pages].map(([page, text]) => [page, text.replace(/\]\(([\w.]*)#=([\w.]+)\)/g, resolve(page))]));
}

/** Links to other exports, from the page on which `self` is described. */
export function linker(book, page, self) {
    const to = (name, label) => `[${label}](${linkTo(book, name, page)})`;
    const isOther = (name) => book.items.has(name) && name !== self && `${name}.md` !== page;
    const prose = (text) =>
        text
            .replace(/\{@link(?:code)? +([\w.]+)[ |]*([^}]*)\}/g, (_, name, label) =>
                isOther(name) ? to(name, label || `\`${name}\``) : label || `\`${name}\``,
            )
            .replace(/(?<![[`])`([\w.]+)`(?!`)/g, (code, name) => (isOther(name) ? to(name, code) : code));
    // Code blocks stay as they are.
    const blocks = /(^```[\s\S]*?^```$)/m;
    const text = (all) =>
        all
            .split(blocks)
            .map((part, index) => (index % 2 ? part : prose(part)))
            .join("");
    return { isOther, to, text };
}

/** Code has no links in Markdown, so those to what a type mentions follow it. */
export function typeOf(link, type) {
    const names = [...new Set(type.match(/[A-Za-z_][\w.]*/g))].filter(link.isOther);
    if (names[0] === type) return link.to(type, `\`${type}\``);
    return `\`${type}\`${names.length > 0 ? ` (${names.map((name) => link.to(name, name)).join(", ")})` : ""}`;
}
