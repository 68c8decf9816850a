import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import http from "node:http";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Below what the kernel gives to outgoing connections, of which tests make many until such a port is used. */
const PORTS = [16_384, 32_000] as const;

/** A port of 127.0.0.1 that nobody had a moment ago. */
export function freePort(): Promise<number> {
    return freePorts(1);
}

/** The first of so many ports of 127.0.0.1, one after the other, that nobody had a moment ago. */
export async function freePorts(count: number): Promise<number> {
    for (;;) {
        const first = randomInt(...PORTS);
        const all = Array.from({ length: count }, (_, index) => isFree(first + index));
        if ((await Promise.all(all)).every(Boolean)) return first;
    }
}

function isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer();
        server.on("error", () => resolve(false));
        server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
}

/** The answer to one request on a connection of its own, or why there was none. */
export function ask(port: number): Promise<string> {
    return new Promise((resolve) => {
        const request = http.get({ host: "127.0.0.1", port, agent: false, timeout: 10_000 }, (response) => {
            let body = "";
            response.on("data", (chunk) => (body += chunk));
            response.on("error", (error) => resolve(`failed: ${error.message}`));
            response.on("end", () =>
                resolve(response.statusCode === 200 ? body.trim() : `failed: ${response.statusCode}`),
            );
        });
        request.on("timeout", () => request.destroy(new Error("timeout")));
        request.on("error", (error) => resolve(`failed: ${error.message}`));
    });
}

/** Sends requests while something happens, and tells how often each answer came. */
export async function underLoad<T>(
    port: number,
    action: () => Promise<T>,
): Promise<{ result: T; answers: Record<string, number>; failures: string[] }> {
    const answers: Record<string, number> = {};
    const failures: string[] = [];
    let stopped = false;
    const senders = [1, 2].map(async () => {
        while (!stopped) {
            const answer = await ask(port);
            if (answer.startsWith("failed")) failures.push(answer);
            else answers[answer] = (answers[answer] ?? 0) + 1;
            await sleep(10);
        }
    });
    try {
        return { result: await action(), answers, failures };
    } finally {
        stopped = true;
        await Promise.all(senders);
    }
}

/** Sends `hello` to each of these ports in turn, from one port of its own, and tells what came back. */
export async function askUdp(address: string, ports: number[]): Promise<string[]> {
    const socket = createSocket("udp4");
    try {
        const answers: string[] = [];
        for (const port of ports) {
            const answer = once(socket, "message", { signal: AbortSignal.timeout(5_000) });
            socket.send("hello", port, address);
            const [message] = (await answer.catch(() => [`failed: no answer from port ${port}`])) as [Buffer | string];
            answers.push(message.toString().trim());
        }
        return answers;
    } finally {
        socket.close();
    }
}
