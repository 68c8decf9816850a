import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { initialHealth } from "../../model/health/health";
import { balancerStore } from "../../runtime/agent/balancer/memory";
import { webSet } from "./support/agent";

describe("the agent's memory", () => {
    let directory: string;
    const configuration = webSet({ members: { web1: "web1-1" } });
    const known = new Map([["set/http/web1", { health: initialHealth(5), address: "10.80.1.4" }]]);

    beforeEach(async () => {
        directory = await fs.mkdtemp(path.join(os.tmpdir(), "switchyard-store-"));
    });

    afterEach(() => fs.rm(directory, { recursive: true, force: true }));

    it("is empty at first, also where its folder does not exist yet", async () => {
        const stored = await balancerStore(path.join(directory, "new")).load();
        expect(stored.applied).toEqual({ revision: 0, configuration: { endpoints: {}, loadBalancedSets: {} } });
        expect(stored).toMatchObject({ events: [], problems: [], lostConfiguration: false });
    });

    it("finds again what was kept", async () => {
        const store = balancerStore(directory);
        await store.keepConfiguration({ revision: 3, configuration, appliedAt: 9 }, known);
        store.keepEventsSoon(() => [{ at: 1, kind: "start", message: "agent" }]);
        await store.close();

        const stored = await balancerStore(directory).load();
        expect(stored.applied).toEqual({ revision: 3, configuration, appliedAt: 9 });
        expect(stored.known).toEqual(known);
        expect(stored.events).toEqual([{ at: 1, kind: "start", message: "agent" }]);
    });

    it("keeps what it writes from others, since a probe's key is among it", async () => {
        const file = path.join(directory, "configuration.json");
        await fs.writeFile(file, JSON.stringify({ revision: 1, configuration }), { mode: 0o644 });
        await balancerStore(directory).keepConfiguration({ revision: 3, configuration }, known);
        for (const name of ["configuration.json", "configuration.copy.json", "health.json"])
            expect((await fs.stat(path.join(directory, name))).mode & 0o777).toBe(0o600);
    });

    it("repeats nothing of a file that is damaged", async () => {
        await fs.writeFile(path.join(directory, "configuration.json"), '{"clientKey":"hush}');
        const { problems } = await balancerStore(directory).load();
        expect(problems).toEqual([expect.stringMatching(/configuration\.json\.unreadable: it is not JSON$/)]);
    });

    it("understands the health that an older agent kept", async () => {
        const { falls, heldUntil, ...older } = initialHealth(5);
        await fs.writeFile(path.join(directory, "health.json"), JSON.stringify({ key: { health: older } }));
        const stored = await balancerStore(directory).load();
        expect(stored).toMatchObject({ problems: [] });
        expect(stored.known.get("key")).toEqual({ health: { ...older, falls, heldUntil } });
    });

    it("writes health soon, and what it is then", async () => {
        const store = balancerStore(directory);
        let latest = new Map(known);
        store.keepHealthSoon(() => latest);
        latest = new Map([["later", { health: initialHealth(6), address: "10.80.1.5" }]]);
        store.keepHealthSoon(() => latest);
        // Another store would take a file that is being written for one that a killed agent left.
        const file = path.join(directory, "health.json");
        await expect.poll(() => fs.readFile(file, "utf8").catch(() => ""), { timeout: 5_000 }).not.toBe("");
        await store.close();
        expect((await balancerStore(directory).load()).known).toEqual(latest);
    });

    it.each(["", "{", "null", '{"revision":1}', '{"revision":1,"configuration":{"endpoints":{"ssh":{}}}}'])(
        "moves a configuration that reads %j aside and says so",
        async (text) => {
            const file = path.join(directory, "configuration.json");
            await fs.writeFile(file, text);

            const stored = await balancerStore(directory).load();
            expect(stored.lostConfiguration).toBe(true);
            expect(stored.applied.revision).toBe(0);
            expect(stored.problems).toEqual([
                expect.stringContaining(`${file} could not be read and was moved to ${file}.unreadable: `),
            ]);
            expect(await fs.readFile(`${file}.unreadable`, "utf8")).toBe(text);

            // The next agent must not take the missing file for a gateway that never served.
            const again = balancerStore(directory);
            expect(await again.load()).toMatchObject({
                problems: [`${file} is missing; ${file}.unreadable could not be read before`],
                lostConfiguration: true,
            });
            await again.keepConfiguration({ revision: 1, configuration }, known);
            expect(await balancerStore(directory).load()).toMatchObject({ problems: [], lostConfiguration: false });
            expect(await fs.readdir(directory)).not.toContain("configuration.json.unreadable");
        },
    );

    it.each(["", '{"revision":3,"configuration":{"endpoints":{"ssh":{}}}}'])(
        "takes its copy where the configuration reads %j, and still says so",
        async (text) => {
            await balancerStore(directory).keepConfiguration({ revision: 3, configuration }, known);
            await fs.writeFile(path.join(directory, "configuration.json"), text);

            const stored = await balancerStore(directory).load();
            expect(stored).toMatchObject({ applied: { revision: 3, configuration }, lostConfiguration: false });
            expect(stored.problems).toEqual([
                expect.stringMatching(/configuration\.json could not be read and was moved/),
            ]);
            // The agent after the next restart has the same.
            expect(await balancerStore(directory).load()).toMatchObject({ applied: { revision: 3, configuration } });
        },
    );

    it("leaves a configuration where it is that the disk does not give", async () => {
        const file = path.join(directory, "configuration.json");
        await fs.mkdir(file);

        expect(await balancerStore(directory).load()).toMatchObject({
            problems: [expect.stringContaining(`${file} could not be read: EISDIR`)],
            lostConfiguration: true,
        });
        expect(await fs.readdir(directory)).toEqual(["configuration.json"]);
    });

    it("serves what it understands of a newer agent's configuration", async () => {
        const newer = structuredClone({ revision: 3, configuration, since: 5 }) as any;
        const set = newer.configuration.loadBalancedSets.http;
        newer.configuration.certificates = {};
        set.stickiness = "cookie";
        set.probe.answer = "ok";
        set.members.web1.zone = "b";
        await fs.writeFile(path.join(directory, "configuration.json"), JSON.stringify(newer));

        const stored = await balancerStore(directory).load();
        expect(stored).toMatchObject({ problems: [], lostConfiguration: false });
        expect(stored.applied).toEqual({ revision: 3, configuration });
    });

    it("serves the configuration although health and events cannot be read", async () => {
        await balancerStore(directory).keepConfiguration({ revision: 3, configuration }, known);
        await fs.writeFile(path.join(directory, "health.json"), "[");
        await fs.writeFile(path.join(directory, "events.json"), '[{"at":"yesterday"}]');

        const stored = await balancerStore(directory).load();
        expect(stored).toMatchObject({ lostConfiguration: false, events: [] });
        expect(stored.applied.revision).toBe(3);
        expect(stored.known.size).toBe(0);
        expect(stored.problems).toHaveLength(2);
    });

    it("removes what a killed agent left unfinished", async () => {
        await fs.writeFile(path.join(directory, "configuration.json.1234567"), "{");
        await fs.writeFile(path.join(directory, "other.json.1"), "");
        await balancerStore(directory).load();
        expect(await fs.readdir(directory)).toEqual(["other.json.1"]);
    });

    it("says why it cannot write", async () => {
        const store = balancerStore(directory);
        await fs.mkdir(path.join(directory, "configuration.json"));
        await expect(store.keepConfiguration({ revision: 1, configuration }, known)).rejects.toThrow(
            /configuration\.json could not be written: /,
        );
        expect(store.trouble()).toMatch(/configuration\.json could not be written: /);
    });
});
