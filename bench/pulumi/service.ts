import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { costOf, type Cost } from "../support/cost";
import { clear } from "../support/docker";
import { undoAtExit } from "../support/undo";
import { profileOf, type Profile } from "./profile";
import { roleOf } from "./roles";

export interface Size {
    readonly machines: number;
    readonly sets: number;
}

/** A stack that declares a service of a size, with a state of its own; called as its project, since Docker's names begin so. */
export class Service {
    readonly #folder: string;
    readonly #state: string;
    readonly #env: NodeJS.ProcessEnv;
    readonly remove: () => void;

    constructor(
        below: string,
        readonly project: string,
        { machines, sets }: Size,
        image: string,
    ) {
        this.#folder = path.join(below, project);
        this.#state = path.join(this.#folder, "state");
        mkdirSync(this.#folder, { recursive: true });
        this.remove = undoAtExit(() => {
            clear(this.project);
            rmSync(this.#folder, { recursive: true, force: true });
        });
        cpSync(path.join(__dirname, "program"), this.#folder, { recursive: true });
        const settings = { machines, sets, image };
        const config = Object.entries(settings).map(([key, value]) => [`${project}:${key}`, value] as const);
        writeFileSync(this.#file("Pulumi.yaml"), JSON.stringify({ name: project, runtime: "nodejs" }));
        writeFileSync(this.#file(`Pulumi.${project}.yaml`), JSON.stringify({ config: Object.fromEntries(config) }));
        this.#env = { ...process.env, PULUMI_BACKEND_URL: `file://${this.#state}`, PULUMI_CONFIG_PASSPHRASE: "" };
        this.#init();
    }

    preview(): Promise<Cost> {
        return this.#pulumi(["preview"]);
    }

    up(): Promise<Cost> {
        return this.#pulumi(["up", "--yes", "--skip-preview"]);
    }

    /** The next `up` begins with nothing again; sooner than `pulumi destroy` would have it, which nobody measures here. */
    clear(): void {
        clear(this.project);
        rmSync(this.#state, { recursive: true, force: true });
        this.#init();
    }

    /** Where the time of a preview goes in each of its Node processes. Being watched makes it slower. */
    async profilePreview(): Promise<Map<string, Profile>> {
        const folder = this.#file("profiles");
        rmSync(folder, { recursive: true, force: true });
        await this.#pulumi(["preview"], {
            NODE_OPTIONS: `--require=${path.join(__dirname, "profiler.cjs")}`,
            SWITCHYARD_BENCH_PROFILES: folder,
        });
        return new Map(readdirSync(folder).map((part) => [part, profileOf(path.join(folder, part))]));
    }

    #init(): void {
        mkdirSync(this.#state);
        execFileSync("pulumi", ["stack", "init", this.project], { cwd: this.#folder, env: this.#env, stdio: "ignore" });
    }

    #file(name: string): string {
        return path.join(this.#folder, name);
    }

    #pulumi(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Cost> {
        const command = ["pulumi", ...args, "--stack", this.project, "--non-interactive", "--suppress-progress"];
        return costOf(command, { cwd: this.#folder, env: { ...this.#env, ...env }, roleOf });
    }
}
