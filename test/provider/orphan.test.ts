import { describe, expect, it } from "vitest";
import { EngineLog } from "./support/engine";
import { docker } from "./support/host";
import { Machines } from "./support/machines";
import { ProviderProcess } from "./support/providerProcess";

const machines = new Machines();

describe("a provider whose engine is gone", () => {
    it("ends, and with it what it was at; the next run takes that up", async () => {
        const engine = await EngineLog.start();
        const orphan = await ProviderProcess.start({ engine: engine.address });
        try {
            const healthCheck = {
                command: ["false"],
                intervalSeconds: 1,
                timeoutSeconds: 1,
                retries: 100,
                startSeconds: 0,
            };
            const { inputs } = await orphan.check(machines.inputs({ healthCheck, readySeconds: 600 }));
            const creation = orphan.create(inputs).catch((error: Error) => error.message);
            await expect.poll(() => engine.lines.length, { timeout: 30_000 }).toBeGreaterThan(0);
            engine.stop();
            await orphan.ended();
            expect(await creation).not.toBeTypeOf("object");

            const healthy = await machines.check({ healthCheck: "none" });
            const { id, properties } = await machines.provider.create(healthy);
            expect(properties["name"]).toBe(inputs["name"]);
            const filters = { label: [`io.switchyard.urn=${machines.stack.urn("VirtualMachine", machines.name)}`] };
            const left = await docker.listContainers({ all: true, filters });
            expect(left.map(({ Id }) => Id)).toEqual([id]);
        } finally {
            await orphan.stop();
            engine.stop();
        }
    });
});
