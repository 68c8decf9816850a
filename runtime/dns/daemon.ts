import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ControlConnection, type Outcome } from "./control-socket";

/** Of a start or a replacement; 10,000 names take less than a second. */
const LONGEST_LOAD_MS = 60_000;
/** How long the sockets of a process that was killed may still be taken. */
const LONGEST_LEAVE_MS = 2_000;
const LONGEST_ANSWER_MS = 5_000;
const BETWEEN_TRIES_MS = 5;
const LONGEST_COMPLAINT = 10_000;

/** gdnsd as a process. It outlives whoever started it. */
export class Daemon {
    /** @param command how to call gdnsd */
    constructor(
        private readonly command: readonly string[],
        private readonly configuration: string,
        private readonly runDirectory: string,
    ) {}

    /** A connection to the daemon that runs; throws when none does. */
    connect(): Promise<ControlConnection> {
        return ControlConnection.open(path.join(this.runDirectory, "control.sock"));
    }

    async isRunning(onSilence: () => void = () => this.kill()): Promise<boolean> {
        return (await this.ask((connection) => connection.isAlive(LONGEST_ANSWER_MS), onSilence)) !== undefined;
    }

    /** Undefined when no daemon tells them. Who reads figures ends nobody. */
    async statistics(): Promise<unknown> {
        return this.ask(
            (connection) => connection.statistics(LONGEST_ANSWER_MS),
            () => {},
        );
    }

    /** Resolves when one serves, and says whose it is; throws why none does. */
    async start(): Promise<"own" | "other"> {
        let deadline = Date.now() + LONGEST_LEAVE_MS;
        for (let killed = false; ; await pause(BETWEEN_TRIES_MS)) {
            const outcome = await this.startOnce();
            if (outcome === "own" || outcome === "other") return outcome;
            const complaint = await this.complaint();
            if (complaint !== undefined) throw new Error(complaint);
            if (Date.now() < deadline) continue;
            if (killed) throw new Error(outcome);
            // Who is still in the way does not answer, and nobody can take over from it.
            this.kill();
            killed = true;
            deadline = Date.now() + LONGEST_LEAVE_MS;
        }
    }

    /** Whose gdnsd serves, or what was in the way. */
    private async startOnce(): Promise<string> {
        const [program = "gdnsd", ...args] = [...this.command, "-c", this.configuration, "start"];
        // A session of its own: signals for the agent's are not for gdnsd, which SIGHUP would end.
        const child = spawn(program, args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
        let failure: string | undefined;
        let said = "";
        child.stderr
            .setEncoding("utf8")
            .on("data", (chunk: string) => (said = (said + chunk).slice(-LONGEST_COMPLAINT)));
        child.on("error", (error) => (failure = `cannot run gdnsd: ${error.message}`));
        // Not on exit: what it said last comes after that.
        child.on("close", (code, signal) => {
            const last = complaintsIn(said).at(-1);
            failure ??= `gdnsd has ended at once (${signal ?? `exit code ${code}`})${last === undefined ? "" : `: ${last}`}`;
        });
        child.unref();
        try {
            return await this.whoServes(child, () => failure);
        } finally {
            // Nobody listens to it any more. It outlives the agent and does not mind (it ignores SIGPIPE).
            child.stderr.destroy();
        }
    }

    private async whoServes(child: ChildProcess, failed: () => string | undefined): Promise<string> {
        const deadline = performance.now() + LONGEST_LOAD_MS;
        for (; performance.now() < deadline; await pause(BETWEEN_TRIES_MS)) {
            // Looked at first: who runs may be another, that was faster.
            const ended = failed();
            // What is silent while the new process loads is that process, on a busy machine.
            const onSilence = () => failed() !== undefined && this.kill();
            if (await this.isRunning(onSilence)) return ended === undefined ? "own" : "other";
            if (ended !== undefined) return ended;
        }
        child.kill("SIGKILL");
        return "gdnsd has not begun to serve";
    }

    /** Has another process take over, with the configuration as it is now. */
    async replace(): Promise<Outcome> {
        return (await this.ask((connection) => connection.replace(LONGEST_LOAD_MS))) ?? "gone";
    }

    /** What gdnsd has against the configuration, in one sentence. */
    async complaint(): Promise<string | undefined> {
        const [program = "gdnsd", ...args] = [...this.command, "-c", this.configuration, "checkconf"];
        const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
        let said = "";
        child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
        const code = await new Promise((resolve) => {
            child.on("error", () => resolve(0));
            child.on("close", (code) => resolve(code));
        });
        if (code === 0) return undefined;
        return `gdnsd refuses the configuration: ${complaintsIn(said)[0] ?? said.trim().split("\n").at(-1) ?? "it crashes"}`;
    }

    /** Ends what reads this configuration: a process that does not answer does not tell its number either. */
    kill(): void {
        for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
            try {
                const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
                if (path.basename(command[0]!) === "gdnsd" && command.includes(this.configuration))
                    process.kill(Number(pid), "SIGKILL");
            } catch {
                // It has ended meanwhile.
            }
        }
    }

    /** Undefined when no daemon runs, or when it takes the question and does not answer: then it is ended. */
    private async ask<T>(
        question: (connection: ControlConnection) => Promise<T>,
        onSilence: () => void = () => this.kill(),
    ): Promise<T | undefined> {
        let connection: ControlConnection;
        try {
            connection = await this.connect();
        } catch {
            return undefined;
        }
        try {
            return await question(connection);
        } catch {
            if (connection.isOpen) onSilence();
            return undefined;
        } finally {
            connection.close();
        }
    }
}

function complaintsIn(said: string): string[] {
    return [...said.matchAll(/^(?:error|fatal): (.*)$/gm)].map(([, text]) => text!);
}
