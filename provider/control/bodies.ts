import type http from "node:http";
import { errorReply } from "../../model/control";

export function jsonHeaders(payload: string): http.OutgoingHttpHeaders {
    return { "content-type": "application/json", "content-length": Buffer.byteLength(payload) };
}

export async function bodyOf(answer: http.IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
}

/** What an agent that refuses says; undefined when it is not the agent who does. */
export function problemsIn(text: string): readonly string[] | undefined {
    try {
        return errorReply.parse(JSON.parse(text)).problems;
    } catch {
        return undefined;
    }
}
