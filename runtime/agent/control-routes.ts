import type { ServerResponse } from "node:http";
import type { z } from "zod";
import type { ApplyEvent } from "../../model/control";
import { describeProblems } from "../../model/schema/problems";
import { containsUnknown } from "../../model/schema/unknown";
import type { Applies } from "./applies";
import { readJson, Refusal, reply, send, type Call, type Routes } from "./control-server";

type AnyRequest = { readonly basedOn: number; readonly configuration: unknown };

interface ApplyParts<Request extends AnyRequest> {
    readonly applies: Applies<Request>;
    readonly applyRequest: z.ZodType<Request>;
    /** Paths in the configuration that no message repeats. */
    readonly secrets: readonly string[];
}

export interface ControlParts<Request extends AnyRequest, Status> extends ApplyParts<Request> {
    readonly status: () => Promise<Status>;
    readonly statusText: (status: Status) => string;
    /** What serves. */
    readonly configuration: () => unknown;
}

/** An apply may wait for a slow kernel or disk, with nothing to tell; a client gives up after half a minute of silence. */
const SIGN_OF_LIFE_MS = 5_000;

/** What every agent answers (model/control.ts). */
export function commonRoutes<Request extends AnyRequest, Status>(parts: ControlParts<Request, Status>): Routes {
    const { status, statusText } = parts;
    return {
        "GET /v1/status": async ({ response }) => reply(response, 200, await status()),
        "GET /v1/status.txt": async ({ response }) => send(response, 200, "text/plain", statusText(await status())),
        "GET /v1/configuration": ({ response }) => reply(response, 200, parts.configuration()),
        "PUT /v1/configuration": (call) => apply(call, parts),
    };
}

async function apply<Request extends AnyRequest>(
    { request, response }: Call,
    { applies, applyRequest, secrets }: ApplyParts<Request>,
): Promise<void> {
    const body = await readJson(request);
    const parsed = applyRequest.safeParse(body);
    if (!parsed.success) {
        const hidden = secrets.map((path) => `configuration.${path}`);
        throw new Refusal(400, describeProblems(parsed.error, body, hidden));
    }
    if (containsUnknown(parsed.data.configuration))
        throw new Refusal(400, ["configuration: holds a value that is not known yet"]);
    await runApply(response, applies, parsed.data);
}

/** Applies, and tells how it goes: an event a line. */
export async function runApply<Request extends { basedOn: number }>(
    response: ServerResponse,
    applies: Applies<Request>,
    request: Request,
): Promise<void> {
    const conflict = applies.conflict(request);
    if (conflict) throw new Refusal(409, [conflict]);
    const givenUp = new AbortController();
    response.on("close", () => givenUp.abort());
    response.writeHead(200, { "Content-Type": "application/x-ndjson" }).flushHeaders();
    const tell = (event: ApplyEvent) => response.write(`${JSON.stringify(event)}\n`);
    const signs = setInterval(() => response.write("\n"), SIGN_OF_LIFE_MS);
    const final = await applies
        .run(request, (message) => tell({ event: "progress", message }), givenUp.signal)
        .catch((error: unknown) => ({ event: "failed" as const, problems: [`the agent failed: ${String(error)}`] }));
    clearInterval(signs);
    tell(final);
    response.end();
}
