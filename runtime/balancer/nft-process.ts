import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { firstLines, type Commands } from "./commands";

/** Asks nft about itself, not about the kernel: anything that reads the kernel would load every element first. */
const SENTINEL = "describe ct mark";
const SENTINEL_ANSWER = /^ct expression, datatype mark .*\n/m;

/** nft keeps much of what it reads and prints: a new process now and then keeps it small. */
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_ANSWER_MS = 30_000;

interface Running {
    readonly child: ChildProcessWithoutNullStreams;
    output: string;
    /** Characters, in both directions. */
    passed: number;
    waiting?: { resolve: (said: string) => void; reject: (error: Error) => void };
}

/**
 * One `nft -i` kept open: a change takes a fraction of a millisecond instead of the start of a process.
 * Callers send one transaction at a time.
 */
export class NftProcess {
    private running?: Running;

    constructor(private readonly commands: Commands) {}

    /** Sends one line, which is one transaction; throws what nft says against it. */
    async run(line: string): Promise<void> {
        const said = await this.send(line);
        if (said !== "") throw new Error(firstLines(said));
    }

    /** What nft answers to questions, one a line; throws when it has none to one of them. */
    async ask(lines: string): Promise<string> {
        const said = await this.send(lines);
        if (/^Error|: Error: /m.test(said)) throw new Error(firstLines(said));
        return said;
    }

    private async send(lines: string): Promise<string> {
        if (this.running && this.running.passed > MOST_BYTES) this.close();
        const running = (this.running ??= this.start());
        const text = `${lines}\n${SENTINEL}\n`;
        running.passed += text.length;
        const timer = setTimeout(() => this.fail(running, "nft gave no answer"), LONGEST_ANSWER_MS);
        try {
            return await new Promise<string>((resolve, reject) => {
                running.waiting = { resolve, reject };
                running.child.stdin.write(text);
            });
        } finally {
            clearTimeout(timer);
        }
    }

    close(): void {
        if (this.running) this.fail(this.running, "nft was closed");
    }

    private start(): Running {
        // Messages and the sentinel's answer come on one pipe, so their order is that of the commands.
        const child = this.commands.start(["sh", "-c", "exec nft -i 2>&1"]);
        const running: Running = { child, output: "", passed: 0 };
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => this.read(running, chunk));
        child.stdin.on("error", () => {});
        child.on("error", (error) => this.fail(running, `cannot run nft: ${error.message}`));
        child.on("close", () => this.fail(running, `nft ended: ${firstLines(running.output)}`));
        return running;
    }

    private read(running: Running, chunk: string): void {
        running.output += chunk;
        running.passed += chunk.length;
        const answer = SENTINEL_ANSWER.exec(running.output);
        if (!answer) return;
        const said = running.output.slice(0, answer.index).trim();
        running.output = running.output.slice(answer.index + answer[0].length);
        const { waiting } = running;
        delete running.waiting;
        waiting?.resolve(said);
    }

    private fail(running: Running, why: string): void {
        if (this.running === running) delete this.running;
        running.child.kill("SIGKILL");
        running.waiting?.reject(new Error(why));
        delete running.waiting;
    }
}

/** Loads a file's worth of text as one transaction: for long texts faster than a line. */
export async function loadText(commands: Commands, text: string): Promise<void> {
    const { code, stderr } = await commands.attempt(["nft", "-f", "-"], text);
    if (code !== 0) throw new Error(firstLines(stderr) || `nft ended with code ${code}`);
}

/** Versions that fail in ways an engineer would not find out. */
export async function checkNftVersion(commands: Commands): Promise<void> {
    const text = await commands.run(["nft", "--version"]);
    const version = /v(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
    if (!version) throw new Error(`cannot tell the version of nft from "${text.trim()}"`);
    const [major, minor, patch] = version as [number, number, number];
    if (major < 1 || (major === 1 && minor === 0 && patch === 0))
        throw new Error(`nft ${version.join(".")} is too old; the balancer needs 1.0.1 or newer`);
}
