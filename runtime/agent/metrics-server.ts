import http from "node:http";
import { CONTENT_TYPE } from "./prometheus";

const RETRY_MS = 5_000;
/** Whoever asks sooner after the last reading reads the same again: machines cannot keep the agent busy. */
const SHORTEST_PAUSE_MS = 200;
const MOST_CONNECTIONS = 32;

/** Serves the metrics on the gateway's private address, where nobody but the cloud service's machines comes. */
export class MetricsServer {
    /** Why they are not served, while they are not. */
    problem?: string;
    private port?: number;
    private server?: http.Server;
    private retry?: NodeJS.Timeout;
    /** Under way, or done a moment ago. */
    private reading?: Promise<string>;

    constructor(
        private readonly address: string,
        private readonly read: () => Promise<string>,
    ) {}

    /** On this port from now on; nowhere without one. */
    serve(port: number | undefined): void {
        if (port === this.port) return;
        this.close();
        this.port = port;
        if (port !== undefined) this.listen(port);
    }

    close(): void {
        clearTimeout(this.retry);
        this.server?.close();
        this.server?.closeAllConnections();
        delete this.server;
        delete this.port;
        delete this.problem;
    }

    private listen(port: number): void {
        const server = http.createServer((request, response) => void this.answer(request, response));
        this.server = server;
        server.maxConnections = MOST_CONNECTIONS;
        server.on("error", (error: NodeJS.ErrnoException) => {
            if (this.server !== server) return;
            this.problem = `metrics are not served on ${this.address}:${port}: ${reasonOf(error)}`;
            this.retry = setTimeout(() => this.listen(port), RETRY_MS).unref();
        });
        server.on("listening", () => {
            if (this.server === server) delete this.problem;
        });
        server.listen(port, this.address);
    }

    private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
        request.on("error", () => {});
        response.on("error", () => {});
        if (request.url?.split("?")[0] !== "/metrics") return void response.writeHead(404).end();
        if (request.method !== "GET" && request.method !== "HEAD")
            return void response.writeHead(405, { Allow: "GET, HEAD" }).end();
        try {
            const content = await this.current();
            response.writeHead(200, { "Content-Type": CONTENT_TYPE, "Content-Length": Buffer.byteLength(content) });
            response.end(request.method === "HEAD" ? undefined : content);
        } catch {
            response.writeHead(500).end();
        }
    }

    private current(): Promise<string> {
        if (this.reading) return this.reading;
        const begin = performance.now();
        const rest = () => {
            const pause = Math.max(SHORTEST_PAUSE_MS, performance.now() - begin);
            setTimeout(() => delete this.reading, pause).unref();
        };
        this.reading = this.read();
        this.reading.then(rest, rest);
        return this.reading;
    }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
    if (code === "EADDRINUSE") return "the port is in use; choose another (metrics.port)";
    return code === "EADDRNOTAVAIL" ? "the gateway has not got that address yet" : message;
}
