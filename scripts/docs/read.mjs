// What a package exports, with its documentation, as TypeScript itself reads it.
import path from "node:path";
import ts from "typescript";

/**
 * Each export by its name, in the order of the entry file. What `export * as gallery` exports is named `gallery.web`.
 *
 *     { kind, doc, signatures, members, types, args }
 *
 * `members` are properties and methods in the order of their source, `types` the names of exports that it mentions,
 * `args` the interface that a class's constructor takes.
 */
export function read(entry) {
    const config = ts.findConfigFile(path.dirname(entry), ts.sys.fileExists);
    const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} };
    const program = ts.createProgram([entry], ts.getParsedCommandLineOfConfigFile(config, {}, host).options);
    const checker = program.getTypeChecker();
    const found = exportsOf(checker, checker.getSymbolAtLocation(program.getSourceFile(entry)));
    const names = new Map(found.map(([name, symbol]) => [symbol, name]));
    const context = { checker, names, isOurs: isOurs(program) };
    return new Map(found.map(([name, symbol]) => [name, itemOf(context, symbol)]));
}

function isOurs(program) {
    return (node) => {
        const file = node.getSourceFile();
        return !program.isSourceFileFromExternalLibrary(file) && !program.isSourceFileDefaultLibrary(file);
    };
}

function exportsOf(checker, module, prefix = "") {
    return checker
        .getExportsOfModule(module)
        .map((symbol) => [symbol, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol])
        .sort(([one], [other]) => one.declarations[0].pos - other.declarations[0].pos)
        .flatMap(([{ name }, symbol]) =>
            symbol.flags & ts.SymbolFlags.ValueModule
                ? exportsOf(checker, symbol, `${prefix}${name}.`)
                : [[prefix + name, symbol]],
        );
}

function itemOf(context, symbol) {
    const declarations = symbol.declarations.filter((node) => !node.body || symbol.declarations.length === 1);
    const [node] = declarations;
    const common = { doc: docOf(...declarations), types: mentionedIn(context, node), members: [] };
    if (ts.isClassDeclaration(node)) return { ...common, ...classOf(context, node) };
    if (ts.isInterfaceDeclaration(node)) {
        const parents = (node.heritageClauses ?? []).flatMap(({ types }) => types.map(textOf));
        return { ...common, kind: "interface", parents, members: membersOf(context, node.members) };
    }
    if (ts.isTypeAliasDeclaration(node)) {
        const members = ts.isTypeLiteralNode(node.type) ? membersOf(context, node.type.members) : [];
        const signatures = members.length > 0 ? [] : [`type ${node.name.text} = ${textOf(node.type)}`];
        return { ...common, kind: "type", signatures, members };
    }
    if (ts.isFunctionDeclaration(node)) {
        return { ...common, kind: "function", signatures: declarations.map((one) => signatureOf(node.name.text, one)) };
    }
    if (ts.isVariableDeclaration(node)) return { ...common, kind: "constant", ...constantOf(context, symbol, node) };
    throw new Error(`${symbol.name}: scripts/docs does not know how to document this kind of export`);
}

function classOf(context, node) {
    const isPublic = (member) =>
        !(ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));
    const members = membersOf(context, node.members.filter(isPublic));
    const constructor = node.members.find(ts.isConstructorDeclaration);
    const args = constructor?.parameters[1]?.type;
    return {
        kind: "class",
        signatures: constructor ? [signatureOf(`new ${node.name.text}`, constructor)] : [],
        constructorDoc: constructor && docOf(constructor),
        args: args && ts.isTypeReferenceNode(args) ? nameOf(context, args.typeName) : undefined,
        members,
    };
}

/** A constant that is an object has for members those of its properties that say more than it says itself. */
function constantOf({ checker, isOurs }, symbol, node) {
    const type = checker.getTypeAtLocation(node);
    const properties = type
        .getProperties()
        .filter(({ valueDeclaration }) => valueDeclaration && isOurs(valueDeclaration));
    const show = (what) => checker.typeToString(what, node, ts.TypeFormatFlags.NoTruncation);
    return {
        signatures:
            properties.length > 0 ? [] : [`const ${symbol.name}: ${node.type ? textOf(node.type) : show(type)}`],
        members: properties
            .map((property) => ({
                name: property.name,
                type: show(checker.getTypeOfSymbolAtLocation(property, node)),
                doc: docOf(property.valueDeclaration),
            }))
            .filter(({ doc }) => doc.text),
    };
}

function membersOf(context, nodes) {
    const bySymbol = new Map();
    for (const node of nodes) {
        const symbol = node.name && context.checker.getSymbolAtLocation(node.name);
        if (symbol) bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), node]);
    }
    return [...bySymbol].map(([symbol, all]) => {
        const declarations = all.filter((node) => !node.body || all.length === 1);
        const [node] = declarations;
        const isStatic = Boolean(ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Static);
        const common = {
            name: symbol.name,
            isStatic,
            doc: docOf(...declarations),
        };
        if (ts.isMethodDeclaration(node) || ts.isMethodSignature(node)) {
            return { ...common, signatures: declarations.map((one) => signatureOf(symbol.name, one)) };
        }
        const type = node.type
            ? textOf(node.type)
            : context.checker.typeToString(context.checker.getTypeAtLocation(node));
        return { ...common, type, isOptional: Boolean(node.questionToken) };
    });
}

function docOf(...declarations) {
    const tags = declarations.flatMap((node) => ts.getJSDocTags(node));
    const texts = (name) => tags.filter(({ tagName }) => tagName.text === name).map(textOfComment);
    return {
        text: declarations
            .flatMap((node) => ts.getJSDocCommentsAndTags(node))
            .filter(ts.isJSDoc)
            .map(textOfComment)
            .join("\n\n"),
        defaults: [...texts("default"), ...texts("defaultValue")],
        examples: texts("example"),
        throws: tags.filter(({ tagName }) => tagName.text === "throws").map(textOfThrows),
        returns: texts("returns"),
        deprecated: texts("deprecated"),
        parameters: tags
            .filter(ts.isJSDocParameterTag)
            .map((tag) => [tag.name.getText(), textOfComment(tag).replace(/^- /, "")]),
    };
}

function textOfComment(tag) {
    return (ts.getTextOfJSDocComment(tag.comment) ?? "").trim();
}

/** TypeScript takes `{Type}` out of the text; here it is part of the sentence. */
function textOfThrows(tag) {
    const type = tag.typeExpression?.type.getText();
    return [type && `\`${type}\``, textOfComment(tag)].filter(Boolean).join(" ");
}

function signatureOf(name, node) {
    const generics = node.typeParameters ? `<${node.typeParameters.map(textOf).join(", ")}>` : "";
    const parameters = node.parameters.map((parameter) => {
        const optional = parameter.questionToken || parameter.initializer ? "?" : "";
        return `${parameter.dotDotDotToken ? "..." : ""}${textOf(parameter.name)}${optional}: ${textOf(parameter.type)}`;
    });
    return `${name}${generics}(${parameters.join(", ")})${node.type ? `: ${textOf(node.type)}` : ""}`;
}

/** The source of a type on one line, without the comments in it. */
function textOf(node) {
    const printer = ts.createPrinter({ removeComments: true });
    return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/\s+/g, " ");
}

/** The exports that the declaration mentions, but not in what a function does. */
function mentionedIn(context, node) {
    const found = new Set();
    const visit = (child) => {
        if (ts.isBlock(child)) return;
        const name = ts.isIdentifier(child) ? nameOf(context, child) : undefined;
        if (name) found.add(name);
        ts.forEachChild(child, visit);
    };
    ts.forEachChild(node, visit);
    return found;
}

function nameOf({ checker, names }, identifier) {
    const symbol = checker.getSymbolAtLocation(identifier);
    if (!symbol) return undefined;
    return names.get(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
}
