import type { Stack } from "@pulumi/pulumi/automation";
import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import { environmentOf, type Project } from "./project";

const PATIENCE = { timeout: 120_000, interval: 20 };

/** A `pulumi up` as a child of the test's, to be interrupted. */
export class Run {
    #output = "";
    readonly #cli: ChildProcess;
    readonly #ended: Promise<number | null>;
    #provider: number | undefined;

    constructor(project: Project, stack: Stack) {
        const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", stack.name];
        this.#cli = spawn("pulumi", args, {
            cwd: project.folder,
            env: { ...process.env, ...environmentOf(project) },
            stdio: ["ignore", "pipe", "pipe"],
        });
        const keep = (text: unknown) => void (this.#output += String(text));
        this.#cli.stdout!.on("data", keep);
        this.#cli.stderr!.on("data", keep);
        this.#ended = new Promise((resolve) => this.#cli.on("exit", resolve));
    }

    /** Until it has written that. */
    async says(what: RegExp): Promise<void> {
        await expect.poll(() => this.#output, PATIENCE).toMatch(what);
        this.#provider = this.#providerProcess();
    }

    /** As Ctrl-C does: what Pulumi starts is in process groups of its own. */
    interrupt(): void {
        this.#cli.kill("SIGINT");
    }

    /** As whoever does not want to wait does: Ctrl-C until it ends. */
    async interruptAtOnce(): Promise<void> {
        const again = setInterval(() => this.interrupt(), 200);
        this.interrupt();
        await this.#ended;
        clearInterval(again);
    }

    /** The CLI, without warning: nobody else is told. */
    kill(): void {
        this.#cli.kill("SIGKILL");
    }

    /** The process in which this package runs, without warning. */
    killProvider(): void {
        process.kill(this.#foundProvider(), "SIGKILL");
    }

    /** How it ended, and all that it wrote. */
    async ended(): Promise<{ code: number | null; output: string }> {
        const code = await this.#ended;
        return { code, output: this.#output };
    }

    /** Until the process in which this package runs has ended too. */
    async providerEnded(): Promise<void> {
        const provider = this.#foundProvider();
        await expect.poll(() => isAlive(provider), { timeout: 10_000, interval: 20 }).toBe(false);
    }

    #foundProvider(): number {
        if (this.#provider === undefined) throw new Error("the provider was not found: wait until it `says` something");
        return this.#provider;
    }

    /** Pulumi starts a shell, which starts Node. */
    #providerProcess(): number | undefined {
        const shells = childrenOf(this.#cli.pid!);
        return shells.flatMap(childrenOf).find((pid) => commandOf(pid).includes("dynamic-provider"));
    }
}

function childrenOf(parent: number): number[] {
    const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return processes.filter((pid) => statOf(pid)?.[1] === String(parent)).map(Number);
}

/** State, parent and so on, from behind the name. */
function statOf(pid: number | string): string[] | undefined {
    try {
        return readFileSync(`/proc/${pid}/stat`, "utf8")
            .replace(/^.*\) /s, "")
            .split(" ");
    } catch {
        return undefined;
    }
}

function isAlive(pid: number): boolean {
    const state = statOf(pid)?.[0];
    return state !== undefined && state !== "Z";
}

function commandOf(pid: number): string {
    try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
        return "";
    }
}
