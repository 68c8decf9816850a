import { Command, CommanderError } from "commander";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describeFailure } from "../provider/docker/errors";
import { packageRoot } from "../provider/package";
import { addExplain } from "./commands/explain";
import { addRevisions } from "./commands/revisions";
import { addRollback } from "./commands/rollback";
import { addStatus } from "./commands/status";
import type { Options } from "./options";
import type { Outcome } from "./outcome";

/** Where a command writes. */
export interface Streams {
    out(text: string): void;
    error(text: string): void;
}

/** Takes what a command finds out. */
export type Report = (options: Options, finding: Promise<Outcome>) => Promise<void>;

export type ExitCode = 0 | 1 | 2;

const MORE = `
Gateways and DNS servers are found by the labels of their containers, whatever stack made them.

Exit code: 0 when all is well; 1 when something is not (a problem, servers that differ or do not answer);
2 when what was asked cannot be done.

Examples:
  switchyard status
  switchyard explain contoso --client 192.0.2.7
  switchyard revisions
  switchyard rollback 3f2a --host ssh://admin@east.example`;

/** Runs the command line, without the program's own name. */
export async function run(line: readonly string[], { out, error }: Streams): Promise<ExitCode> {
    let code: ExitCode = 0;
    const report: Report = async ({ json }, finding) => {
        const { data, text, remarks, fine } = await finding;
        out(`${json ? JSON.stringify(data, undefined, 2) : text}\n`);
        for (const remark of remarks) error(`${remark}\n`);
        code = fine ? 0 : 1;
    };
    // Commands inherit these when they are added.
    const program = new Command("switchyard")
        .description("Asks the gateways and DNS servers that pulumi-switchyard made what they do, and why.")
        .version(version(), "-V, --version", "print the version of the package")
        .exitOverride()
        .configureOutput({ writeOut: out, writeErr: error })
        .showHelpAfterError("(--help says what is allowed)")
        .addHelpText("after", MORE);
    addStatus(program, report);
    addExplain(program, report);
    addRevisions(program, report);
    addRollback(program, report, (said) => error(`${said}\n`));
    try {
        await program.parseAsync(line, { from: "user" });
        return code;
    } catch (failure) {
        // Commander has said already what is wrong with the line, or shown its help.
        if (failure instanceof CommanderError) return failure.exitCode === 0 ? 0 : 2;
        error(`switchyard: ${describeFailure(failure)}\n`);
        return 2;
    }
}

function version(): string {
    const manifest = readFileSync(path.join(packageRoot(), "package.json"), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
}
