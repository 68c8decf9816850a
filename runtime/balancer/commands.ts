import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";

export interface CommandResult {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

/** Runs the kernel's tools (nft, conntrack, ip) in one network namespace. */
export class Commands {
    /** @param prefix what to put in front of every command, such as `ip netns exec NAME`; nothing means this process's own namespace */
    constructor(private readonly prefix: readonly string[] = []) {}

    start(command: readonly string[]): ChildProcessWithoutNullStreams {
        const [program, ...args] = [...this.prefix, ...command];
        // nft and readline look for files of the user; there are none, and nft's history would grow for ever.
        return spawn(program!, args, { env: { ...process.env, HOME: "/nonexistent", LC_ALL: "C" } });
    }

    /** The result of a command, whatever its exit code. */
    async attempt(command: readonly string[], input = ""): Promise<CommandResult> {
        const stdout: string[] = [];
        const ended = await this.read(command, input, (chunk) => stdout.push(chunk));
        return { ...ended, stdout: stdout.join("") };
    }

    /** Hands over what the command prints line by line, so that a long answer takes neither much memory nor long turns. */
    attemptLines(command: readonly string[], onLine: (line: string) => void): Promise<Omit<CommandResult, "stdout">> {
        let unfinished = "";
        return this.read(command, "", (chunk) => {
            const lines = (unfinished + chunk).split("\n");
            unfinished = lines.pop()!;
            for (const line of lines) onLine(line);
        });
    }

    private async read(command: readonly string[], input: string, onOutput: (chunk: string) => void) {
        const child = this.start(command);
        let stderr = "";
        child.stdout.setEncoding("utf8").on("data", onOutput);
        child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
        // A command that ends before it has read everything says why in its exit code.
        child.stdin.on("error", () => {});
        child.stdin.end(input);
        const code = await new Promise<number>((resolve, reject) => {
            child.on("error", (error) => reject(new Error(`cannot run ${command[0]}: ${error.message}`)));
            child.on("close", (exitCode) => resolve(exitCode ?? -1));
        });
        return { code, stderr };
    }

    /** What the command printed; throws when it fails. */
    async run(command: readonly string[], input = ""): Promise<string> {
        const { code, stdout, stderr } = await this.attempt(command, input);
        if (code !== 0) throw new Error(`${command.join(" ")} failed: ${firstLines(stderr) || `exit code ${code}`}`);
        return stdout;
    }
}

/** nft repeats the input below its message: a few lines tell enough. */
export function firstLines(text: string, count = 3): string {
    return text.trim().split("\n").slice(0, count).join("\n").slice(0, 500);
}
