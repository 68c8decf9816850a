// Requests that never stop, and what became of each: by whom it was answered, or why it was not.
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const GIVES_UP_MS = 5_000;

/** One request on a connection of its own. @returns {Promise<{sentAt: number, answer?: string, error?: string}>} */
export function request(url) {
    const sentAt = performance.now();
    return new Promise((resolve) => {
        const fail = (error) => resolve({ sentAt, error: error.code ?? error.message });
        const sent = http.get(url, { agent: false, timeout: GIVES_UP_MS }, (response) => {
            let answer = "";
            response.on("data", (chunk) => (answer += chunk));
            response.on("error", fail);
            response.on("end", () =>
                response.statusCode === 200
                    ? resolve({ sentAt, answer: answer.trim() })
                    : fail({ code: `status ${response.statusCode}` }),
            );
        });
        sent.on("timeout", () => sent.destroy(new Error("no answer")));
        sent.on("error", fail);
    });
}

/** As many requests as asked for, a few at a time. */
export async function requests(url, count, atOnce = 10) {
    const results = [];
    let left = count;
    const worker = async () => {
        while (left-- > 0) results.push(await request(url));
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return results;
}

/** Sends requests until told to stop. */
export class Traffic {
    results = [];
    #stopped = false;
    #workers;

    constructor(url, { atOnce = 4, pauseMs = 10 } = {}) {
        this.#workers = Array.from({ length: atOnce }, () => this.#send(url, pauseMs));
    }

    async stop() {
        this.#stopped = true;
        await Promise.all(this.#workers);
        return this.results;
    }

    async #send(url, pauseMs) {
        while (!this.#stopped) {
            this.results.push(await request(url));
            await sleep(pauseMs);
        }
    }
}
