import * as pulumi from "@pulumi/pulumi";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import * as switchyard from "../../../sdk";

export const root = path.join(__dirname, "../../..");
const guides = path.join(root, "docs/guides");

/** A block of code of a guide or the README, as the program that its reader would have. */
export interface Block {
    /** `endpoints.md:7` */
    readonly at: string;
    readonly code: string;
}

export function blocks(): Block[] {
    const files = readdirSync(guides).filter((file) => file.endsWith(".md"));
    return ["../../README.md", ...files].flatMap((file) =>
        blocksOf(path.basename(file), readFileSync(path.join(guides, file), "utf8")),
    );
}

/** A block that imports is a program of its own; others go on from the guide's first. */
function blocksOf(file: string, text: string): Block[] {
    const found = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(({ 1: code, index }) => ({
        at: `${file}:${text.slice(0, index).split("\n").length + 1}`,
        code: code!,
    }));
    return found.map(({ at, code }) => ({ at, code: /^import /m.test(code) ? code : goOn(found[0]!.code, code) }));
}

/** Which resources serve something, which ones they serve, and in which list. */
const SERVERS = [
    { server: "LoadBalancer", list: "endpoints", served: "Endpoint|EndpointPool|LoadBalancedSet" },
    { server: "TrafficManager", list: "policies", served: "TrafficPolicy" },
];

/**
 * A block's load balancer or traffic manager takes the place of the program's last one. Otherwise what the block makes
 * goes into the list of that one, in the place of what has the same name there.
 */
function goOn(first: string, block: string): string {
    const found = SERVERS.flatMap(({ server, list, served }) => {
        const statement = new RegExp(
            `^((?:const \\w+ = )?new switchyard\\.${server}\\([^;]*${list}: \\[)([^;\\]]*)(\\][^;]*;\\n)`,
            "m",
        );
        const match = statement.exec(first);
        return match ? [{ server, served, match }] : [];
    }).at(-1);
    if (!found) throw new Error(`nothing is served in\n${first}`);
    const [, before, list, after] = found.match as unknown as [string, string, string, string];
    // What comes after it may be about what is left out here.
    const start = first.slice(0, found.match.index);
    if (block.includes(`new switchyard.${found.server}(`)) return `${start}{\n${block}\n}\n`;
    const declarations = new RegExp(`^const (\\w+) = new switchyard\\.(?:${found.served})\\(`, "gm");
    const made = [...block.matchAll(declarations)].map(([, name]) => name!);
    const others = made.filter((name) => !list.split(/\W/).includes(name));
    const served = [...others, list].join(", ");
    return `${start}{\n${block}\n${before}${served}${after}}\n`;
}

/** What the compiler says against programs of users, by their places. */
export function typeErrors(programs: readonly Block[]): Record<string, string[]> {
    const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file));
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    // Users have no such strictness about lists, nor our source under this name.
    const theirs = {
        noUncheckedIndexedAccess: false,
        rootDir: root,
        paths: { "pulumi-switchyard": ["./sdk/index.ts"] },
    };
    const all: ts.CompilerOptions = { ...options, ...theirs, baseUrl: root };
    const files = new Map(
        programs.map(({ at, code }) => [path.join(guides, `${at.replace(":", ".")}.ts`), { at, code }]),
    );
    const host = ts.createCompilerHost(all);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (file) => files.has(file) || fileExists(file);
    host.getSourceFile = (file, ...rest) => {
        const program = files.get(file);
        return program ? ts.createSourceFile(file, program.code, ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest);
    };
    const errors: Record<string, string[]> = {};
    const program = ts.createProgram([...files.keys()], all, host);
    for (const [file, { at }] of files) {
        const messages = ts
            .getPreEmitDiagnostics(program, program.getSourceFile(file))
            .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
        if (messages.length > 0) errors[at] = messages;
    }
    return errors;
}

/** Runs a program as Node.js would, with the package from its source. */
export function run({ code }: Block): void {
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(code, { compilerOptions });
    const modules: Record<string, unknown> = { "@pulumi/pulumi": pulumi, "pulumi-switchyard": switchyard };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    new Function("require", "exports", outputText)((name: string) => modules[name], {});
}
