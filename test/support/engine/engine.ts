import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { certify, type Certified } from "../certificates";
import { Place } from "./place";

export interface EngineWishes {
    /** Images of this machine that it is to have. */
    readonly images?: readonly string[];
    /** Of its disk, `64m`, so that it gets full. */
    readonly diskSize?: string;
    /** More of dockerd's options, such as `--live-restore`. */
    readonly options?: readonly string[];
}

const STARTS_WITHIN_MS = 60_000;

/**
 * A Docker Engine of the test's own: another host, as far as a program can tell. Its containers publish on `address`,
 * and reach nothing but each other and this machine. Several can live side by side.
 */
export class Engine {
    readonly #place: Place;
    readonly #wishes: EngineWishes;
    #daemon: ChildProcess | undefined;
    #authority!: Certified;

    private constructor(wishes: EngineWishes) {
        this.#wishes = wishes;
        this.#place = new Place();
        process.once("exit", this.#abandon);
    }

    static async start(wishes: EngineWishes = {}): Promise<Engine> {
        const engine = new Engine(wishes);
        try {
            await engine.#prepare();
            await engine.start();
            for (const image of wishes.images ?? []) engine.load(image);
            return engine;
        } catch (error) {
            await engine.remove();
            throw error;
        }
    }

    /** `unix://…`, as one writes it in DOCKER_HOST. */
    get host(): string {
        return `unix://${this.socket}`;
    }

    get socket(): string {
        return this.#place.path("docker.sock");
    }

    /** `tcp://…`, which wants a certificate. */
    get tcp(): string {
        return `tcp://${this.address}:2376`;
    }

    /** Of the host on which it runs, as this machine sees it. */
    get address(): string {
        return this.#place.address;
    }

    /** With `ca.pem`, `cert.pem` and `key.pem` of a client that may use it, as in DOCKER_CERT_PATH. */
    get certificates(): string {
        return this.#place.path("client");
    }

    /** Signs what it is to accept. */
    get authority(): Certified {
        return this.#authority;
    }

    /** The docker command, on this engine. */
    docker(...args: string[]): string {
        return execFileSync("docker", ["--host", this.host, ...args], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "pipe"],
        }).trim();
    }

    /** What tells it from others. */
    get id(): string {
        return this.docker("info", "--format", "{{.ID}}");
    }

    /** Brings an image of this machine. */
    load(image: string): void {
        execFileSync(
            "bash",
            ["-c", 'set -o pipefail; docker save "$1" | docker --host "$2" load', "-", image, this.host],
            {
                stdio: ["ignore", "ignore", "pipe"],
            },
        );
    }

    /** A process on its host: in its network. */
    spawn(...command: string[]): ChildProcess {
        return spawn(...this.#place.inside(...command), { stdio: ["ignore", "pipe", "pipe"] });
    }

    /** A file of the test's own that goes when the engine does. */
    file(name: string): string {
        return this.#place.path(name);
    }

    async start(): Promise<void> {
        const log = openSync(this.#place.path("log"), "a");
        // Should this process be killed, the engine ends in order.
        const [command, args] = this.#place.inside(
            "setpriv",
            "--pdeathsig",
            "TERM",
            "--",
            "dockerd",
            ...this.#options(),
        );
        this.#daemon = spawn(command, args, { stdio: ["ignore", log, log] });
        closeSync(log);
        const deadline = Date.now() + STARTS_WITHIN_MS;
        while (!this.#answers()) {
            if (Date.now() > deadline || this.#daemon.exitCode !== null) throw new Error(`dockerd: ${this.log}`);
            await pause(100);
        }
    }

    /** `SIGKILL` leaves its containers running. */
    async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
        const daemon = this.#daemon;
        if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
        const ended = once(daemon, "exit");
        daemon.kill("SIGCONT");
        daemon.kill(signal);
        await ended;
        // Its containerd dies with it, and is believed to live where nobody buries orphans.
        if (signal === "SIGKILL") rmSync(this.#place.path("exec/containerd/containerd.pid"), { force: true });
    }

    async restart(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
        await this.stop(signal);
        await this.start();
    }

    /** Changes its configuration while it runs: what dockerd can, it follows at once. */
    configure(settings: object): void {
        const file = this.#place.path("daemon.json");
        const before = JSON.parse(readFileSync(file, "utf8")) as object;
        writeFileSync(file, JSON.stringify({ ...before, ...settings }));
        this.#daemon?.kill("SIGHUP");
    }

    /** Takes connections and never answers, until it is to `resume`. */
    hang(): void {
        this.#daemon!.kill("SIGSTOP");
    }

    resume(): void {
        this.#daemon!.kill("SIGCONT");
    }

    /** Its last words. */
    get log(): string {
        return readFileSync(this.#place.path("log"), "utf8").trim().split("\n").slice(-15).join("\n");
    }

    /** With all that it has; good to call whatever state it is in. */
    async remove(): Promise<void> {
        process.off("exit", this.#abandon);
        try {
            this.#daemon?.kill("SIGCONT");
            const all = this.#answers() ? this.docker("ps", "--all", "--quiet") : "";
            if (all) this.docker("rm", "--force", ...all.split("\n"));
            await this.stop();
        } finally {
            this.#place.remove();
        }
    }

    readonly #abandon = (): void => this.#place.remove();

    #answers(): boolean {
        try {
            this.docker("version");
            return true;
        } catch {
            return false;
        }
    }

    #options(): string[] {
        const at = (name: string) => this.#place.path(name);
        return [
            ...["--data-root", at("data"), "--exec-root", at("exec"), "--pidfile", at("pid")],
            ...["--host", this.host, "--host", this.tcp],
            ...["--tlsverify", "--tlscacert", at("ca.pem"), "--tlscert", at("cert.pem"), "--tlskey", at("key.pem")],
            ...["--config-file", at("daemon.json")],
            ...(this.#wishes.options ?? []),
        ];
    }

    async #prepare(): Promise<void> {
        const data = this.#place.makeFolder("data", this.#wishes.diskSize);
        writeFileSync(path.join(data, "engine-id"), randomUUID());
        writeFileSync(this.#place.path("daemon.json"), JSON.stringify(configuration(this.#place.path("key.json"))));
        mkdirSync(this.certificates);
        this.#authority = await certify({ isAuthority: true });
        const own = await certify({ by: this.#authority, names: `IP:${this.address},DNS:engine.example` });
        this.#write(this.#place.folder, own);
        this.#write(this.certificates, await certify({ by: this.#authority }));
    }

    #write(folder: string, { certificate, key }: Certified): void {
        const files = { "ca.pem": this.#authority.certificate, "cert.pem": certificate, "key.pem": key };
        for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    }
}

/** Older engines take their id from /etc/docker, which all engines of a machine share; newer ones do not know the setting. */
function configuration(keyFile: string): object {
    const [, major] = /version (\d+)\./.exec(execFileSync("dockerd", ["--version"], { encoding: "utf8" })) ?? [];
    return Number(major) < 23 ? { "deprecated-key-path": keyFile } : {};
}
