import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NO_TRAFFIC, type MemberTraffic } from "../../model/balancer/traffic";
import { makeAgent, REFUSED, SILENT, SUCCESS, webSet } from "./support/agent";

describe("given members under traffic, with a probe every ten minutes", () => {
    let agent: ReturnType<typeof makeAgent>;
    const counted = new Map<string, MemberTraffic>();

    beforeEach(() => {
        vi.useFakeTimers();
        agent = makeAgent();
        counted.clear();
        for (const n of [1, 2, 3, 4]) agent.machines.start(`web${n}-1`, address(n));
    });

    afterEach(async () => {
        agent.meter.close();
        await agent.balancer.close();
        vi.useRealTimers();
    });

    const address = (n: number) => `10.80.1.${n}`;
    const reached = () => agent.kernel.serving("set/http");
    const statusOf = (n: number) => agent.balancer.watches.get(`set/http/web${n}`)!.status;

    async function serve(members: readonly number[], settings: object = {}) {
        const configuration = webSet({
            members: Object.fromEntries(members.map((n) => [`web${n}`, `web${n}-1`])),
            probe: { protocol: "http", intervalSeconds: 600, unhealthyThreshold: 5 },
            ...settings,
        });
        await agent.balancer.restore({ revision: 7, configuration }, new Map());
        agent.balancer.start();
        agent.meter.start();
        await vi.advanceTimersByTimeAsync(500);
        agent.machines.asked.length = 0;
    }

    async function count(n: number, { connections = 0, answered = 0, refused = 0 }) {
        const before = counted.get(address(n)) ?? NO_TRAFFIC;
        counted.set(address(n), {
            ...before,
            connections: before.connections + connections,
            answered: before.answered + answered,
            refused: before.refused + refused,
        });
        agent.kernel.counted = new Map([["set/http", { arrived: 0, members: new Map(counted) }]]);
        await vi.advanceTimersByTimeAsync(300);
    }

    it("when one refuses, then it is out at once, with both facts, and back when its probe succeeds", async () => {
        await serve([1, 2]);
        agent.machines.answers.set(address(1), REFUSED);
        await count(1, { connections: 3, refused: 3 });

        expect(reached()).toEqual([address(2)]);
        expect(statusOf(1)).toMatchObject({
            status: "unhealthy",
            reason: "3 new connections refused, and connection refused",
        });
        agent.machines.answers.set(address(1), SUCCESS);
        await vi.advanceTimersByTimeAsync(600_000);
        expect(reached()).toEqual([address(1), address(2)]);
    });

    it("when one is silent, then it is out within two looks", async () => {
        await serve([1, 2]);
        agent.machines.answers.set(address(1), SILENT);
        await count(1, { connections: 3 });
        expect(reached()).toEqual([address(1), address(2)]);
        await vi.advanceTimersByTimeAsync(250);
        expect(reached()).toEqual([address(2)]);
        expect(statusOf(1).reason).toBe("3 new connections got no answer, and no answer");
    });

    it("when the machine takes a handshake, then the member stays, and is asked again only for new evidence", async () => {
        await serve([1, 2]);
        await count(1, { connections: 5, refused: 5 });
        await vi.advanceTimersByTimeAsync(5_000);
        expect(reached()).toEqual([address(1), address(2)]);
        expect(agent.machines.asked).toEqual([`${address(1)}:8080`]);
        await count(1, { connections: 5, refused: 5 });
        expect(agent.machines.asked).toHaveLength(2);
    });

    it("when a machine takes the handshake that has refused a client, then refusals are passed on for ten seconds", async () => {
        const forgives = () => agent.kernel.plans.at(-1)!.forgiving.has("set/http");
        await serve([1, 2]);
        expect(forgives()).toBe(true);
        await count(1, { connections: 4, answered: 3, refused: 1 });
        expect(agent.machines.asked).toEqual([`${address(1)}:8080`]);
        expect(reached()).toEqual([address(1), address(2)]);
        expect(forgives()).toBe(false);
        await vi.advanceTimersByTimeAsync(10_500);
        expect(forgives()).toBe(true);
    });

    it("when looks take long, or fail, then nobody says that somebody attends to refusals", async () => {
        await serve([1, 2]);
        await vi.advanceTimersByTimeAsync(1_000);
        const promptly = agent.kernel.attended;
        expect(promptly).toBeGreaterThan(2);
        agent.kernel.reading = () => new Promise((resolve) => setTimeout(resolve, 100));
        await vi.advanceTimersByTimeAsync(5_000);
        expect(agent.kernel.attended).toBe(promptly);
        agent.kernel.reading = () => Promise.reject(new Error("cannot be read"));
        await vi.advanceTimersByTimeAsync(5_000);
        expect(agent.kernel.attended).toBe(promptly);
        agent.kernel.reading = undefined;
        await vi.advanceTimersByTimeAsync(4_000);
        expect(agent.kernel.attended).toBeGreaterThan(promptly);
    });

    it.each([
        ["the set does not want it", { passiveDetection: false }],
        ["the set has no probe", { probe: { protocol: "none" } }],
    ])("when %s, then nobody is asked", async (_, settings) => {
        await serve([1, 2], settings);
        agent.machines.answers.set(address(1), REFUSED);
        await count(1, { connections: 9, refused: 9 });
        expect(agent.machines.asked).toEqual([]);
        expect(reached()).toEqual([address(1), address(2)]);
    });

    it("when all of four fail, then two stay until their own probes say so, and one more goes when one is back", async () => {
        await serve([1, 2, 3, 4], { probe: { protocol: "tcp", intervalSeconds: 100, unhealthyThreshold: 99 } });
        for (const n of [1, 2, 3, 4]) agent.machines.answers.set(address(n), REFUSED);
        for (const n of [1, 2, 3, 4]) await count(n, { connections: 4, refused: 4 });
        expect(reached()).toEqual([address(3), address(4)]);

        agent.machines.answers.set(address(1), SUCCESS);
        await vi.advanceTimersByTimeAsync(110_000);
        for (const n of [3, 4]) await count(n, { connections: 4, refused: 4 });
        expect(reached()).toEqual([address(1), address(4)]);
    });

    it("when two of four receive nothing, then only one of the others goes", async () => {
        await serve([1, 2, 3, 4], { shares: { web3: { weight: 0 }, web4: { adminState: "down" } } });
        for (const n of [1, 2]) agent.machines.answers.set(address(n), REFUSED);
        for (const n of [1, 2]) await count(n, { connections: 4, refused: 4 });
        expect(reached()).toEqual([address(2)]);
    });

    it("when two of four are down already, then only one of the others goes", async () => {
        for (const n of [3, 4]) agent.machines.stop(`web${n}-1`);
        await serve([1, 2, 3, 4]);
        for (const n of [1, 2]) agent.machines.answers.set(address(n), REFUSED);
        for (const n of [1, 2]) await count(n, { connections: 4, refused: 4 });
        expect(reached()).toEqual([address(2)]);
    });

    it("when one serves whatever its probe says, then nobody asks it, and another one may go", async () => {
        await serve([1, 2, 3], { shares: { web1: { adminState: "up" } } });
        for (const n of [1, 2]) agent.machines.answers.set(address(n), REFUSED);
        await count(1, { connections: 4, refused: 4 });
        expect(agent.machines.asked).toEqual([]);
        await count(2, { connections: 4, refused: 4 });
        expect(reached()).toEqual([address(1), address(3)]);
    });

    it("when the only one fails, then its own probe decides", async () => {
        await serve([1]);
        agent.machines.answers.set(address(1), REFUSED);
        await count(1, { connections: 9, refused: 9 });
        expect(reached()).toEqual([address(1)]);
    });

    it("when a machine takes over an address, then what was counted for the one before is not its own", async () => {
        await serve([1, 2]);
        await count(1, { connections: 7, answered: 7 });
        expect(agent.meter.ofMember("set/http/web1")).toMatchObject({ connections: 7, answered: 7, refused: 0 });
        agent.machines.stop("web1-1");
        agent.machines.start("web2-1", address(1));
        await vi.advanceTimersByTimeAsync(500);
        await count(1, { connections: 2, answered: 2 });

        expect(agent.meter.ofMember("set/http/web2")).toMatchObject({ connections: 2, answered: 2, refused: 0 });
    });
});
