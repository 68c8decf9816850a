// Writes docs/reference, one page a resource, from the JSDoc of what sdk/index.ts exports.
//     node scripts/docs.mjs            writes the pages anew
//     node scripts/docs.mjs --check    fails when they are not what would be written
// Both fail when something public has no comment, or an argument that may be left out no default.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import prettier from "prettier";
import { missing } from "./docs/missing.mjs";
import { pages } from "./docs/pages.mjs";
import { read } from "./docs/read.mjs";

const root = path.dirname(import.meta.dirname);
const folder = path.join(root, "docs/reference");
mkdirSync(folder, { recursive: true });

const items = read(path.join(root, "sdk/index.ts"));
const fresh = new Map();
for (const [name, text] of pages(items)) {
    const filepath = path.join(folder, name);
    fresh.set(name, await prettier.format(text, { ...(await prettier.resolveConfig(filepath)), filepath }));
}
const present = new Map(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
const stale = [...new Set([...fresh.keys(), ...present.keys()])].filter(
    (name) => fresh.get(name) !== present.get(name),
);

const problems = missing(items);

if (process.argv.includes("--check")) {
    problems.push(...stale.map((name) => `docs/reference/${name} is not what the comments say: npm run docs`));
} else {
    for (const name of stale) {
        if (fresh.has(name)) writeFileSync(path.join(folder, name), fresh.get(name));
        else rmSync(path.join(folder, name));
    }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
