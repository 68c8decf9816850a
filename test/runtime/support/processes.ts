import { spawn, type ChildProcess } from "node:child_process";
import { pause } from "./wait";

/** The processes of one topology: none outlives it. */
export class Processes {
    private readonly running = new Set<ChildProcess>();

    constructor() {
        process.on("exit", () => this.killAll());
    }

    start(namespace: string, command: readonly string[], env: NodeJS.ProcessEnv = {}): RunningProcess {
        const child = spawn("ip", ["netns", "exec", namespace, ...command], {
            env: { ...process.env, ...env },
            stdio: ["pipe", "pipe", "pipe"],
        });
        this.running.add(child);
        child.on("close", () => this.running.delete(child));
        return new RunningProcess(child, command.join(" "));
    }

    async endAll(): Promise<void> {
        const ended = [...this.running].map((child) => new Promise((resolve) => child.on("close", resolve)));
        this.killAll();
        await Promise.all(ended);
    }

    private killAll(): void {
        for (const child of this.running) child.kill("SIGKILL");
    }
}

export class RunningProcess {
    stdout = "";
    stderr = "";
    readonly ended: Promise<number>;

    constructor(
        readonly child: ChildProcess,
        private readonly title: string,
    ) {
        child.stdout!.setEncoding("utf8").on("data", (chunk: string) => (this.stdout += chunk));
        child.stderr!.setEncoding("utf8").on("data", (chunk: string) => (this.stderr += chunk));
        child.stdin!.on("error", () => {});
        this.ended = new Promise((resolve) => child.on("close", (code) => resolve(code ?? -1)));
    }

    get alive(): boolean {
        return this.child.exitCode === null && this.child.signalCode === null;
    }

    /** Waits until the process has printed this, after the first `from` characters; fails at once when it ends before. */
    async printed(text: string, seconds = 20, from = 0): Promise<void> {
        const deadline = Date.now() + seconds * 1_000;
        while (!this.stdout.includes(text, from)) {
            if (!this.alive || Date.now() > deadline)
                throw new Error(`${this.title} did not print "${text}": ${this.stderr || this.stdout || "nothing"}`);
            await pause(5);
        }
    }

    async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
        if (this.alive) this.child.kill(signal);
        await this.ended;
    }
}
