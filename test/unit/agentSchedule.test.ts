import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { repeat } from "../../runtime/agent/schedule";

describe("repeating a task", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    async function turns(intervalSeconds: number, task: () => Promise<void>, milliseconds: number) {
        const begin = performance.now();
        const times: number[] = [];
        const stop = repeat(intervalSeconds, async () => {
            times.push(performance.now() - begin);
            await task();
        });
        await vi.advanceTimersByTimeAsync(milliseconds);
        stop();
        return times;
    }

    it("begins at once and leaves at most the interval between two, and not always the same", async () => {
        const times = await turns(1, async () => {}, 1_000_000);
        const gaps = times.slice(1).map((time, index) => time - times[index]!);

        expect(times[0]).toBe(0);
        expect(Math.max(...gaps)).toBeLessThanOrEqual(1_001);
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(899);
        expect(new Set(times.map((time) => Math.round(time) % 1_000)).size).toBeGreaterThan(50);
    });

    it("begins as late as it is told to", async () => {
        const times: number[] = [];
        const begin = performance.now();
        const stop = repeat(1, async () => void times.push(performance.now() - begin), 0.4);
        await vi.advanceTimersByTimeAsync(1_500);
        stop();
        expect(times[0]).toBeCloseTo(400);
        expect(times).toHaveLength(2);

        const never = repeat(1, async () => void times.push(0), 0.4);
        never();
        await vi.advanceTimersByTimeAsync(1_500);
        expect(times).toHaveLength(2);
    });

    it("counts the interval from one beginning to the next", async () => {
        const times = await turns(1, () => new Promise((resolve) => setTimeout(resolve, 500)), 10_000);
        expect(times.length).toBeGreaterThanOrEqual(10);
    });

    it("never does it twice at a time", async () => {
        let running = 0;
        let most = 0;
        const slow = async () => {
            most = Math.max(most, ++running);
            await new Promise((resolve) => setTimeout(resolve, 2_500));
            running--;
        };
        const times = await turns(1, slow, 30_000);

        expect(most).toBe(1);
        expect(times.length).toBeLessThanOrEqual(13);
        expect(times.length).toBeGreaterThanOrEqual(10);
    });

    it("does it no more once stopped", async () => {
        const task = vi.fn(async () => {});
        await turns(1, task, 0);
        await vi.advanceTimersByTimeAsync(5_000);
        expect(task).toHaveBeenCalledTimes(1);
    });
});
