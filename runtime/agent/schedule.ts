/** Agents that start together must not probe together for ever. */
const JITTER = 0.1;

/**
 * Does `task` at once and then once each interval, give or take a tenth, without drifting; turns that it is too late
 * for are left out. Returns how to stop.
 */
export function repeat(intervalSeconds: number, task: () => Promise<void>): () => void {
    const interval = intervalSeconds * 1000;
    const begin = performance.now();
    let turn = 0;
    let stopped = false;
    let timer: NodeJS.Timeout | undefined;
    const run = async () => {
        await task();
        if (stopped) return;
        const passed = performance.now() - begin;
        turn = Math.max(turn + 1, Math.floor(passed / interval));
        const due = (turn + (Math.random() * 2 - 1) * JITTER) * interval;
        timer = setTimeout(() => void run(), Math.max(0, due - passed));
    };
    void run();
    return () => {
        stopped = true;
        clearTimeout(timer);
    };
}
