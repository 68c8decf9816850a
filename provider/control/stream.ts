import type Docker from "dockerode";
import { Duplex } from "node:stream";
import { reasonOf, statusOf } from "../docker/errors";
import type { Host } from "../docker/host";
import { socketManners } from "../docker/ssh";

const HEADER_LENGTH = 8;
const STDERR = 2;
const KEPT_COMPLAINT = 2000;

/** Why a runtime's agent cannot be spoken to. */
export class NoAgent extends Error {
    constructor(
        /**
         * `gone`: no such container; `stopped`: it does not run, and serves nothing; `silent`: it runs, and its agent does
         * not answer; `paused`: nor does that of one whose programs rest. The kernel goes on with what these two served.
         */
        readonly kind: "gone" | "stopped" | "paused" | "silent",
        message: string,
    ) {
        super(message);
    }
}

/** A container, and what messages call it. */
interface Addressee {
    readonly noun: string;
    readonly container: string;
}

/** Opens a connection to a unix socket inside a container: an exec of socat, over whatever leads to Docker. */
export async function openControlStream({ docker, address }: Host, to: Addressee, socket: string): Promise<Duplex> {
    const { noun, container } = to;
    try {
        const exec = await docker.getContainer(container).exec({
            Cmd: ["socat", "-t", "60", "-", `UNIX-CONNECT:${socket}`],
            AttachStdin: true,
            AttachStdout: true,
            AttachStderr: true,
            Tty: false,
        });
        return new ControlStream(await exec.start({ hijack: true, stdin: true }), exec, to);
    } catch (error) {
        if (statusOf(error) === 404) {
            const gone = `${noun} ${container} does not exist on ${address}`;
            throw new NoAgent("gone", `${gone}; run pulumi up --refresh to make it again`);
        }
        if (statusOf(error) !== 409) throw error;
        const reason = reasonOf(error);
        const stopped = `${noun} ${container} does not run${stateIn(reason)}`;
        const kind = /is paused/.test(reason) ? "paused" : "stopped";
        throw new NoAgent(kind, `${stopped}; run pulumi up --refresh to start it`);
    }
}

/** The bytes of an exec's standard streams, out of Docker's frames. */
class ControlStream extends Duplex {
    #buffered: Buffer = Buffer.alloc(0);
    #complaint = "";
    #answered = false;

    constructor(
        private readonly raw: Duplex,
        private readonly exec: Docker.Exec,
        private readonly to: Addressee,
    ) {
        super({ allowHalfOpen: true });
        Object.assign(this, socketManners);
        raw.on("data", (chunk: Buffer) => this.#receive(chunk));
        raw.on("error", (error) => this.destroy(error));
        raw.on("close", () => void this.#ended());
        raw.on("end", () => void this.#ended());
    }

    #receive(chunk: Buffer): void {
        this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
        while (this.#buffered.length >= HEADER_LENGTH) {
            const end = HEADER_LENGTH + this.#buffered.readUInt32BE(4);
            if (this.#buffered.length < end) return;
            const payload = this.#buffered.subarray(HEADER_LENGTH, end);
            const isComplaint = this.#buffered[0] === STDERR || (!this.#answered && !isAnswer(payload));
            this.#buffered = this.#buffered.subarray(end);
            if (isComplaint) this.#complaint = (this.#complaint + payload.toString()).slice(-KEPT_COMPLAINT);
            else {
                this.#answered = true;
                if (!this.push(payload)) this.raw.pause();
            }
        }
    }

    #closing = false;
    async #ended(): Promise<void> {
        if (this.#closing || this.destroyed) return;
        this.#closing = true;
        this.destroy(await this.#reason());
    }

    async #reason(): Promise<Error> {
        const exitCode = await this.exec.inspect().then(
            (exec) => exec.ExitCode,
            () => undefined,
        );
        const complaint = this.#complaint.trim();
        const silent = (why: string) =>
            new NoAgent("silent", `the agent of ${this.to.noun} ${this.to.container} does not answer: ${why}`);
        if (exitCode === 126 || exitCode === 127) return silent(`socat is not in its image (${complaint})`);
        if (/No such file/.test(complaint)) return silent("it has not started yet");
        if (/Connection refused/.test(complaint)) return silent("it is starting");
        return silent(complaint || "the connection was closed");
    }

    override _read(): void {
        this.raw.resume();
    }

    override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
        this.raw.write(chunk, encoding, done);
    }

    /** Never closes one direction alone: socat would then cut the answer off. */
    override _final(done: (error?: Error | null) => void): void {
        done();
    }

    override _destroy(error: Error | null, done: (error: Error | null) => void): void {
        this.raw.destroy();
        done(error);
    }
}

/** Docker writes to standard output why a command could not be started. */
function isAnswer(payload: Buffer): boolean {
    return payload.subarray(0, 5).toString("latin1") === "HTTP/".slice(0, payload.length);
}

/** What Docker adds to "does not run": that it is paused, say. It calls the container by its id. */
function stateIn(reason: string): string {
    return /is not running/.test(reason) ? "" : ` (${reason.replace(/\bcontainer [0-9a-f]{64}\b/i, "it")})`;
}
