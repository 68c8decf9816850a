import fs from "node:fs/promises";
import http from "node:http";
import path from "node:path";

/** What a client asks; `parameters` are what stands in the place of `{…}` in the route. */
export interface Call {
    readonly request: http.IncomingMessage;
    readonly response: http.ServerResponse;
    readonly parameters: readonly string[];
    readonly query: URLSearchParams;
}

/** By method and path: `POST /v1/machines/{container}/quiesce`. */
export type Routes = Readonly<Record<string, (call: Call) => Promise<void> | void>>;

/** Ten thousand members need about 2 MB. */
const LONGEST_BODY = 16 * 1024 * 1024;

export class Refusal extends Error {
    constructor(
        readonly status: number,
        readonly problems: readonly string[],
    ) {
        super(problems.join("; "));
    }
}

/** Serves an agent's routes on a unix socket that only its container's own user may use. */
export async function listen(socket: string, routes: Routes): Promise<http.Server> {
    const table = Object.entries(routes).map(([route, handle]) => ({ pattern: patternOf(route), handle }));
    const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
        const [path = "", query] = (request.url ?? "").split(/\?(.*)/s);
        const route = `${request.method} ${path}`;
        for (const { pattern, handle } of table) {
            const parameters = pattern.exec(route)?.slice(1).map(decode);
            if (parameters) return await handle({ request, response, parameters, query: new URLSearchParams(query) });
        }
        throw new Refusal(404, [`this agent does not know ${route}`]);
    };
    const server = http.createServer((request, response) => {
        // A client that goes away in the middle of anything is no trouble of ours.
        request.on("error", () => {});
        response.on("error", () => {});
        answer(request, response).catch((error: unknown) => refuse(response, error));
    });
    // Clients keep their connection over pauses of their own; it ends with them.
    server.keepAliveTimeout = 0;
    await fs.mkdir(path.dirname(socket), { recursive: true });
    await fs.rm(socket, { force: true });
    const mask = process.umask(0o177);
    try {
        await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
    } finally {
        process.umask(mask);
    }
    return server;
}

export async function readJson(request: http.IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > LONGEST_BODY) throw new Refusal(413, [`the request is longer than ${LONGEST_BODY} bytes`]);
        chunks.push(chunk);
    }
    try {
        return JSON.parse(Buffer.concat(chunks).toString("utf8"));
    } catch {
        // What JSON.parse says quotes the text, which may hold secrets.
        throw new Refusal(400, ["the request is not JSON"]);
    }
}

export function reply(response: http.ServerResponse, status: number, body: unknown): void {
    send(response, status, "application/json", JSON.stringify(body));
}

export function send(response: http.ServerResponse, status: number, type: string, text: string): void {
    response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
    response.end(text);
}

function patternOf(route: string): RegExp {
    return new RegExp(`^${route.replaceAll(".", "\\.").replace(/\{\w+\}/g, "([^/]+)")}$`);
}

function decode(segment: string): string {
    try {
        return decodeURIComponent(segment);
    } catch {
        throw new Refusal(400, [`${segment} is not a name`]);
    }
}

function refuse(response: http.ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) return void response.destroy();
    const refusal = error instanceof Refusal ? error : new Refusal(500, [`the agent failed: ${String(error)}`]);
    // What is left of an oversized request is not worth reading.
    if (refusal.status === 413) response.setHeader("Connection", "close");
    reply(response, refusal.status, { problems: refusal.problems });
}
