import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProviderProcess } from "./support/providerProcess";
import { TestStack } from "./support/resources";

/** In the place of ssh: notes how it was called, then leads to this machine's Docker as `docker system dial-stdio` would. */
const SSH = (log: string) => `#!/usr/bin/env node
require("node:fs").appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(" ") + "\\n");
if (process.argv.includes("stranger@east.example")) {
    console.error("stranger@east.example: Permission denied (publickey).");
    process.exit(255);
}
const socket = require("node:net").connect("/var/run/docker.sock");
process.stdin.pipe(socket).pipe(process.stdout);
`;

const stack = new TestStack();
const folder = mkdtempSync(path.join(tmpdir(), "switchyard-ssh-"));
const log = path.join(folder, "log");
let provider: ProviderProcess;
beforeAll(async () => {
    writeFileSync(path.join(folder, "ssh"), SSH(log));
    chmodSync(path.join(folder, "ssh"), 0o755);
    provider = await ProviderProcess.start({
        environment: { PATH: `${folder}${path.delimiter}${process.env["PATH"]}` },
    });
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
