import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Names } from "../../runtime/agent/names";
import { dockerResolver, type Answer } from "../../runtime/agent/resolver";

describe("following a name", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    function names(answer: (name: string) => Answer) {
        const asked: string[] = [];
        const all = new Names(async (name) => {
            asked.push(name);
            return answer(name);
        });
        return { all, asked };
    }

    it("tells the first answer and each that differs, once", async () => {
        let address = "10.80.1.4";
        const { all } = names(() => ({ kind: "address", address }));
        const told: Answer[] = [];
        const stop = all.follow("web1", (answer) => told.push(answer));
        await vi.advanceTimersByTimeAsync(1_000);
        address = "10.80.1.5";
        await vi.advanceTimersByTimeAsync(1_000);

        expect(told).toEqual([
            { kind: "address", address: "10.80.1.4" },
            { kind: "address", address: "10.80.1.5" },
        ]);
        stop();
    });

    it("asks once for a name that many follow, four times a second, and no more when nobody does", async () => {
        const { all, asked } = names(() => ({ kind: "none" }));
        const told = vi.fn();
        const stops = [1, 2, 3].map(() => all.follow("web1", (answer) => told(answer)));
        await vi.advanceTimersByTimeAsync(2_000);
        expect(asked.length).toBeLessThanOrEqual(9);
        expect(asked.length).toBeGreaterThanOrEqual(8);
        expect(told).toHaveBeenCalledTimes(3);

        for (const stop of stops) stop();
        asked.length = 0;
        await vi.advanceTimersByTimeAsync(2_000);
        expect(asked).toEqual([]);
    });

    it("tells a later follower what is known already", async () => {
        const { all } = names(() => ({ kind: "none" }));
        const stop = all.follow("web1", () => {});
        await vi.advanceTimersByTimeAsync(0);
        const told = vi.fn();
        all.follow("web1", told)();
        expect(told).toHaveBeenCalledWith({ kind: "none" });
        stop();
    });

    it("asks for each less often when there are many, so that all together stay cheap", async () => {
        const { all, asked } = names(() => ({ kind: "none" }));
        const stops = Array.from({ length: 1_000 }, (_, n) => all.follow(`vm${n}`, () => {}));
        await vi.advanceTimersByTimeAsync(0);
        asked.length = 0;
        await vi.advanceTimersByTimeAsync(20_000);
        expect(asked.length).toBeLessThanOrEqual(2_000);
        for (const stop of stops) stop();
    });
});

describe("resolving", () => {
    it("takes an address for itself", async () => {
        expect(await dockerResolver("10.80.1.0/24")("10.80.1.4")).toEqual({ kind: "address", address: "10.80.1.4" });
    });
});
