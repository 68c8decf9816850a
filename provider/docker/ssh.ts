import { spawn, type ChildProcessByStdio } from "node:child_process";
import http from "node:http";
import { Duplex, type Readable, type Writable } from "node:stream";

/**
 * An ssh server drops some of more than ten that log in at once (MaxStartups), and a host has two agents, one for
 * questions; a stream of its own, such as a control stream, counts no more once it is open.
 */
const MOST_AT_ONCE = 3;

/**
 * Reaches Docker on another machine as the docker command does: `ssh HOST docker system dial-stdio`, with the user's own
 * keys, configuration and known hosts. Never asks: there is nobody to answer.
 */
export function sshAgent(url: URL, options: readonly string[]): http.Agent {
    const agent = new http.Agent({ keepAlive: true, maxSockets: MOST_AT_ONCE });
    agent.createConnection = () => new SshConnection(url, options);
    return agent;
}

/** What Node's http.Agent calls on a connection and only sockets have. */
export const socketManners = {
    setKeepAlive(): void {},
    setNoDelay(): void {},
    setTimeout(): void {},
    ref(): void {},
    unref(): void {},
};

const KEPT_COMPLAINT = 2000;
// Of an option that is given twice ssh takes the first: the program's own.
const OPTIONS = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];

class SshConnection extends Duplex {
    readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

    constructor(url: URL, options: readonly string[]) {
        super();
        Object.assign(this, socketManners);
        const target = url.username ? `${decodeURIComponent(url.username)}@${url.hostname}` : url.hostname;
        const port = url.port ? ["-p", url.port] : [];
        this.#child = spawn("ssh", [...options, ...OPTIONS, ...port, "--", target, "docker system dial-stdio"], {
            stdio: ["pipe", "pipe", "pipe"],
        });
        let complaint = "";
        this.#child.stderr
            .setEncoding("utf8")
            .on("data", (text: string) => (complaint = (complaint + text).slice(-KEPT_COMPLAINT)));
        this.#child.stdout.on("data", (chunk: Buffer) => {
            if (!this.push(chunk)) this.#child.stdout.pause();
        });
        // ssh says why in its last words, so its end is told only when it is over.
        this.#child.stdin.on("error", () => undefined);
        this.#child.on("error", (error) => this.destroy(new Error(`ssh does not start: ${error.message}`)));
        this.#child.on("close", (code) => {
            const reason = complaint.trim().split("\n").at(-1) || `exit code ${code}`;
            if (code === 0) this.push(null);
            else this.destroy(new Error(`ssh ${target}: ${reason}`));
        });
    }

    override _read(): void {
        this.#child.stdout.resume();
    }

    override _write(chunk: Buffer, encoding: BufferEncoding, done: () => void): void {
        this.#child.stdin.write(chunk, encoding, () => done());
    }

    override _final(done: () => void): void {
        this.#child.stdin.end(done);
    }

    override _destroy(error: Error | null, done: (error: Error | null) => void): void {
        this.#child.kill();
        done(error);
    }
}
