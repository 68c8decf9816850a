import { setTimeout as sleep } from "node:timers/promises";
import { nextName } from "../naming";
import { reasonOf, statusOf } from "./errors";

const POLL_MS = 250;
/** Docker removes a container in less, if it can. */
const PATIENCE_MS = 10_000;

/**
 * Makes an object under this name, or under the first free one after it. `clear` removes whatever has a name, and tells
 * whether it may go; Docker, which may still be at it, gets a while.
 */
export async function underFreeName<T>(
    first: string,
    make: (name: string) => Promise<T>,
    clear: (name: string) => Promise<boolean>,
): Promise<{ made: T; name: string }> {
    let name = first;
    let cleared: number | undefined;
    for (;;) {
        try {
            return { made: await make(name), name };
        } catch (error) {
            if (!isTaken(error)) throw error;
            if (cleared !== undefined && Date.now() - cleared > PATIENCE_MS)
                throw new Error(
                    `${name} is being removed, and still there after ${PATIENCE_MS / 1000} s: ${reasonOf(error)}`,
                );
        }
        if (cleared !== undefined) await sleep(POLL_MS);
        if (await clear(name)) cleared ??= Date.now();
        else [name, cleared] = [nextName(name), undefined];
    }
}

function isTaken(error: unknown): boolean {
    return statusOf(error) === 409 && /name.*already in use/i.test(reasonOf(error));
}
