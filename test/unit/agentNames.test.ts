import { createSocket } from "node:dgram";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Names } from "../../runtime/agent/balancer/names";
import { dockerResolver, type Answer } from "../../runtime/agent/balancer/resolver";

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
        const resolve = dockerResolver("10.80.1.0/24", "gateway");
        expect(await resolve("10.80.1.4")).toEqual({ kind: "address", address: "10.80.1.4" });
    });

    it.each<[string, string[], Answer]>([
        ["Docker knows it", ["web1", "gateway"], { kind: "address", address: "10.80.1.4" }],
        ["Docker does not and nobody beyond it answers", ["gateway"], { kind: "none" }],
        ["nobody answers at all", [], { kind: "failed", reason: "ETIMEOUT" }],
    ])("tells of a name when %s", async (_, known, answer) => {
        const server = await startDns((name) => (known.includes(name) ? "10.80.1.4" : undefined));
        try {
            expect(await dockerResolver("10.80.1.0/24", "gateway", [server.address])("web1")).toEqual(answer);
        } finally {
            server.close();
        }
    });

    it("takes an address outside the private subnet for nobody's", async () => {
        const server = await startDns(() => "192.0.2.7");
        try {
            expect(await dockerResolver("10.80.1.0/24", "gateway", [server.address])("web1")).toEqual({ kind: "none" });
        } finally {
            server.close();
        }
    });
});

/** A DNS server on loopback that answers for names which have an address here, and is silent about all others. */
async function startDns(addressOf: (name: string) => string | undefined) {
    const socket = createSocket("udp4");
    socket.on("message", (query, { port, address }) => {
        const end = query.indexOf(0, 12);
        const labels: string[] = [];
        for (let at = 12; at < end; at += query[at]! + 1)
            labels.push(query.toString("latin1", at + 1, at + 1 + query[at]!));
        const found = addressOf(labels.join("."));
        if (found === undefined) return;
        // The question as it came, and one A record for it.
        const header = Buffer.from([query[0]!, query[1]!, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
        const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...found.split(".").map(Number)]);
        socket.send(Buffer.concat([header, query.subarray(12, end + 5), record]), port, address);
    });
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}
