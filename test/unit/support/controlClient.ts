import http from "node:http";
import { errorReply } from "../../../model/control";

export interface Reply {
    readonly status: number;
    readonly text: string;
}

/** Asks an agent on its socket. */
export function askAgent(socketPath: string, method: string, path: string, body?: string | object): Promise<Reply> {
    const content = typeof body === "object" ? JSON.stringify(body) : body;
    // Of a GET, Node.js would not say itself how long it is.
    const headers = content === undefined ? {} : { "Content-Length": Buffer.byteLength(content) };
    return new Promise((resolve, reject) => {
        const request = http.request({ socketPath, method, path, headers }, (response) => {
            let text = "";
            response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
            response.on("end", () => resolve({ status: response.statusCode!, text }));
        });
        request.on("error", reject);
        request.end(content);
    });
}

export function problemsIn({ text }: Reply): string[] {
    return errorReply.parse(JSON.parse(text)).problems;
}
