import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { orRemoved } from "../../provider/docker/containers";
import { underFreeName } from "../../provider/docker/freeName";
import type { Host } from "../../provider/docker/host";

const conflict = (name: string) => {
    const message = `Conflict. The container name "/${name}" is already in use by container "c0ffee".`;
    return Object.assign(new Error(message), { statusCode: 409, json: { message } });
};

describe("a container's name", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    /** Names are taken until so many were asked for. */
    const taken = (until: number) => {
        const asked: string[] = [];
        const make = (name: string) =>
            asked.push(name) > until ? Promise.resolve("made") : Promise.reject(conflict(name));
        return { asked, make };
    };

    it("given others' containers, then the next number is taken", async () => {
        const { asked, make } = taken(2);
        expect(await underFreeName("web1-1", make, async () => false)).toEqual({ made: "made", name: "web1-3" });
        expect(asked).toEqual(["web1-1", "web1-2", "web1-3"]);
    });

    it("given a container that may go, then the name is free when Docker has removed it", async () => {
        const { asked, make } = taken(3);
        const made = underFreeName("web1-1", make, async () => true);
        await vi.advanceTimersByTimeAsync(1_000);
        expect(await made).toEqual({ made: "made", name: "web1-1" });
        expect(new Set(asked)).toEqual(new Set(["web1-1"]));
    });

    it("given one that Docker cannot remove, then it says who has the name, and has not asked without a pause", async () => {
        const { asked, make } = taken(Infinity);
        const failure = underFreeName("web1-1", make, async () => true).catch(({ message }: Error) => message);
        await vi.advanceTimersByTimeAsync(15_000);
        expect(await failure).toBe(
            'web1-1 is being removed, and still there after 10 s: Conflict. The container name "/web1-1" is already in use by container "c0ffee".',
        );
        expect(asked.length).toBeLessThan(50);
    });
});

describe("a container that cannot be made what it should be", () => {
    it("when it cannot be removed either, then the first reason is told", async () => {
        const remove = vi.fn().mockRejectedValue(new Error("device or resource busy"));
        const host = { docker: { getContainer: () => ({ remove }) } } as unknown as Host;
        const failing = orRemoved(host, "id", () => Promise.reject(new Error("no space left on device")));
        await expect(failing).rejects.toThrow("no space left on device");
        expect(remove).toHaveBeenCalled();
    });
});
