import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { digestOf, imageFor, listOf, type Blob } from "./images";

/** Who may use it. */
export const USER = "anna";
export const PASSWORD = "geheim-7";
/** Of the password, by bcrypt. */
const HASH = "$2b$04$b71mWzz2BT4qsVHVYNpHK.xZMj1Fhhh.qdHNZGgT88y3UZnJvhMre";
export const AUTH = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");

/** A registry of the test's own, on a port of this machine that Docker asks in plain, and that knows one user. */
export class Registry {
    readonly #folder = mkdtempSync(path.join(tmpdir(), "switchyard-registry-"));
    #child: ChildProcess | undefined;
    #port = 0;

    static async start(): Promise<Registry> {
        const registry = new Registry();
        await registry.start();
        return registry;
    }

    /** As images name it. */
    get address(): string {
        return `127.0.0.1:${this.#port}`;
    }

    /** Again at its port, with what it had. */
    async start(): Promise<void> {
        const file = (name: string) => path.join(this.#folder, name);
        writeFileSync(file("users"), `${USER}:${HASH}\n`);
        const configuration = {
            version: "0.1",
            log: { accesslog: { disabled: true } },
            storage: { filesystem: { rootdirectory: file("storage") } },
            http: { addr: this.address, secret: "of one test" },
            auth: { htpasswd: { realm: "test", path: file("users") } },
        };
        writeFileSync(file("config.yml"), JSON.stringify(configuration));
        const child = spawn("docker-registry", ["serve", file("config.yml")], { stdio: ["ignore", "ignore", "pipe"] });
        this.#child = child;
        let log = "";
        this.#port = await new Promise<number>((resolve, reject) => {
            child.on("error", reject).on("exit", () => reject(new Error(log)));
            child.stderr.setEncoding("utf8").on("data", (text: string) => {
                log += text;
                const listens = /listening on 127\.0\.0\.1:(\d+)/.exec(log);
                if (listens) resolve(Number(listens[1]));
            });
        });
    }

    async stop(): Promise<void> {
        const child = this.#child;
        this.#child = undefined;
        if (!child || child.exitCode !== null) return;
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
    }

    async remove(): Promise<void> {
        await this.stop();
        rmSync(this.#folder, { recursive: true });
    }

    /** Puts a new image under the name (`web:1`), with a build for each platform; returns its digest. */
    async push(image: string, ...platforms: string[]): Promise<string> {
        const [repository, tag] = image.split(":") as [string, string];
        const built: Record<string, Blob> = {};
        for (const platform of platforms.length > 0 ? platforms : ["linux/amd64"]) {
            const { manifest, parts } = imageFor(platform);
            for (const part of parts) await this.#upload(repository, part);
            built[platform] = manifest;
            await this.#name(repository, digestOf(manifest.bytes), manifest);
        }
        const [only] = Object.values(built);
        const named = platforms.length > 1 ? listOf(built) : only!;
        await this.#name(repository, tag, named);
        return digestOf(named.bytes);
    }

    async #upload(repository: string, { bytes }: Blob): Promise<void> {
        const begun = await this.#send("POST", `/v2/${repository}/blobs/uploads/`);
        const place = new URL(begun.headers.get("location")!, `http://${this.address}`);
        place.searchParams.set("digest", digestOf(bytes));
        await this.#send("PUT", place.pathname + place.search, { type: "application/octet-stream", bytes });
    }

    async #name(repository: string, name: string, manifest: Blob): Promise<void> {
        await this.#send("PUT", `/v2/${repository}/manifests/${name}`, manifest);
    }

    async #send(method: string, where: string, blob?: Blob): Promise<Response> {
        const answer = await fetch(`http://${this.address}${where}`, {
            method,
            headers: { authorization: `Basic ${AUTH}`, ...(blob && { "content-type": blob.type }) },
            ...(blob && { body: new Uint8Array(blob.bytes) }),
        });
        if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${await answer.text()}`);
        return answer;
    }
}
