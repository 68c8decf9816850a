import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildImage } from "../../provider/docker/build";
import { connect, type Host } from "../../provider/docker/host";
import { findImage, removeUnusedImage } from "../../provider/docker/images";
import { UNKNOWN } from "../../model/schema/unknown";
import { contextHash, runtimeImageContext } from "../../provider/package";
import { docker, IMAGE } from "./support/host";
import { ProviderProcess } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
const name = `${stack.name}-built:1`;
let host: Host;
let folder: string;
let lines: string[];
beforeAll(async () => {
    host = await connect(undefined);
    folder = mkdtempSync(path.join(tmpdir(), "switchyard-build-"));
});
beforeEach(() => (lines = []));
afterAll(async () => {
    rmSync(folder, { recursive: true });
    await docker
        .getImage(name)
        .remove({ force: true })
        .catch(() => undefined);
});

function build(...steps: string[]): Promise<string> {
    writeFileSync(path.join(folder, "Dockerfile"), [`FROM ${IMAGE}`, ...steps].join("\n"));
    return buildImage(host, { name, folder }, { "io.switchyard.type": "RuntimeImage" }, (line) => lines.push(line));
}

describe("building an image", () => {
    it("when a step fails, then the error ends with what it said, and nothing stays behind", async () => {
        const containers = await docker.listContainers({ all: true });
        await expect(build("RUN echo no such package; exit 100")).rejects.toThrow(
            /^building \S+-built:1 on unix:\S+ failed: The command '.*' returned a non-zero code: 100; its last lines:\n[^]*no such package/,
        );
        const left = (await docker.listContainers({ all: true })).filter(
            ({ Id, Command }) => !containers.some((before) => before.Id === Id) && Command.includes("no such package"),
        );
        expect(left).toEqual([]);
        expect(await findImage(host, name)).toBeUndefined();
    });

    it("when two want it at once, then it is built once, its steps are told, and a third finds it", async () => {
        const step = `RUN echo step of ${stack.name}`;
        const [first, second] = await Promise.all([build(step), build(step)]);
        expect(first).toBe(second);
        expect(lines.filter((line) => line.startsWith("building"))).toHaveLength(1);
        expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^Step 2\/\d : RUN echo step of/)]));
        lines = [];
        expect(await build(step)).toBe(first);
        expect(lines).toEqual([]);
    });

    it("when it is to be removed, then only if no container uses it", async () => {
        const user = await docker.createContainer({ Image: name });
        try {
            await removeUnusedImage(host, name);
            expect(await findImage(host, name)).toBeDefined();
        } finally {
            await user.remove();
        }
        await removeUnusedImage(host, name);
        expect(await findImage(host, name)).toBeUndefined();
        await removeUnusedImage(host, name);
    });
});

describe("RuntimeImage", () => {
    let provider: ProviderProcess;
    beforeAll(async () => {
        provider = await ProviderProcess.start();
    });
    afterAll(() => provider.stop());

    it("given the package, then the image's name is known at preview, and changes only with its content", async () => {
        const inputs = stack.inputs("runtimeImage", "east-image", {});
        const { inputs: checked } = await provider.check(inputs);
        expect(checked).toEqual({
            ...inputs,
            name: expect.stringMatching(/^switchyard-runtime:[0-9a-f]{12}$/),
            __engine: expect.anything(),
        });
        expect((await provider.check(inputs, checked)).inputs).toEqual(checked);
        const older = { ...checked, name: "switchyard-runtime:000000000000" };
        const { inputs: upgraded } = await provider.check(inputs, older);
        expect((await provider.diff(older.name, older, upgraded)).replaces).toEqual(["name"]);
        expect((await provider.read(older.name, older)).id).toBe("");
        await provider.delete(older.name, older);
        await expect(provider.create(older)).rejects.toThrow(
            /^image switchyard-runtime:000000000000 is gone from unix:\S+, and this version of pulumi-switchyard builds /,
        );
    });

    it("given another runtime, then it is another image, of its own folder and what all have in common", async () => {
        const of = async (runtime?: string) =>
            (await provider.check(stack.inputs("runtimeImage", "image", runtime ? { runtime } : {}))).inputs["name"];
        expect(await of("dns")).toMatch(/^switchyard-dns-runtime:[0-9a-f]{12}$/);
        expect(await of(UNKNOWN)).toBe(UNKNOWN);
        const { folder, parts } = runtimeImageContext("dns");
        const hash = (await of("dns")).split(":")[1];
        expect(contextHash(folder, parts)).toBe(hash);
        expect(contextHash(folder, [...parts!, "gateway"])).not.toBe(hash);
        expect((await provider.check(stack.inputs("runtimeImage", "image", { runtime: "web" }))).failures).toEqual([
            'runtime: must be "dns" (got "web")',
        ]);
    });
});
