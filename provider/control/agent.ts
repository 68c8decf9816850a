import http from "node:http";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { z } from "zod";
import { AGENT_SOCKET, applyEvent, revision, type Revision } from "../../model/control";
import { isNoAnswer } from "../docker/errors";
import type { Host } from "../docker/host";
import { bodyOf, jsonHeaders, problemsIn } from "./bodies";
import { Deadline } from "./deadline";
import type { Applied, CommonStatus, Runtime } from "./runtimes";
import { NoAgent, openControlStream } from "./stream";

const ANSWER_MS = 15_000;
/** An apply shows at least every five seconds that it goes on. */
const SILENCE_MS = 30_000;

/** The agent said no. */
export class AgentRefusal extends Error {
    constructor(
        readonly status: number,
        readonly problems: readonly string[],
    ) {
        super(problems.join("\n"));
    }
}

/** What an agent is to serve from now on. */
export type ApplyRequest<Configuration, Settings> = Settings & {
    readonly configuration: Configuration;
    /** The revision that the caller saw; the apply is refused when another one serves by now. */
    readonly basedOn: number;
    /** Who applies: the id of the resource. */
    readonly owner?: string;
};

/** The client of the agent in one runtime: HTTP over Docker's exec. */
export class AgentClient<Status extends CommonStatus, Configuration, Settings extends object> {
    readonly #http = new http.Agent({ keepAlive: true, maxSockets: 2 });

    constructor(
        host: Host,
        private readonly runtime: Runtime<Status, Configuration, Settings>,
        private readonly container: string,
        socket: string = AGENT_SOCKET,
    ) {
        this.#http.createConnection = (_options, connected) => {
            openControlStream(host, { noun: runtime.noun, container }, socket).then(
                (stream) => connected?.(null, stream),
                (error: Error) => connected?.(error, undefined as unknown as Duplex),
            );
            return undefined;
        };
    }

    status(): Promise<Status> {
        return this.get("/v1/status", this.runtime.status);
    }

    /** The status as text for people. */
    statusText(): Promise<string> {
        return this.#read("/v1/status.txt");
    }

    configuration(): Promise<Applied<Configuration>> {
        return this.get("/v1/configuration", this.runtime.applied);
    }

    /** What was applied last, newest first. */
    revisions(): Promise<Revision[]> {
        return this.get("/v1/revisions", z.array(revision));
    }

    /** Asks for something that has no answer. */
    async post(path: string): Promise<void> {
        const signal = AbortSignal.timeout(ANSWER_MS);
        try {
            const answer = await this.#send("POST", path, signal);
            answer.resume();
        } catch (error) {
            throw this.#explained(error, ANSWER_MS, signal);
        }
    }

    /** Applies a configuration whole, or throws `AgentRefusal` and the old one serves on. Returns the new revision. */
    apply(request: ApplyRequest<Configuration, Settings>, progress: (message: string) => void): Promise<number> {
        return this.#serve("PUT", "/v1/configuration", request, progress);
    }

    /** Applies a revision that is kept, whose hash may be shortened. As `apply`. */
    rollback(hash: string, progress: (message: string) => void): Promise<number> {
        return this.#serve("POST", `/v1/revisions/${encodeURIComponent(hash)}/rollback`, undefined, progress);
    }

    async #serve(method: string, path: string, body: unknown, progress: (message: string) => void): Promise<number> {
        const deadline = new Deadline(SILENCE_MS);
        try {
            const answer = await this.#send(method, path, deadline.signal, body);
            for await (const line of createInterface({ input: answer })) {
                deadline.extend();
                if (line.trim() === "") continue;
                const event = applyEvent.parse(JSON.parse(line));
                if (event.event === "applied") return event.revision;
                if (event.event === "failed") throw new AgentRefusal(200, event.problems);
                progress(event.message);
            }
            throw new NoAgent(
                "silent",
                `the agent of ${this.runtime.noun} ${this.container} ended before it had applied the configuration`,
            );
        } catch (error) {
            throw this.#explained(error, SILENCE_MS, deadline.signal);
        } finally {
            deadline.clear();
        }
    }

    close(): void {
        this.#http.destroy();
    }

    async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
        return schema.parse(JSON.parse(await this.#read(path)));
    }

    async #read(path: string): Promise<string> {
        const signal = AbortSignal.timeout(ANSWER_MS);
        try {
            return await bodyOf(await this.#send("GET", path, signal));
        } catch (error) {
            throw this.#explained(error, ANSWER_MS, signal);
        }
    }

    async #send(method: string, path: string, signal: AbortSignal, body?: unknown): Promise<http.IncomingMessage> {
        const answer = await this.#request(method, path, body, signal);
        const status = answer.statusCode ?? 0;
        if (status >= 200 && status < 300) return answer;
        const text = await bodyOf(answer);
        throw new AgentRefusal(
            status,
            problemsIn(text) ?? [`the agent answered ${status} to ${method} ${path}: ${text}`],
        );
    }

    /** Kept connections may have died with a restarted container: each is tried, and after them, and only then, a new one. */
    #request(method: string, path: string, body: unknown, signal: AbortSignal): Promise<http.IncomingMessage> {
        return new Promise((resolve, reject) => {
            const payload = body === undefined ? undefined : JSON.stringify(body);
            const request = http.request({
                agent: this.#http,
                host: "agent",
                method,
                path,
                signal,
                headers: payload === undefined ? {} : jsonHeaders(payload),
            });
            let isAnswered = false;
            request.on("response", (answer) => {
                isAnswered = true;
                resolve(answer);
            });
            request.on("error", (error) => {
                // Who has begun to answer has taken it: asked again, it would do it twice.
                if (isAnswered || !request.reusedSocket || signal.aborted) return reject(error);
                this.#request(method, path, body, signal).then(resolve, reject);
            });
            request.end(payload);
        });
    }

    #explained(error: unknown, silence: number, { aborted }: AbortSignal): unknown {
        if (error instanceof AgentRefusal) return error;
        const agent = `the agent of ${this.runtime.noun} ${this.container}`;
        // In the middle of an answer, giving up looks like a broken connection.
        if (isNoAnswer(error) || aborted)
            return new NoAgent("silent", `${agent} has not answered for ${silence / 1000} s`);
        const broken = error instanceof Error && (error as NodeJS.ErrnoException).code === "ECONNRESET";
        return broken ? new NoAgent("silent", `${agent} broke off in the middle of its answer`) : error;
    }
}
