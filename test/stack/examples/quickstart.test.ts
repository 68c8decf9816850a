import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { docker } from "../support/docker";
import { Example } from "../support/example";
import { ask, freePorts } from "../support/traffic";

const root = path.join(__dirname, "../../..");
let example: Example;
let port: number;
let image: string;

beforeAll(async () => {
    example = new Example("quickstart");
    image = `${example.project.name}-web`;
    docker("build", "--quiet", "--tag", image, path.join(root, "examples/quickstart/web"));
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

it("is shown on a screen: who serves, and what clients notice when a machine stops and starts", async () => {
    const demo = path.join(root, "scripts/quickstart-lib/demo.mjs");
    const about = [await example.output("url"), await example.output("gateway")];
    const { stdout } = await promisify(execFile)(process.execPath, [demo, ...about], { timeout: 120_000 });
    for (const machine of ["web1", "web2", "web3"])
        expect(stdout).toMatch(new RegExp(`^  ${machine} .* healthy for \\d+ s +\\d+ #+$`, "m"));
    expect(stdout).toMatch(/docker stop \S+ .* requests failed.*; after \S+ s none went to it any more/);
    expect(stdout).toMatch(/docker start \S+ .* 0 of \d+ requests failed; after \S+ s it was back/);
});

it("has nothing left to do, and leaves nothing behind", async () => {
    expect(await example.preview()).toEqual({});
    expect(await example.destroy()).toEqual([]);
});
