import { afterAll, beforeAll, expect, it } from "vitest";
import { Example } from "../support/example";
import { ask, freePort, underLoad } from "../support/traffic";

let example: Example;
let port: number;

beforeAll(async () => {
    example = new Example("canary");
    port = await freePort();
    await example.configure({ port, canary: 10 });
    await example.up();
});
afterAll(() => example.remove());

/** Of 400 connections, how many percent the new version receives. */
async function percentOfV2(): Promise<number> {
    const answers: string[] = [];
    while (answers.length < 400) answers.push(...(await Promise.all(Array.from({ length: 20 }, () => ask(port)))));
    expect(answers.filter((answer) => !/^v[12]-[ab]$/.test(answer))).toEqual([]);
    return answers.filter((answer) => answer.startsWith("v2")).length / 4;
}

/** Sees that a share is an update of weights, in which no request fails. */
async function change(canary: number): Promise<void> {
    await example.configure({ canary });
    const weights = (path: string) => ["v1-a", "v1-b", "v2-a", "v2-b"].map((name) => `${path}["${name}"].weight`);
    const changes = {
        "LoadBalancedSet http": { op: "update", changes: weights("virtualMachines") },
        "LoadBalancer contoso": { op: "update", changes: weights("loadBalancedSets.http.members") },
    };
    const { result, failures } = await underLoad(port, () => example.up());
    expect(result).toEqual(changes);
    expect(failures).toEqual([]);
}

// The bounds are five standard deviations from what is expected.
it("gives a tenth of the connections to the new version", async () => {
    const percent = await percentOfV2();
    expect(percent).toBeGreaterThan(2);
    expect(percent).toBeLessThan(18);
});

it("gives it half of them by a change of weights", async () => {
    await change(50);
    const percent = await percentOfV2();
    expect(percent).toBeGreaterThan(37);
    expect(percent).toBeLessThan(63);
});

it("gives it all of them", async () => {
    await change(100);
    expect(await percentOfV2()).toBe(100);
});

it("has nothing left to do, and leaves nothing behind", async () => {
    expect(await example.preview()).toEqual({});
    expect(await example.destroy()).toEqual([]);
});
