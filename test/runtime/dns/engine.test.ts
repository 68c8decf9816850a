import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ControlConnection } from "../../../runtime/dns/control-socket";
import type { Decision } from "../../../model/dns/decision";
import { EMPTY_PLAN } from "../../../model/dns/plan";
import { addresses, address, byClient, name, random } from "../../unit/support/decisions";
import { pause, until } from "../support/wait";
import { planOf, TestServer } from "./server";

let server: TestServer;
beforeEach(async () => {
    server = await TestServer.start();
});
afterEach(() => server?.stop());

const answers = async (prefix = "p") => (await server.ask(prefix, { timeoutMs: 300 }).catch(() => undefined))?.data;
const isAnswered = (data: string) => async () => (await answers())?.[0] === data;

/** A plan that passes the compiler and that gdnsd refuses: its own zone may not be pointed into. */
const refused = () => planOf({ p: random(name("a.trafficmanager.example"), name("b.trafficmanager.example")) });

describe("an engine", () => {
    it("serves each plan when it says so, the last of those that waited, and counts across all", async () => {
        for (let n = 1; n <= 20; n++) {
            await server.engine.apply(planOf({ p: address(`192.0.2.${n}`) }));
            expect(await answers()).toEqual([`192.0.2.${n}`]);
        }
        const all = Array.from({ length: 30 }, (_, n) => server.engine.apply(planOf({ p: address(`192.0.3.${n}`) })));
        await all[0];
        expect(await answers()).toEqual(["192.0.3.29"]);
        await Promise.all(all);
        expect(server.daemons()).toHaveLength(1);

        const counters = await server.engine.counters();
        expect(counters).toMatchObject({ noerror: 21, refused: 0, "udp.reqs": 21 });
        expect(server.engine.problems()).toEqual([]);
    });

    it("answers nobody before its first plan, and refuses every name with a plan of nothing", async () => {
        await expect(server.ask("p")).rejects.toThrow("ECONNREFUSED");
        expect(await server.engine.counters()).toBeUndefined();
        await server.engine.apply(EMPTY_PLAN);
        expect(await server.ask("p")).toMatchObject({ code: "REFUSED" });
    });

    it("says in one sentence what gdnsd has against a plan, and the one before serves on", async () => {
        const sentence = /^gdnsd refuses the configuration: [^\n]*trafficmanager\.example[^\n]*$/;
        await expect(server.engine.apply(refused())).rejects.toThrow(sentence);
        await server.engine.apply(planOf({ p: address("192.0.2.1") }));
        const [daemon] = server.daemons();

        await expect(server.engine.apply(refused())).rejects.toThrow(sentence);

        expect(await answers()).toEqual(["192.0.2.1"]);
        expect(server.daemons()).toEqual([daemon]);
        // What is served is what the next engine and a restarted gdnsd find.
        server.kill();
        await until("gdnsd is back", isAnswered("192.0.2.1"), 3);
        await server.engine.apply(planOf({ p: address("192.0.2.2") }));
        expect(await answers()).toEqual(["192.0.2.2"]);
        const left = readdirSync(server.options.configurationDirectory);
        expect(left.filter((entry) => entry.startsWith("version-"))).toHaveLength(1);
    });
});

describe("when gdnsd is killed", () => {
    it("it is back at once, with what it served, each time", async () => {
        await server.engine.apply(planOf({ p: address("192.0.2.1") }));
        for (let times = 0; times < 5; times++) {
            const before = server.daemons();
            server.kill();
            await until("gdnsd is back", isAnswered("192.0.2.1"), 3);
            expect(server.daemons()).toHaveLength(1);
            expect(server.daemons()).not.toEqual(before);
        }
        await until("all is well", () => server.engine.problems().length === 0);
        await server.engine.apply(planOf({ p: address("192.0.2.2") }));
        expect(await answers()).toEqual(["192.0.2.2"]);
    });

    it("while it is being replaced, whoever of the two it is, the new plan serves", async () => {
        // Slow enough to be met half-way.
        const plan = (last: number) =>
            planOf(
                Object.fromEntries<Decision>([
                    ...Array.from({ length: 2_000 }, (_, n): [string, Decision] => [
                        `p${n}`,
                        random(...addresses(10).map(address)),
                    ]),
                    ["p", address(`192.0.2.${last}`)],
                ]),
            );
        await server.engine.apply(plan(1));
        for (let n = 2; n < 11; n++) {
            const applied = server.engine.apply(plan(n));
            await pause(n * 5);
            const [one, other] = server.daemons();
            process.kill(n % 3 === 0 ? (other ?? one!) : one!, "SIGKILL");
            const outcome = await applied.then(
                () => n,
                () => undefined,
            );
            // A new daemon that dies while it loads is a plan that is not served; what was served is.
            if (outcome === undefined) await server.engine.apply(plan(n));
            await until("the plan serves", isAnswered(`192.0.2.${n}`), 5);
        }
        await until("one is left", () => server.daemons().length === 1);
    });

    it("or stopped, it does not stay so", async () => {
        await server.engine.apply(planOf({ p: address("192.0.2.1") }));
        const [stopped] = server.daemons();
        server.kill("SIGSTOP");
        await until("it is silent", async () => (await answers()) === undefined);
        await until("another serves", isAnswered("192.0.2.1"), 20);
        expect(server.daemons()).not.toContain(stopped);
    });

    it("or stopped just before a plan, that plan serves as soon", async () => {
        await server.engine.apply(planOf({ p: address("192.0.2.1") }));
        server.kill("SIGSTOP");
        const begin = performance.now();
        await server.engine.apply(planOf({ p: address("192.0.2.2") }));
        // Some 6 s; a replacement itself may take a minute.
        expect(performance.now() - begin).toBeLessThan(30_000);
        expect(await answers()).toEqual(["192.0.2.2"]);
    });
});

describe("a status", () => {
    it("whose counters gdnsd does not tell is none to end it for", async () => {
        await server.engine.apply(planOf({ p: address("192.0.2.1") }));
        // Without its watch, which would end it.
        await server.engine.close();
        const before = server.daemons();
        server.kill("SIGSTOP");
        expect(await server.engine.counters()).toBeUndefined();
        server.kill("SIGCONT");
        expect(server.daemons()).toEqual(before);
        expect(await answers()).toEqual(["192.0.2.1"]);
    });
});

describe("the next engine", () => {
    it("takes over the gdnsd that runs, and its counts", async () => {
        await server.engine.apply(planOf({ p: address("192.0.2.1") }));
        await server.engine.close();
        const before = server.daemons();
        expect(await answers()).toEqual(["192.0.2.1"]);

        await server.newEngine();

        expect(server.daemons()).toEqual(before);
        expect(await server.engine.counters()).toMatchObject({ noerror: 1 });
        server.kill();
        await until("gdnsd is back", isAnswered("192.0.2.1"), 3);
        await server.engine.apply(planOf({ p: address("192.0.2.2") }));
        expect(await answers()).toEqual(["192.0.2.2"]);
    });

    it("starts gdnsd with what served last, when it has ended meanwhile", async () => {
        await server.engine.apply(planOf({ p: address("192.0.2.1") }));
        await server.engine.close();
        server.kill();

        await server.newEngine();

        expect(await answers()).toEqual(["192.0.2.1"]);
    });

    it("says in gdnsd's words why it cannot listen, and serves once it can", async () => {
        const holder = createServer().listen(server.port, "127.0.0.1");
        await once(holder, "listening");
        try {
            await expect(server.engine.apply(planOf({ p: address("192.0.2.1") }))).rejects.toThrow(
                /gdnsd has ended at once \(exit code \d+\): .*Address already in use/,
            );
        } finally {
            holder.close();
        }
        await server.engine.apply(planOf({ p: address("192.0.2.2") }));
        expect(await answers()).toEqual(["192.0.2.2"]);
    });

    it("says what is wrong when gdnsd does not start, and tries again", async () => {
        await server.engine.apply(planOf({ p: address("192.0.2.1") }));
        await server.engine.close();
        server.kill();
        const config = `${server.options.configurationDirectory}/current/config`;
        const text = readFileSync(config, "utf8");
        writeFileSync(config, "options => nonsense");

        await server.newEngine();

        expect(server.engine.problems()).toEqual([expect.stringMatching(/^no name is answered: gdnsd refuses /)]);
        writeFileSync(config, text);
        await until("it serves", isAnswered("192.0.2.1"), 5);
        await until("all is well", () => server.engine.problems().length === 0);
    });
});

describe("10,000 policies", () => {
    it("are served, and a change of one soon", async () => {
        const networks = { kind: "networks", networks: { "10.0.0.0/8": "a" }, otherwise: "b" } as const;
        const decisions: Record<string, Decision> = Object.fromEntries(
            Array.from({ length: 10_000 }, (_, n): [string, Decision] => [
                `p${n}`,
                n % 10 === 0
                    ? random(...addresses(10).map(address))
                    : n % 10 === 1
                      ? byClient(networks, { a: address("192.0.2.1"), b: address("192.0.2.2") })
                      : address(`10.1.${n >> 8}.${n & 255}`),
            ]),
        );
        await server.engine.apply(planOf(decisions));
        expect(await answers("p9999")).toEqual(["10.1.39.15"]);
        expect(await server.ask("p1", { client: "10.0.0.0/24" })).toMatchObject({ data: ["192.0.2.1"] });

        const plan = planOf({ ...decisions, p7: address("192.0.2.7") });
        const begin = performance.now();
        await server.engine.apply(plan);
        expect(await answers("p7")).toEqual(["192.0.2.7"]);
        // Some 100 ms; generous, for a busy machine.
        expect(performance.now() - begin).toBeLessThan(2_000);
    });
});

describe("somebody else at the control socket", () => {
    it("who has gdnsd replaced does not confuse the engine", async () => {
        await server.engine.apply(planOf({ p: address("192.0.2.1") }));
        for (let times = 0; times < 3; times++) {
            const foreign = await ControlConnection.open(`${server.options.runDirectory}/control.sock`);
            expect(await foreign.replace(5_000)).toBe("done");
            await server.engine.apply(planOf({ p: address(`192.0.2.${times}`) }));
            expect(await answers()).toEqual([`192.0.2.${times}`]);
        }
        server.kill();
        await until("gdnsd is back", isAnswered("192.0.2.2"), 3);
    });
});
