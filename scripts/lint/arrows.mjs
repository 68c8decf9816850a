// The import arrows of the house, as a lint rule:
//     sdk → model ← provider       runtime → model       cli, testing → provider, model
// model imports nothing but zod, an IP library and a regular expression engine, so that it stays pure functions that everybody may share.
import path from "node:path";

const PACKAGE = "pulumi-switchyard";

/** Folders that each folder may import from, besides itself. Others (test, examples …) may import from all. */
export const ARROWS = {
    sdk: ["model"],
    provider: ["model"],
    cli: ["provider", "model"],
    testing: ["provider", "model"],
    runtime: ["model"],
    model: [],
};

/** Packages, for folders that may not import just any. */
export const PACKAGES = { model: ["zod", "ipaddr.js", "re2js"], sdk: ["@pulumi/pulumi"] };

/** What is wrong with this import, if anything. */
export function problemOf(root, file, specifier) {
    const folderOf = (name) => path.relative(root, name).split(path.sep)[0];
    const from = folderOf(file);
    const allowed = ARROWS[from];
    if (!allowed) return undefined;
    if (specifier.startsWith(".")) {
        const to = folderOf(path.resolve(path.dirname(file), specifier));
        if (to === from || allowed.includes(to)) return undefined;
        return `${from} must not import from ${to} (allowed: ${[from, ...allowed].join(", ")})`;
    }
    if (specifier === PACKAGE || specifier.startsWith(`${PACKAGE}/`)) {
        return `${from} is part of ${PACKAGE} and must not import it by name`;
    }
    const packages = PACKAGES[from];
    if (!packages || packages.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return undefined;
    return `${from} must not import ${specifier} (allowed: ${packages.join(", ")})`;
}

export const arrows = {
    meta: { type: "problem", schema: [], messages: { arrow: "{{problem}}" } },
    create(context) {
        const check = (node, source) => {
            if (source?.type !== "Literal" || typeof source.value !== "string") return;
            const problem = problemOf(context.cwd, context.filename, source.value);
            if (problem) context.report({ node, messageId: "arrow", data: { problem } });
        };
        return {
            ImportDeclaration: (node) => check(node, node.source),
            ExportNamedDeclaration: (node) => check(node, node.source),
            ExportAllDeclaration: (node) => check(node, node.source),
            ImportExpression: (node) => check(node, node.source),
            TSImportType: (node) => check(node, node.source ?? node.argument?.literal),
            TSExternalModuleReference: (node) => check(node, node.expression),
            CallExpression: (node) => {
                const callee = node.callee;
                const requires =
                    (callee.type === "Identifier" && callee.name === "require") ||
                    (callee.type === "MemberExpression" && callee.object.name === "require");
                if (requires) check(node, node.arguments[0]);
            },
        };
    },
};
