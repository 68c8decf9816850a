import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { docker } from "../support/docker";
import { Example } from "../support/example";
import { askUdp } from "../support/traffic";

const PORTS = [5000, 5001, 5002, 5003];
let example: Example;
let virtualIp: string;

beforeAll(async () => {
    example = new Example("udp-set");
    await example.up();
    virtualIp = await example.output("virtualIp");
});
afterAll(() => example.remove());

/** The machines that answer clients with ports of their own, each of which asks once. */
async function machines(clients: number): Promise<string[]> {
    const answers = await Promise.all(Array.from({ length: clients }, () => askUdp(virtualIp, [5000])));
    return [...new Set(answers.map(([answer]) => answer!.split(" ")[0]!))].sort();
}

it("shares flows between both machines", async () => {
    expect(await machines(30)).toEqual(["media1", "media2"]);
});

it("leads all ports of one client to one machine, each to its own port", async () => {
    for (let client = 0; client < 10; client++) {
        const answers = await askUdp(virtualIp, PORTS);
        const [machine] = answers[0]!.split(" ");
        expect(answers).toEqual(PORTS.map((port) => `${machine} ${port}: hello`));
    }
});

it("moves to the other machine when one is stopped", async () => {
    docker("stop", await example.container("media1"));
    await vi.waitFor(async () => expect(await machines(10)).toEqual(["media2"]), { timeout: 60_000, interval: 500 });
    docker("start", await example.container("media1"));
});

it("has nothing left to do, and leaves nothing behind", async () => {
    expect(await example.preview()).toEqual({});
    expect(await example.destroy()).toEqual([]);
});
