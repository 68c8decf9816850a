import { connect, type Socket } from "node:net";
import { endianness } from "node:os";

/** gdnsd's control protocol (its docs/ControlSocket.md): a header of 8 bytes each way, then what it announces. */
const HEADER_BYTES = 8;

export type Outcome =
    /** The new daemon serves, and the old one has ended. */
    | "done"
    /** Another replacement is under way. */
    | "later"
    /** The old daemon serves on. */
    | "failed"
    /** No daemon has said anything: it has ended, or does not run. */
    | "gone";

/** One connection: a question at a time. It ends when the daemon does, and not before. */
export class ControlConnection {
    private received = Buffer.alloc(0);
    private waiting?: () => void;
    private error?: Error;
    /** When the daemon ends, or `close` is called. */
    readonly ended: Promise<void>;

    private constructor(private readonly socket: Socket) {
        this.ended = new Promise((resolve) =>
            socket.on("close", () => resolve(this.wake(new Error("gdnsd has ended")))),
        );
        socket.on("data", (chunk: Buffer) => {
            this.received = Buffer.concat([this.received, chunk]);
            this.wake();
        });
        socket.on("error", (error) => this.wake(error));
    }

    /** Throws when no daemon runs. */
    static async open(path: string): Promise<ControlConnection> {
        const socket = connect(path);
        const connection = new ControlConnection(socket);
        await new Promise<void>((resolve, reject) => {
            socket.once("connect", resolve);
            socket.once("error", reject);
        });
        return connection;
    }

    /** Throws when the daemon does not answer in time. */
    async isAlive(timeoutMs: number): Promise<true> {
        await this.ask("I", timeoutMs);
        return true;
    }

    async statistics(timeoutMs: number): Promise<unknown> {
        const { number: bytes } = await this.ask("S", timeoutMs);
        return JSON.parse((await this.take(bytes, timeoutMs)).toString());
    }

    /** The daemon starts another with the configuration as it is now, and gives its sockets to it. */
    async replace(timeoutMs: number): Promise<Outcome> {
        try {
            const { key } = await this.ask("R", timeoutMs);
            if (key === "L") return "later";
            if (key !== "A") return "failed";
            // It has still answered questions when it says so.
            await withTimeout(this.ended, timeoutMs, "gdnsd's old process does not end");
            return "done";
        } catch (error) {
            if (!this.isOpen) return "gone";
            throw error;
        }
    }

    get isOpen(): boolean {
        return !this.socket.destroyed;
    }

    close(): void {
        this.socket.destroy();
    }

    private async ask(key: string, timeoutMs: number): Promise<{ key: string; number: number }> {
        this.socket.write(Buffer.from([key.charCodeAt(0), 0, 0, 0, 0, 0, 0, 0]));
        const header = await this.take(HEADER_BYTES, timeoutMs);
        const number = endianness() === "LE" ? header.readUInt32LE(4) : header.readUInt32BE(4);
        return { key: String.fromCharCode(header[0]!), number };
    }

    private async take(bytes: number, timeoutMs: number): Promise<Buffer> {
        const deadline = performance.now() + timeoutMs;
        while (this.received.length < bytes) {
            if (this.error) throw this.error;
            const more = new Promise<void>((resolve) => (this.waiting = resolve));
            await withTimeout(more, deadline - performance.now(), "gdnsd does not answer");
        }
        const taken = this.received.subarray(0, bytes);
        this.received = this.received.subarray(bytes);
        return taken;
    }

    private wake(error?: Error): void {
        this.error ??= error;
        this.waiting?.();
    }
}

async function withTimeout<T>(promise: Promise<T>, ms: number, message: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(message)), Math.max(0, ms));
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
