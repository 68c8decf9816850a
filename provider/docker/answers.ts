import type DockerModem from "docker-modem";
import { isNoAnswer } from "./errors";

/** What Docker is only asked, it answers from memory; what it is to do takes as long as it takes. */
export const LONGEST_ANSWER_MS = 30_000;

/**
 * From now on a question must be answered within 30 seconds, or fails with what `silent` makes of it: a Docker Engine
 * that hangs takes connections, and some even answer a ping. Questions go by `asked`, so that none waits for a
 * connection behind pulls and builds.
 */
export function boundAnswers(modem: DockerModem, asked: DockerModem, silent: (question: string) => Error): void {
    const dial = modem.dial.bind(modem);
    modem.dial = (request, callback) => {
        const { method, path, isStream, abortSignal } = request;
        if (method !== "GET" || isStream || abortSignal) return dial(request, callback);
        // Before the modem adds what is asked for.
        const question = path.replace(/\?.*/, "");
        asked.dial({ ...request, abortSignal: AbortSignal.timeout(LONGEST_ANSWER_MS) }, (error, result) =>
            callback?.(isNoAnswer(error) ? silent(question) : error, result),
        );
    };
}
