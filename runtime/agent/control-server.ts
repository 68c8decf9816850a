import fs from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { CONFIGURATION_SECRETS } from "../../model/balancer/configuration";
import { applyRequest, type AgentStatus, type AppliedConfiguration } from "../../model/balancer/control";
import type { ApplyEvent } from "../../model/control";
import { describeProblems } from "../../model/schema/problems";
import { containsUnknown } from "../../model/schema/unknown";
import type { Applies } from "./balancer/apply";
import { statusText } from "./balancer/status-text";

const SECRETS = CONFIGURATION_SECRETS.map((path) => `configuration.${path}`);

export interface ControlParts {
    readonly applies: Applies;
    readonly status: () => Promise<AgentStatus>;
    readonly configuration: () => AppliedConfiguration;
    readonly quiesce: (container: string) => Promise<void>;
}

/** Ten thousand members need about 2 MB. */
const LONGEST_BODY = 16 * 1024 * 1024;

class Refusal extends Error {
    constructor(
        readonly status: number,
        readonly problems: string[],
    ) {
        super(problems.join("; "));
    }
}

/** Serves model/control.ts on a unix socket that only the container's root may use. */
export async function listen(socket: string, parts: ControlParts): Promise<http.Server> {
    const server = http.createServer((request, response) => {
        // A client that goes away in the middle of anything is no trouble of ours.
        request.on("error", () => {});
        response.on("error", () => {});
        answer(request, response, parts).catch((error: unknown) => refuse(response, error));
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

async function answer(request: http.IncomingMessage, response: http.ServerResponse, parts: ControlParts) {
    const route = `${request.method} ${request.url}`;
    if (route === "GET /v1/status") return reply(response, 200, await parts.status());
    if (route === "GET /v1/status.txt") return send(response, 200, "text/plain", statusText(await parts.status()));
    if (route === "GET /v1/configuration") return reply(response, 200, parts.configuration());
    if (route === "PUT /v1/configuration") return await apply(request, response, parts.applies);
    const quiesce = /^POST \/v1\/machines\/([^/]+)\/quiesce$/.exec(route);
    if (quiesce) {
        await parts.quiesce(decode(quiesce[1]!));
        response.writeHead(204).end();
        return;
    }
    throw new Refusal(404, [`this agent does not know ${route}`]);
}

async function apply(request: http.IncomingMessage, response: http.ServerResponse, applies: Applies) {
    const body = await readJson(request);
    const parsed = applyRequest.safeParse(body);
    if (!parsed.success) throw new Refusal(400, describeProblems(parsed.error, body, SECRETS));
    if (containsUnknown(parsed.data.configuration))
        throw new Refusal(400, ["configuration: holds a value that is not known yet"]);
    const conflict = applies.conflict(parsed.data);
    if (conflict) throw new Refusal(409, [conflict]);

    const givenUp = new AbortController();
    response.on("close", () => givenUp.abort());
    response.writeHead(200, { "Content-Type": "application/x-ndjson" }).flushHeaders();
    const tell = (event: ApplyEvent) => response.write(`${JSON.stringify(event)}\n`);
    const final = await applies
        .run(parsed.data, (message) => tell({ event: "progress", message }), givenUp.signal)
        .catch((error: unknown) => ({ event: "failed" as const, problems: [`the agent failed: ${String(error)}`] }));
    tell(final);
    response.end();
}

async function readJson(request: http.IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > LONGEST_BODY) throw new Refusal(413, [`the request is longer than ${LONGEST_BODY} bytes`]);
        chunks.push(chunk);
    }
    try {
        return JSON.parse(Buffer.concat(chunks).toString("utf8"));
    } catch (error) {
        throw new Refusal(400, [`the request is not JSON: ${(error as Error).message}`]);
    }
}

function decode(segment: string): string {
    try {
        return decodeURIComponent(segment);
    } catch {
        throw new Refusal(400, [`${segment} is not a name`]);
    }
}

function reply(response: http.ServerResponse, status: number, body: unknown): void {
    send(response, status, "application/json", JSON.stringify(body));
}

function send(response: http.ServerResponse, status: number, type: string, text: string): void {
    response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
    response.end(text);
}

function refuse(response: http.ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) return void response.destroy();
    const refusal = error instanceof Refusal ? error : new Refusal(500, [`the agent failed: ${String(error)}`]);
    // What is left of an oversized request is not worth reading.
    if (refusal.status === 413) response.setHeader("Connection", "close");
    reply(response, refusal.status, { problems: refusal.problems });
}
