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

const BALANCER = /^(new switchyard\.LoadBalancer\([^;]*endpoints: \[)([^;]*\]) \}\);\n/m;
const SERVED = /^const (\w+) = new switchyard\.(?:Endpoint|EndpointPool|LoadBalancedSet)\(/gm;

/** A block's load balancer takes the place of the first one. Otherwise what the block makes goes into the load balancer's list, in the place of what has the same name there. */
function goOn(first: string, block: string): string {
    const [balancer, before, list] = BALANCER.exec(first) ?? [];
    if (!balancer) throw new Error(`there is no load balancer in\n${first}`);
    if (block.includes("new switchyard.LoadBalancer(")) return `${first.replace(balancer, "")}{\n${block}\n}\n`;
    const made = [...block.matchAll(SERVED)].map(([, name]) => name!);
    const others = made.filter((name) => !list!.split(/\W/).includes(name));
    const served = [...others, list].join(", ");
    return `${first.replace(balancer, "")}{\n${block}\n${before}${served} });\n}\n`;
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
