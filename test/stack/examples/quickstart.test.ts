import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { docker } from "../support/docker";
import { Example } from "../support/example";
import { ask, freePorts } from "../support/traffic";

let example: Example;
let port: number;
let image: string;

beforeAll(async () => {
    example = new Example("quickstart");
    image = `${example.project.name}-web`;
    docker("build", "--quiet", "--tag", image, path.join(__dirname, "../../../examples/quickstart/web"));
    port = await freePorts(2);
    await example.configure({ port, image });
    await example.up();
});
afterAll(() => {
    example.remove();
    docker("image", "rm", image);
});

const answers = async (of: number) =>
    [...new Set(await Promise.all(Array.from({ length: 60 }, () => ask(of))))].map(nameOf).sort();
const nameOf = (answer: string) => /web\d/.exec(answer)?.[0] ?? answer;

it("answers from each of its machines, and on the other port from the first alone", async () => {
    expect(await answers(port)).toEqual(["web1", "web2", "web3"]);
    expect(await answers(port + 1)).toEqual(["web1"]);
});

it("answers without a machine that has stopped", async () => {
    docker("stop", "--time", "1", await example.container("web2"));
    await expect.poll(() => answers(port), { timeout: 30_000 }).toEqual(["web1", "web3"]);
});

it("has nothing left to do, and leaves nothing behind", async () => {
    expect(await example.preview()).toEqual({});
    expect(await example.destroy()).toEqual([]);
});
