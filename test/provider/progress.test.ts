import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, IMAGE, removeEverythingOf } from "./support/host";
import { EngineLog } from "./support/engine";
import { ProviderProcess } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
let engine: EngineLog;
let provider: ProviderProcess;
beforeAll(async () => {
    engine = await EngineLog.start();
    provider = await ProviderProcess.start({ engine: engine.address });
    const { public: space } = stack.addressSpaces;
    const { inputs } = await provider.check(stack.inputs("publicNetwork", "lan", { addressSpace: space }));
    await provider.create(inputs);
});
afterAll(async () => {
    await provider.stop();
    engine.stop();
    await removeEverythingOf(stack);
});

describe("progress", () => {
    it("while a machine comes up, then passing lines on its own row say what is waited for", async () => {
        const inputs = (name: string) =>
            stack.inputs("virtualMachine", name, {
                alias: "web",
                network: `${stack.name}-0-lan-1`,
                gateway: "none",
                image: IMAGE,
                command: ["sh", "-c", "exit 7"],
                readySeconds: 3,
            });
        // Its labels hold the old URN; the row is that of the new one.
        const { inputs: before } = await provider.check(inputs("old"));
        const { inputs: renamed } = await provider.check(inputs("new"), before);
        expect(renamed).toEqual(before);
        await provider.create(renamed).catch(() => undefined);

        expect(engine.lines).not.toEqual([]);
        for (const { urn, message, ephemeral } of engine.lines) {
            expect(urn).toBe(stack.urn("VirtualMachine", "new"));
            expect(ephemeral).toBe(true);
            expect(message).toMatch(
                /^waiting for \S+-old-1: it does not stay up \((exit code 7, )?restarted \d+ times\) \(\d s of 3 s\)$/,
            );
        }
        expect(await docker.listContainers({ all: true, filters: { name: [`${stack.name}-old-1`] } })).toHaveLength(1);
    });

    it("while a Docker host does not answer, then a line that stays says once that it could not be asked", async () => {
        const before = engine.lines.length;
        const unreachable = { docker: { host: "tcp://127.0.0.1:1" } };
        const { inputs: one } = await provider.check(stack.inputs("publicNetwork", "far", unreachable));
        await provider.check(stack.inputs("publicNetwork", "far", unreachable), one);
        await provider.check(stack.inputs("publicNetwork", "far2", unreachable));
        expect(engine.lines.slice(before)).toEqual([
            {
                urn: stack.urn("PublicNetwork", "far"),
                message: expect.stringMatching(
                    /^cannot reach Docker at tcp:\/\/127\.0\.0\.1:1: .*; what only Docker can tell is not checked$/,
                ),
                ephemeral: false,
            },
        ]);
    });

    it("given settings that lead to no host, then so, too", async () => {
        const before = engine.lines.length;
        for (const docker of [{ context: "eats" }, { host: "tcp://127.0.0.1:1", certPath: "/nowhere" }]) {
            for (const name of ["far3", "far4"])
                expect((await provider.check(stack.inputs("publicNetwork", name, { docker }))).failures).toEqual([]);
        }
        const told = (reason: string) => ({
            urn: stack.urn("PublicNetwork", "far3"),
            message: `${reason}; what only Docker can tell is not checked`,
            ephemeral: false,
        });
        expect(engine.lines.slice(before)).toEqual([
            told("there is no Docker context eats on this machine; docker context ls shows those that are"),
            told("docker.certPath: there is no folder /nowhere on this machine"),
        ]);
    });

    it("given a network that is there, then also where only refusals ask the host", async () => {
        const before = engine.lines.length;
        const docker = { host: "tcp://127.0.0.1:2" };
        const olds = { ...stack.inputs("publicNetwork", "far", { docker }), name: "far", addressSpace: "10.9.0.0/24" };
        await provider.check(stack.inputs("publicNetwork", "far", { docker }), olds);
        expect(engine.lines.slice(before)).toHaveLength(1);
    });
});
