/** Agents that start together must not probe together for ever. */
const JITTER = 0.1;

/**
 * Does `task` at once and then once each interval or up to a tenth earlier: never later, since people count on the interval
 * for how soon a failure shows. Returns how to stop.
 * @param firstAfterSeconds for the first time not at once
 */
export function repeat(intervalSeconds: number, task: () => Promise<void>, firstAfterSeconds = 0): () => void {
    let stopped = false;
    let timer: NodeJS.Timeout | undefined;
    const run = async () => {
        const due = performance.now() + intervalSeconds * 1000 * (1 - Math.random() * JITTER);
        await task();
        if (!stopped) timer = setTimeout(() => void run(), Math.max(0, due - performance.now()));
    };
    if (firstAfterSeconds > 0) timer = setTimeout(() => void run(), firstAfterSeconds * 1000);
    else void run();
    return () => {
        stopped = true;
        clearTimeout(timer);
    };
}
