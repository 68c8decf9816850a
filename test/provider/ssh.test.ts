import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProviderProcess } from "./support/providerProcess";
import { fakeSsh } from "./support/ssh";
import { TestStack } from "./support/resources";

const stack = new TestStack();
const folder = mkdtempSync(path.join(tmpdir(), "switchyard-ssh-"));
const log = path.join(folder, "log");
let provider: ProviderProcess;
beforeAll(async () => {
    provider = await ProviderProcess.start({ environment: fakeSsh(folder, log) });
});
afterAll(async () => {
    await provider.stop();
    rmSync(folder, { recursive: true });
});

describe("a Docker host over ssh", () => {
    const network = (host: string) => stack.inputs("publicNetwork", "bridge", { existing: "bridge", docker: { host } });

    it("given user and port, then the user's own ssh is asked, without questions, and leads to Docker", async () => {
        const { inputs } = await provider.check(network("ssh://admin@east.example:2222"));
        expect(inputs["addressSpace"]).toMatch(/^\d+\.\d+\.\d+\.\d+\/\d+$/);
        const { id } = await provider.create(inputs);
        expect(id).toMatch(/^[0-9a-f]{64}$/);
        const calls = readFileSync(log, "utf8").trim().split("\n");
        expect(new Set(calls)).toEqual(
            new Set(["-o BatchMode=yes -o ConnectTimeout=10 -p 2222 -- admin@east.example docker system dial-stdio"]),
        );
        // The connection is kept: a new one for every call would cost a handshake each.
        expect(calls.length).toBeLessThanOrEqual(2);
    });

    it("when ssh is refused, then the error repeats what ssh said", async () => {
        const { inputs } = await provider.check(network("ssh://stranger@east.example"));
        await expect(provider.create(inputs)).rejects.toThrow(
            /^cannot reach Docker at ssh:\/\/stranger@east.example: .*Permission denied \(publickey\)/,
        );
    });
});
