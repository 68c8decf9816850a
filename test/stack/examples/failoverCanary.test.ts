import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask } from "../../runtime/dns/client";
import { docker } from "../support/docker";
import { Example } from "../support/example";
import { freePort } from "../support/traffic";

const QUESTIONS = 400;
const LONGEST_MS = 60_000;

describe("failover with a canary within", () => {
    let example: Example;
    let port: number;

    beforeAll(async () => {
        example = new Example("failover-canary");
        port = await freePort();
        await example.configure({ port, canary: 5 });
        await example.up();
    });
    afterAll(() => example.remove());

    /** How many of 400 answers lead to each service, by its name. */
    async function answers(): Promise<Record<string, number>> {
        const counts: Record<string, number> = {};
        for (let asked = 0; asked < QUESTIONS; asked += 20) {
            const questions = Array.from({ length: 20 }, () => ask(port, "shop.trafficmanager.example"));
            for (const { data } of await Promise.all(questions)) {
                const [service = ""] = data.join().split(".");
                counts[service] = (counts[service] ?? 0) + 1;
            }
        }
        return counts;
    }

    async function eventually(...services: string[]): Promise<Record<string, number>> {
        const till = Date.now() + LONGEST_MS;
        const names = (counts: object) => Object.keys(counts).sort().join();
        let counts = await answers();
        while (names(counts) !== services.join() && Date.now() < till) {
            await sleep(100);
            counts = await answers();
        }
        expect(names(counts)).toBe(services.join());
        return counts;
    }

    // The bounds are five standard deviations from what is expected.
    it("gives the canary 5 of 100, in one step", async () => {
        const { canary } = await eventually("canary", "stable");
        expect(canary).toBeLessThan(20 + 22);
        const { data, types, ttls } = await ask(port, "shop.trafficmanager.example");
        expect({ data, types, ttls }).toEqual({
            data: [expect.stringMatching(/^(stable|canary)\.cloudapp\.example$/)],
            types: ["CNAME"],
            ttls: [5],
        });
    });

    it("answers the rest of the release, then the standby, and comes back", async () => {
        const machine = (service: string) => example.container(`${service}-web`);
        docker("stop", await machine("stable"));
        await eventually("canary");
        docker("stop", await machine("canary"));
        await eventually("standby");
        docker("start", await machine("stable"), await machine("canary"));
        await eventually("canary", "stable");
    });

    it("shifts the shares by a change of two weights", async () => {
        await example.configure({ canary: 50 });
        const weights = (path: string) => ["canary", "stable"].map((name) => `${path}endpoints.${name}.weight`);
        expect(await example.up()).toEqual({
            "TrafficPolicy release": { op: "update", changes: weights("") },
            "DnsConfiguration contoso-ns1-configuration": { op: "update", changes: weights("policies.release.") },
        });
        const { canary } = await answers();
        expect(canary).toBeGreaterThan(150);
        expect(canary).toBeLessThan(250);
    });

    it("has nothing left to do, and leaves nothing behind", async () => {
        expect(await example.preview()).toEqual({});
        expect(await example.destroy()).toEqual([]);
    });
});
