import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BalancerConfiguration } from "../../model/balancer/configuration";
import { identity, membersOf } from "../../runtime/agent/balancer/members";
import { makeAgent, REFUSED, SILENT, sshEndpoint, SUCCESS, webSet } from "./support/agent";

describe("the balancer", () => {
    let agent: ReturnType<typeof makeAgent>;

    beforeEach(() => {
        vi.useFakeTimers();
        agent = makeAgent();
        agent.machines.start("web1-1", "10.80.1.4");
        agent.machines.start("web2-1", "10.80.1.5");
    });

    afterEach(async () => {
        await agent.balancer.close();
        vi.useRealTimers();
    });

    const members = { web1: "web1-1", web2: "web2-1" };

    async function serve(configuration: BalancerConfiguration) {
        await agent.balancer.restore({ revision: 7, configuration }, new Map());
        agent.balancer.start();
        await vi.advanceTimersByTimeAsync(100);
    }

    const reached = () => agent.kernel.serving("set/http");
    const messages = () => agent.events.list().map(({ message }) => message);

    it("takes a member out at once when it refuses, and back when it answers", async () => {
        await serve(webSet({ members }));
        agent.machines.answers.set("10.80.1.4", REFUSED);
        await vi.advanceTimersByTimeAsync(17_000);
        expect(reached()).toEqual(["10.80.1.5"]);

        agent.machines.answers.set("10.80.1.4", SUCCESS);
        await vi.advanceTimersByTimeAsync(17_000);
        expect(reached()).toEqual(["10.80.1.4", "10.80.1.5"]);
        expect(messages()).toEqual([
            "web1 in set http is healthy",
            "web2 in set http is healthy",
            "web1 in set http is unhealthy: connection refused",
            "web1 in set http is healthy",
        ]);
    });

    it("asks a machine that came back often until its service is up, and then as rarely as before", async () => {
        await serve(webSet({ members }));
        agent.machines.stop("web1-1");
        await vi.advanceTimersByTimeAsync(1_000);
        agent.machines.start("web1-1", "10.80.1.6", REFUSED);
        await vi.advanceTimersByTimeAsync(3_000);
        expect(reached()).toEqual(["10.80.1.5"]);

        agent.machines.answers.set("10.80.1.6", SUCCESS);
        await vi.advanceTimersByTimeAsync(1_100);
        expect(reached()).toEqual(["10.80.1.5", "10.80.1.6"]);

        agent.machines.asked.length = 0;
        await vi.advanceTimersByTimeAsync(15_000);
        expect(agent.machines.asked.filter((asked) => asked.startsWith("10.80.1.6")).length).toBeLessThanOrEqual(2);
    });

    it("leaves a kernel that serves alone while it knows nothing of the members, until each was looked at", async () => {
        agent.machines.answers.set("10.80.1.5", REFUSED);
        const applied = { revision: 7, configuration: webSet({ members }) };
        await agent.balancer.restore(applied, new Map(), { kernelServes: true });
        expect(agent.kernel.plans).toEqual([]);

        agent.balancer.start();
        await vi.advanceTimersByTimeAsync(2_100);
        expect(agent.kernel.plans.map((plan) => plan.refusing.size)).toEqual([0]);
        expect(reached()).toEqual(["10.80.1.4"]);
    });

    it("takes a silent member out at its second silence only", async () => {
        await serve(webSet({ members }));
        agent.machines.answers.set("10.80.1.4", SILENT);
        await vi.advanceTimersByTimeAsync(17_000);
        expect(reached()).toContain("10.80.1.4");
        await vi.advanceTimersByTimeAsync(15_000);
        expect(reached()).toEqual(["10.80.1.5"]);
    });

    describe("given a member that goes down again and again", () => {
        const often = { protocol: "tcp", intervalSeconds: 10 };
        /** Each time it recovers from the wait, but the last. */
        const flap = async (times: number) => {
            for (let time = 1; time <= times; time++) {
                agent.machines.answers.set("10.80.1.4", REFUSED);
                await vi.advanceTimersByTimeAsync(11_000);
                agent.machines.answers.set("10.80.1.4", SUCCESS);
                await vi.advanceTimersByTimeAsync(time < times ? 45_000 : 11_000);
            }
        };

        it("lets it wait, says why, and takes it back then", async () => {
            await serve(webSet({ members, probe: often }));
            await flap(1);
            expect(reached()).toEqual(["10.80.1.4", "10.80.1.5"]);
            await flap(2);

            expect(reached()).toEqual(["10.80.1.5"]);
            const why = "went down 3 times without 5 healthy minutes in between, so it waits 20 s";
            expect(agent.balancer.watches.get("set/http/web1")!.status).toMatchObject({
                status: "flapping",
                reason: why,
            });
            expect(messages()).toContain(`web1 in set http is flapping: ${why}`);
            await vi.advanceTimersByTimeAsync(21_000);
            expect(reached()).toEqual(["10.80.1.4", "10.80.1.5"]);
        });

        it("sends connections to it nevertheless while nobody else answers", async () => {
            await serve(webSet({ members, probe: often }));
            await flap(4);
            agent.machines.answers.set("10.80.1.5", REFUSED);
            await vi.advanceTimersByTimeAsync(11_000);
            expect(agent.balancer.watches.get("set/http/web1")!.status.status).toBe("flapping");
            expect(reached()).toEqual(["10.80.1.4"]);
        });

        it("remembers that at the machine's next address, but not for stops that were announced", async () => {
            await serve(webSet({ members, probe: often }));
            for (let time = 0; time < 3; time++) {
                await agent.balancer.quiesce("web2-1");
                agent.machines.stop("web2-1");
                agent.machines.stop("web1-1");
                await vi.advanceTimersByTimeAsync(300);
                agent.machines.start("web1-1", `10.80.1.${20 + time}`);
                agent.machines.start("web2-1", "10.80.1.5");
                await vi.advanceTimersByTimeAsync(300);
            }
            expect(agent.balancer.watches.get("set/http/web1")!.status.status).toBe("flapping");
            expect(agent.balancer.watches.get("set/http/web2")!.status.status).toBe("healthy");
        });
    });

    it("tells how long the last good probe took", async () => {
        await serve(webSet({ members }));
        expect(agent.balancer.watches.get("set/http/web1")!.status.latencyMs).toBeGreaterThanOrEqual(0);
        agent.machines.start("web1-1", "10.80.1.77", SILENT);
        await vi.advanceTimersByTimeAsync(300);
        expect(agent.balancer.watches.get("set/http/web1")!.status.latencyMs).toBeUndefined();
    });

    it("knows members by all that their probes ask, without telling secrets", () => {
        const identityWith = (token: string) => {
            const probe = { protocol: "http", headers: { Authorization: token } };
            return identity(membersOf(webSet({ members: { web1: "web1-1" }, probe }))[0]!);
        };
        expect(identityWith("hush")).toMatch(/^set\/http\/web1 web1-1 http:8080\/ [0-9a-f]{16}$/);
        expect(identityWith("hush")).toBe(identityWith("hush"));
        expect(identityWith("hush")).not.toBe(identityWith("other"));
    });

    it("takes a machine that stopped out long before its next probe", async () => {
        await serve(webSet({ members, probe: { protocol: "tcp", intervalSeconds: 600 } }));
        agent.machines.stop("web1-1");
        await vi.advanceTimersByTimeAsync(300);

        expect(reached()).toEqual(["10.80.1.5"]);
        expect(agent.balancer.watches.get("set/http/web1")!.status).toMatchObject({
            status: "stopped",
            reason: "no such machine runs",
            address: undefined,
        });
    });

    it("follows a machine to its new address once it answers there", async () => {
        await serve(webSet({ members, probe: { protocol: "tcp", intervalSeconds: 600 } }));
        agent.machines.stop("web1-1");
        await vi.advanceTimersByTimeAsync(300);
        agent.machines.start("web1-1", "10.80.1.77", REFUSED);
        await vi.advanceTimersByTimeAsync(300);
        expect(reached()).toEqual(["10.80.1.5"]);

        agent.machines.answers.set("10.80.1.77", SUCCESS);
        await vi.advanceTimersByTimeAsync(660_000);
        expect(reached()).toEqual(["10.80.1.5", "10.80.1.77"]);
    });

    it("does not trust a new address because the old one was healthy", async () => {
        await serve(webSet({ members, probe: { protocol: "tcp", intervalSeconds: 600 } }));
        agent.machines.start("web1-1", "10.80.1.77", SILENT);
        await vi.advanceTimersByTimeAsync(300);

        expect(reached()).toEqual(["10.80.1.5"]);
        expect(messages()).toContain("web1 in set http moved from 10.80.1.4 to 10.80.1.77");
    });

    it("ignores the answer of a probe that was sent to the old address", async () => {
        await serve(webSet({ members: { web1: "web1-1" }, probe: { protocol: "tcp", intervalSeconds: 1 } }));
        const answers: ((result: typeof SUCCESS) => void)[] = [];
        vi.spyOn(agent.machines.answers, "get").mockImplementation(
            () => new Promise((resolve) => answers.push(resolve)) as never,
        );
        await vi.advanceTimersByTimeAsync(1_200);
        expect(answers).toHaveLength(1);
        agent.machines.addresses.set("web1-1", "10.80.1.77");
        await vi.advanceTimersByTimeAsync(300);
        answers[0]!(SUCCESS);
        await vi.advanceTimersByTimeAsync(100);

        expect(agent.balancer.watches.get("set/http/web1")!.status.status).toBe("unknown");
    });

    it("keeps everybody where they were while DNS does not answer", async () => {
        await serve(webSet({ members }));
        agent.machines.dnsWorks = false;
        await vi.advanceTimersByTimeAsync(60_000);

        expect(reached()).toEqual(["10.80.1.4", "10.80.1.5"]);
        expect(agent.names.trouble()).toBe(
            "Docker's DNS does not answer for web1-1 (ETIMEOUT); machines keep their last known addresses",
        );
        agent.machines.dnsWorks = true;
        await vi.advanceTimersByTimeAsync(300);
        expect(agent.names.trouble()).toBeUndefined();
    });

    it("sends an endpoint's connections wherever its machine is, and refuses while that is stopped", async () => {
        await serve(sshEndpoint("web1-1"));
        expect(agent.kernel.serving("endpoint/ssh")).toEqual(["10.80.1.4"]);
        agent.machines.stop("web1-1");
        await vi.advanceTimersByTimeAsync(300);
        expect(agent.kernel.plans.at(-1)!.refusing).toEqual(new Set(["endpoint/ssh"]));
        agent.machines.start("web1-1", "10.80.1.50");
        await vi.advanceTimersByTimeAsync(300);
        expect(agent.kernel.serving("endpoint/ssh")).toEqual(["10.80.1.50"]);
        expect(agent.kernel.plans.at(-1)!.refusing).toEqual(new Set());
    });

    describe("after a restart", () => {
        const configuration = webSet({ members });
        const since = 1_000;
        const known = new Map(
            membersOf(configuration).map((member, index) => [
                identity(member),
                {
                    address: `10.80.1.${4 + index}`,
                    health: {
                        status: index === 0 ? ("healthy" as const) : ("unhealthy" as const),
                        reason: "",
                        since,
                        successes: 0,
                        silences: 0,
                        refusals: 0,
                        falls: 0,
                        heldUntil: 0,
                    },
                },
            ]),
        );

        it("serves the members that were healthy before, without asking anybody first", async () => {
            await agent.balancer.restore({ revision: 7, configuration }, known);

            expect(reached()).toEqual(["10.80.1.4"]);
            expect(agent.machines.asked).toEqual([]);
            expect(agent.balancer.watches.get("set/http/web1")!.status.since).toBe(since);
        });

        it("serves no address that is somebody else's by now, when the kernel serves nothing yet", async () => {
            agent.machines.start("web2-1", "10.80.1.4");
            agent.machines.start("web1-1", "10.80.1.5");
            await agent.balancer.restore({ revision: 7, configuration }, known);
            expect(reached()).toEqual([]);

            agent.balancer.start();
            await vi.advanceTimersByTimeAsync(100);
            expect(reached()).toEqual(["10.80.1.4", "10.80.1.5"]);
        });

        it("sends an endpoint's connections to where its machine is now, with its first plan", async () => {
            const ssh = sshEndpoint("web1-1");
            const [member] = membersOf(ssh);
            agent.machines.start("web1-1", "10.80.1.77");
            const before = new Map([[identity(member!), known.values().next().value!]]);
            await agent.balancer.restore({ revision: 7, configuration: ssh }, before);
            expect(agent.kernel.serving("endpoint/ssh")).toEqual(["10.80.1.77"]);
        });

        it("serves the addresses that it knows when Docker does not answer within a second", async () => {
            agent.machines.dnsHangs = true;
            const restored = agent.balancer.restore({ revision: 7, configuration }, known);
            await vi.advanceTimersByTimeAsync(900);
            expect(agent.kernel.plans).toEqual([]);
            await vi.advanceTimersByTimeAsync(200);
            await restored;
            expect(reached()).toEqual(["10.80.1.4"]);
        });

        it("waits for nobody when the kernel serves", async () => {
            agent.machines.dnsHangs = true;
            await agent.balancer.restore({ revision: 7, configuration }, known, { kernelServes: true });
            expect(reached()).toEqual(["10.80.1.4"]);
        });

        it("then finds out who is healthy now", async () => {
            await agent.balancer.restore({ revision: 7, configuration }, known);
            agent.machines.answers.set("10.80.1.4", REFUSED);
            agent.balancer.start();
            await vi.advanceTimersByTimeAsync(100);

            expect(reached()).toEqual(["10.80.1.5"]);
        });
    });

    describe("when a machine is quiesced", () => {
        it("sends it nothing new although it still answers, until it has been seen to be gone", async () => {
            await serve(webSet({ members, probe: { protocol: "tcp", intervalSeconds: 1 } }));
            await agent.balancer.quiesce("web1-1");
            expect(reached()).toEqual(["10.80.1.5"]);
            await vi.advanceTimersByTimeAsync(5_000);
            expect(reached()).toEqual(["10.80.1.5"]);
            expect(agent.balancer.watches.get("set/http/web1")!.status).toMatchObject({
                status: "stopped",
                reason: "stopping",
            });

            agent.machines.stop("web1-1");
            await vi.advanceTimersByTimeAsync(300);
            agent.machines.start("web1-1", "10.80.1.4");
            await vi.advanceTimersByTimeAsync(300);
            expect(reached()).toEqual(["10.80.1.4", "10.80.1.5"]);
        });

        it("sends it nothing when nobody is healthy and all would be up", async () => {
            await serve(webSet({ members: { web1: "web1-1" }, allDown: "allUp" }));
            await agent.balancer.quiesce("web1-1");
            expect(agent.kernel.plans.at(-1)!.refusing).toEqual(new Set(["set/http"]));
        });

        it("takes it back after a minute in which it did not stop", async () => {
            await serve(webSet({ members }));
            await agent.balancer.quiesce("web1-1");
            await vi.advanceTimersByTimeAsync(61_000);
            expect(reached()).toEqual(["10.80.1.4", "10.80.1.5"]);
        });

        it("does nothing for a machine that it does not know", async () => {
            await serve(webSet({ members }));
            const plans = agent.kernel.plans.length;
            await agent.balancer.quiesce("web9-1");
            expect(agent.kernel.plans).toHaveLength(plans);
        });
    });

    it("tells a problem while the kernel refuses a plan, and tries again until it takes it", async () => {
        await serve(webSet({ members }));
        agent.kernel.failure = "nft said no";
        agent.machines.stop("web1-1");
        await vi.advanceTimersByTimeAsync(3_500);
        expect(agent.balancer.problem).toBe("the kernel does not serve the present configuration: nft said no");
        expect(messages().filter((message) => message.includes("nft said no"))).toHaveLength(1);

        delete agent.kernel.failure;
        await vi.advanceTimersByTimeAsync(1_500);
        expect(agent.balancer.problem).toBeUndefined();
        expect(reached()).toEqual(["10.80.1.5"]);
    });

    it("serves the next change while the kernel still forgets the connections of the one before", async () => {
        await serve(webSet({ members, probe: { protocol: "tcp", intervalSeconds: 1 } }));
        agent.kernel.forgetting = new Promise(() => {});
        agent.machines.stop("web1-1");
        await vi.advanceTimersByTimeAsync(300);
        agent.machines.stop("web2-1");
        await vi.advanceTimersByTimeAsync(300);

        expect(reached()).toEqual([]);
    });

    it("lets a machine stop only when the kernel has forgotten its connections", async () => {
        await serve(webSet({ members }));
        let forgotten = () => {};
        agent.kernel.forgetting = new Promise((resolve) => (forgotten = resolve));
        const mayStop = vi.fn();
        const quiesced = agent.balancer.quiesce("web1-1").then(mayStop);
        await vi.advanceTimersByTimeAsync(1_000);
        expect(reached()).toEqual(["10.80.1.5"]);
        expect(mayStop).not.toHaveBeenCalled();

        forgotten();
        await quiesced;
    });

    it("hands one plan to the kernel for many changes that come while it is busy", async () => {
        const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`vm${n}`, `vm${n}-1`]));
        for (const [index, name] of Object.values(many).entries()) agent.machines.start(name, `10.80.1.${10 + index}`);
        await serve(webSet({ members: many }));

        expect(reached()).toHaveLength(40);
        expect(agent.kernel.plans.length).toBeLessThan(10);
    });
});
