// The reference: which export is on which page.
import { anchored } from "./links.mjs";
import { indexPage, resourcePage, sharedPage } from "./render.mjs";

/** The pages that document the exports: Markdown by name of file. */
export function pages(items) {
    const resources = [...items.keys()].filter((name) => items.get(name).kind === "class");
    const owners = ownersOf(items, resources);
    const resourceOf = (name) => (owners.get(name)?.size === 1 ? [...owners.get(name)][0] : undefined);
    const others = [...items.keys()].filter((name) => !resources.includes(name));
    const shared = others.filter((name) => resourceOf(name) === undefined);
    const pageOf = (name) => `${resources.includes(name) ? name : (resourceOf(name) ?? "shared")}.md`;
    const book = { items, pageOf };

    const all = new Map([
        ["README.md", indexPage(book, resources, shared)],
        ...resources.map((name) => {
            const own = others.filter((other) => resourceOf(other) === name && other !== items.get(name).args);
            return [`${name}.md`, resourcePage(book, name, own)];
        }),
        ...(shared.length > 0 ? [["shared.md", sharedPage(book, shared)]] : []),
    ]);
    return anchored(all);
}

/** The resources whose pages lead to a type; a resource's own arguments are its alone, whoever else mentions them. */
function ownersOf(items, resources) {
    const owners = new Map();
    const resourceOfArgs = new Map(resources.map((name) => [items.get(name).args, name]));
    for (const resource of resources) {
        const visit = (name) => {
            if (owners.get(name)?.has(resource)) return;
            if ((resourceOfArgs.get(name) ?? resource) !== resource) return;
            if (!["interface", "type"].includes(items.get(name).kind)) return;
            owners.set(name, (owners.get(name) ?? new Set()).add(resource));
            items.get(name).types.forEach(visit);
        };
        items.get(resource).types.forEach(visit);
    }
    return owners;
}
