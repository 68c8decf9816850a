import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BalancerConfiguration } from "../../model/balancer/configuration";
import { makeAgent, REFUSED, SILENT, sshEndpoint, webSet } from "./support/agent";

describe("applying a configuration", () => {
    let agent: ReturnType<typeof makeAgent>;

    beforeEach(() => {
        vi.useFakeTimers();
        agent = makeAgent();
        for (const [index, name] of ["web1-1", "web2-1", "web3-1"].entries())
            agent.machines.start(name, `10.80.1.${4 + index}`);
    });

    afterEach(async () => {
        await agent.balancer.close();
        vi.useRealTimers();
    });

    const two = { web1: "web1-1", web2: "web2-1" };
    const three = { ...two, web3: "web3-1" };

    function begin(configuration: BalancerConfiguration, waitSeconds = 120, basedOn?: number) {
        const progress: string[] = [];
        const givenUp = new AbortController();
        const final = agent.applies.run(
            { configuration, waitSeconds, basedOn: basedOn ?? agent.balancer.applied.revision },
            (message) => progress.push(message),
            givenUp.signal,
        );
        return { progress, final, giveUp: () => givenUp.abort() };
    }

    async function applied(configuration: BalancerConfiguration) {
        const { final } = begin(configuration);
        await vi.advanceTimersByTimeAsync(1_000);
        expect(await final).toMatchObject({ event: "applied" });
    }

    it("serves healthy members with the first swap", async () => {
        await applied(webSet({ members: two }));

        expect(agent.kernel.plans[0]!.tables.get("set/http")).toHaveLength(60);
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.4", "10.80.1.5"]);
        expect(agent.kept.map(({ revision }) => revision)).toEqual([1]);
    });

    it("waits for a new member and says each second what for", async () => {
        await applied(webSet({ members: two }));
        agent.machines.answers.set("10.80.1.6", REFUSED);

        const { progress, final } = begin(webSet({ members: three }));
        await vi.advanceTimersByTimeAsync(3_100);
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.4", "10.80.1.5"]);
        agent.machines.start("web3-1", "10.80.1.6");
        await vi.advanceTimersByTimeAsync(1_000);

        expect(await final).toEqual({ event: "applied", revision: 2 });
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.4", "10.80.1.5", "10.80.1.6"]);
        expect(progress).toEqual([
            "waiting for web3 in set http: connection refused (1 s of 120 s)",
            "waiting for web3 in set http: connection refused (2 s of 120 s)",
            "waiting for web3 in set http: connection refused (3 s of 120 s)",
        ]);
    });

    it.each([{ weight: 0 }, { adminState: "down" }, { adminState: "up" }])(
        "does not wait for a new member to be healthy whose probe does not decide: %j",
        async (share) => {
            agent.machines.answers.set("10.80.1.6", REFUSED);
            await applied(webSet({ members: three, shares: { web3: share } }));
        },
    );

    it("waits for a backup too", async () => {
        agent.machines.answers.set("10.80.1.6", REFUSED);
        const { final } = begin(webSet({ members: three, shares: { web3: { priority: 2 } } }), 2);
        await vi.advanceTimersByTimeAsync(3_000);
        expect(await final).toMatchObject({ event: "failed", problems: [expect.stringContaining("web3 in set http")] });
    });

    it("does not wait a long interval for a machine that comes up meanwhile", async () => {
        agent.machines.answers.set("10.80.1.4", REFUSED);
        const { final } = begin(
            webSet({ members: { web1: "web1-1" }, probe: { protocol: "tcp", intervalSeconds: 600 } }),
        );
        await vi.advanceTimersByTimeAsync(2_000);
        agent.machines.start("web1-1", "10.80.1.4");
        await vi.advanceTimersByTimeAsync(1_000);

        expect(await final).toMatchObject({ event: "applied" });
    });

    it("fails with a problem a member, and the old configuration serves on", async () => {
        await applied(webSet({ members: { web1: "web1-1" } }));
        agent.machines.answers.set("10.80.1.5", REFUSED);
        agent.machines.stop("web3-1");
        const plans = agent.kernel.plans.length;

        const { final } = begin(webSet({ members: three }), 5);
        await vi.advanceTimersByTimeAsync(6_000);

        expect(await final).toEqual({
            event: "failed",
            problems: [
                "web2 in set http did not become healthy within 5 s: connection refused",
                "web3 in set http did not become healthy within 5 s: no such machine runs",
            ],
        });
        expect(agent.balancer.applied.revision).toBe(1);
        expect(agent.kept).toHaveLength(1);
        expect(agent.kernel.plans).toHaveLength(plans);
    });

    it("stops probing the members of a configuration that failed", async () => {
        agent.machines.answers.set("10.80.1.4", SILENT);
        const { final } = begin(webSet({ members: { web1: "web1-1" } }), 2);
        await vi.advanceTimersByTimeAsync(3_000);
        await final;
        const asked = agent.machines.asked.length;
        await vi.advanceTimersByTimeAsync(60_000);

        expect(agent.machines.asked).toHaveLength(asked);
    });

    it("does not wait for a machine that is to be stopped, but for it to be healthy once it is to run again", async () => {
        agent.machines.stop("web2-1");
        const probe = { protocol: "tcp", intervalSeconds: 1 };
        await applied(webSet({ members: two, stopped: ["web2"], probe }));
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.4"]);

        agent.machines.start("web2-1", "10.80.1.5");
        agent.machines.answers.set("10.80.1.5", REFUSED);
        const { progress, final } = begin(webSet({ members: two, probe }));
        await vi.advanceTimersByTimeAsync(2_500);
        expect(progress).toContain("waiting for web2 in set http: connection refused (1 s of 120 s)");
        agent.machines.start("web2-1", "10.80.1.5");
        await vi.advanceTimersByTimeAsync(5_000);
        expect(await final).toMatchObject({ event: "applied" });
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.4", "10.80.1.5"]);
    });

    describe("given a machine with a long interval that is to run again", () => {
        const probe = { protocol: "tcp", intervalSeconds: 300 };

        beforeEach(async () => {
            agent.machines.stop("web2-1");
            await applied(webSet({ members: two, stopped: ["web2"], probe }));
            agent.machines.start("web2-1", "10.80.1.5", REFUSED);
        });

        const asked = () => agent.machines.asked.filter((target) => target === "10.80.1.5:8080").length;

        async function isAskedByItsIntervalAgain() {
            const before = asked();
            await vi.advanceTimersByTimeAsync(700_000);
            expect(asked() - before).toBeGreaterThanOrEqual(2);
            expect(asked() - before).toBeLessThanOrEqual(4);
        }

        it("waits no interval for it to be healthy", async () => {
            const { final } = begin(webSet({ members: two, probe }));
            await vi.advanceTimersByTimeAsync(2_000);
            agent.machines.start("web2-1", "10.80.1.5");
            await vi.advanceTimersByTimeAsync(1_000);

            expect(await final).toMatchObject({ event: "applied" });
            await isAskedByItsIntervalAgain();
        });

        it("asks it by its interval again when that failed", async () => {
            const { final } = begin(webSet({ members: two, probe }), 5);
            await vi.advanceTimersByTimeAsync(6_000);

            expect(await final).toMatchObject({ event: "failed" });
            // While its machine is new, it is asked often all the same.
            await vi.advanceTimersByTimeAsync(60_000);
            await isAskedByItsIntervalAgain();
        });
    });

    it("does not wait for members that were unhealthy before", async () => {
        await applied(webSet({ members: two }));
        agent.machines.answers.set("10.80.1.5", REFUSED);
        await vi.advanceTimersByTimeAsync(20_000);
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.4"]);

        await applied(webSet({ members: { ...two, web3: "web3-1" } }));
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.4", "10.80.1.6"]);
    });

    it("keeps the health of members that stay, and asks nobody anew who is asked the same", async () => {
        await applied(webSet({ members: two }));
        await vi.advanceTimersByTimeAsync(2_000);
        const before = agent.balancer.watches.get("set/http/web1")!;
        const asked = agent.machines.asked.length;

        await applied({ ...webSet({ members: two, drainSeconds: 5 }), endpoints: sshEndpoint("web1-1").endpoints });

        expect(agent.balancer.watches.get("set/http/web1")).toBe(before);
        expect(agent.machines.asked).toHaveLength(asked);
    });

    it("asks more often after the probe's interval became shorter", async () => {
        await applied(webSet({ members: { web1: "web1-1" } }));
        await applied(webSet({ members: { web1: "web1-1" }, probe: { protocol: "tcp", intervalSeconds: 1 } }));
        const asked = agent.machines.asked.length;
        await vi.advanceTimersByTimeAsync(30_000);

        expect(agent.machines.asked.length - asked).toBeGreaterThanOrEqual(28);
        expect(agent.machines.asked.length - asked).toBeLessThanOrEqual(35);
    });

    it("proves healthy members again when their probe asks something else", async () => {
        await applied(webSet({ members: two }));
        const { final } = begin(webSet({ members: two, probe: { protocol: "http", path: "/healthz", port: 9999 } }), 2);
        agent.machines.answers.set("10.80.1.4", REFUSED);
        await vi.advanceTimersByTimeAsync(3_000);

        expect(await final).toMatchObject({ event: "failed", problems: [expect.stringMatching(/^web1 in set http/)] });
        expect(agent.machines.asked).toContain("10.80.1.4:9999");
    });

    it("takes what it finds without waiting when nobody waits", async () => {
        agent.machines.answers.set("10.80.1.4", REFUSED);
        const { final, progress } = begin(webSet({ members: two }), 0);
        await vi.advanceTimersByTimeAsync(1_000);

        expect(await final).toMatchObject({ event: "applied" });
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.5"]);
        expect(progress).toEqual([]);
    });

    it("replaces a machine without a moment in which nobody serves, then drains the old one", async () => {
        await applied(webSet({ members: { web1: "web1-1" }, drainSeconds: 10 }));
        agent.machines.start("web1-2", "10.80.1.40");
        agent.kernel.connections.set("10.80.1.4:8080", 12);

        const { final, progress } = begin(webSet({ members: { web1: "web1-2" }, drainSeconds: 10 }));
        await vi.advanceTimersByTimeAsync(2_700);
        agent.kernel.connections.set("10.80.1.4:8080", 1);
        await vi.advanceTimersByTimeAsync(1_000);
        agent.kernel.connections.clear();
        await vi.advanceTimersByTimeAsync(1_000);

        expect(await final).toEqual({ event: "applied", revision: 2 });
        expect(agent.kernel.plans.every(({ refusing }) => refusing.size === 0)).toBe(true);
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.40"]);
        expect(progress[0]).toBe("draining web1: 12 connections, 10 s left");
        expect(progress.at(-1)).toBe("draining web1: 1 connection, 7 s left");
    });

    it("ends only when the kernel has forgotten the connections of the old configuration, but serves before", async () => {
        await applied(webSet({ members: two }));
        let forgotten = () => {};
        agent.kernel.forgetting = new Promise((resolve) => (forgotten = resolve));
        const ended = vi.fn();
        const final = begin(webSet({ members: { web1: "web1-1" } })).final.then(ended);
        await vi.advanceTimersByTimeAsync(1_500);
        expect(agent.kernel.serving("set/http")).toEqual(["10.80.1.4"]);
        agent.machines.stop("web1-1");
        await vi.advanceTimersByTimeAsync(500);
        expect(agent.kernel.serving("set/http")).toEqual([]);
        expect(ended).not.toHaveBeenCalled();

        forgotten();
        await final;
    });

    it("drains no longer than the set allows", async () => {
        await applied(webSet({ members: two, drainSeconds: 5 }));
        agent.kernel.connections.set("10.80.1.5:8080", 3);
        const { final } = begin(webSet({ members: { web1: "web1-1" }, drainSeconds: 5 }));
        let ended = false;
        void final.then(() => (ended = true));

        await vi.advanceTimersByTimeAsync(4_500);
        expect(ended).toBe(false);
        await vi.advanceTimersByTimeAsync(1_500);
        expect(ended).toBe(true);
    });

    it("drains a machine that left an endpoint", async () => {
        await applied(sshEndpoint("web1-1"));
        agent.kernel.connections.set("10.80.1.4:22", 1);
        const { final, progress } = begin(sshEndpoint("web2-1"));
        await vi.advanceTimersByTimeAsync(1_500);
        agent.kernel.connections.clear();
        await vi.advanceTimersByTimeAsync(1_000);

        expect(await final).toMatchObject({ event: "applied" });
        expect(agent.kernel.serving("endpoint/ssh")).toEqual(["10.80.1.5"]);
        expect(progress[0]).toBe("draining web1-1: 1 connection, 30 s left");
    });

    it("refuses to begin while another runs, or on another revision than the caller saw", async () => {
        agent.machines.answers.set("10.80.1.4", REFUSED);
        const first = begin(webSet({ members: { web1: "web1-1" } }), 10);
        await vi.advanceTimersByTimeAsync(2_000);

        const conflict = agent.applies.conflict({ configuration: sshEndpoint("web2-1"), basedOn: 0, waitSeconds: 1 });
        expect(conflict).toMatch(/^another apply is running since .*Z \(2 s\); try again when it has ended$/);
        expect(await begin(sshEndpoint("web2-1")).final).toMatchObject({ event: "failed" });

        agent.machines.start("web1-1", "10.80.1.4");
        await vi.advanceTimersByTimeAsync(1_000);
        expect(await first.final).toEqual({ event: "applied", revision: 1 });
        expect(agent.applies.conflict({ configuration: sshEndpoint("web2-1"), basedOn: 0, waitSeconds: 1 })).toMatch(
            /^the apply is based on revision 0, but revision 1 serves by now/,
        );
    });

    it("is given up when the caller goes before the swap", async () => {
        agent.machines.answers.set("10.80.1.4", REFUSED);
        const { final, giveUp } = begin(webSet({ members: { web1: "web1-1" } }));
        await vi.advanceTimersByTimeAsync(2_000);
        giveUp();
        await vi.advanceTimersByTimeAsync(100);

        expect(await final).toMatchObject({ event: "failed" });
        expect(agent.balancer.applied.revision).toBe(0);
        expect(agent.kept).toEqual([]);
        await applied(sshEndpoint("web2-1"));
    });

    it("changes nothing when the configuration cannot be stored", async () => {
        await applied(webSet({ members: { web1: "web1-1" } }));
        agent.store.failure = "no space left on device";
        const { final } = begin(sshEndpoint("web2-1"));
        await vi.advanceTimersByTimeAsync(1_000);

        expect(await final).toEqual({
            event: "failed",
            problems: ["the configuration could not be put into service: no space left on device"],
        });
        expect(agent.kernel.serving("endpoint/ssh")).toEqual([]);
        expect(agent.balancer.applied.revision).toBe(1);
    });

    it("stores the old configuration again when the kernel refuses the new one", async () => {
        await applied(webSet({ members: { web1: "web1-1" } }));
        agent.kernel.failure = "nft said no";
        const { final } = begin(sshEndpoint("web2-1"));
        await vi.advanceTimersByTimeAsync(1_000);

        expect(await final).toMatchObject({ event: "failed", problems: [expect.stringContaining("nft said no")] });
        expect(agent.kept.at(-1)!.configuration.endpoints).toEqual({});
        expect(Object.keys(agent.balancer.applied.configuration.loadBalancedSets)).toEqual(["http"]);
    });
});
