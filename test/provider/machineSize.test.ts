import { describe, expect, it } from "vitest";
import { docker } from "./support/host";
import { failureOf, Machines } from "./support/machines";
import type { Properties } from "./support/providerProcess";

const machines = new Machines();
const MIB = 1024 ** 2;

async function limitsOf(id: string) {
    const { NanoCpus, Memory, MemorySwap } = (await docker.getContainer(id).inspect()).HostConfig;
    return { cpus: NanoCpus! / 1e9, memory: Memory, swap: MemorySwap };
}

describe("limits of one's own", () => {
    it("given more processors than the host has, then they are refused before a machine is made or replaced", async () => {
        const { NCPU } = await docker.info();
        const refused = await machines.provider.check(machines.inputs({ size: { cpus: NCPU + 0.5 } }));
        expect(refused.failures.join()).toMatch(
            new RegExp(`^size.cpus: must be at most ${NCPU}, the processors of Docker host \\S+ \\(got ${NCPU}.5\\)$`),
        );
        await machines.check({ size: { cpus: NCPU } });
    });
});

describe("a named size", () => {
    it("when a machine is made, then it has the limits of the name, as far as the host has processors", async () => {
        const { NCPU } = await docker.info();
        const small = await machines.make({ size: "ExtraSmall" });
        expect(small.properties["size"]).toBe("ExtraSmall");
        expect(await limitsOf(small.id)).toEqual({ cpus: 0.5, memory: 768 * MIB, swap: 768 * MIB });
        const large = await machines.change(small, { size: "ExtraLarge" });
        expect(large.diff).toEqual({ changes: 0, replaces: [], deleteBeforeReplace: false });
        const after = await machines.provider.update(small.id, small.properties, large.inputs);
        expect(await limitsOf(small.id)).toMatchObject({ cpus: Math.min(8, NCPU), memory: 14 * 1024 * MIB });
        expect(await machines.provider.read(small.id, after)).toEqual({
            id: small.id,
            properties: after,
            inputs: large.inputs,
        });
    });

    it("when somebody changes a limit, then a refresh shows the limits instead of the name, and an update heals them", async () => {
        const { id, inputs, properties } = await machines.make({ size: "Small" });
        await docker.getContainer(id).update({ Memory: 512 * MIB, MemorySwap: 512 * MIB });
        const drifted = await machines.provider.read(id, properties);
        expect(drifted.inputs).toEqual({ ...inputs, size: { cpus: 1, memory: "512MiB" } });
        const healed = await machines.provider.update(id, drifted.properties, inputs);
        expect((await machines.provider.read(id, healed)).inputs).toEqual(inputs);
    });

    it("when it becomes limits of one's own, or none, then that is done in place", async () => {
        const before = await machines.make({ size: "Small" });
        const own = await machines.change(before, { size: { memory: "64MiB" } });
        expect(own.diff.replaces).toEqual([]);
        const after = await machines.provider.update(before.id, before.properties, own.inputs);
        expect(await limitsOf(before.id)).toMatchObject({ cpus: (await docker.info()).NCPU, memory: 64 * MIB });
        expect((await machines.provider.read(before.id, after)).inputs["size"]).toEqual({ memory: "64MiB" });
    });
});

describe("limits", () => {
    it("when limits are taken away, then the machine may have all of the host, and a refresh is silent", async () => {
        const before = await machines.make({ size: { cpus: 0.5, memory: "64MiB" } });
        const free = await machines.change(before, {});
        const after = await machines.provider.update(before.id, before.properties, free.inputs);
        const { NCPU, MemTotal } = await docker.info();
        expect((await docker.getContainer(before.id).inspect()).HostConfig).toMatchObject({
            NanoCpus: NCPU * 1e9,
            Memory: MemTotal,
        });
        expect((await machines.provider.read(before.id, after)).inputs).toEqual(free.inputs);
        const limited = await machines.change(
            { ...before, inputs: free.inputs, properties: after },
            { size: { memory: "32MiB" } },
        );
        await machines.provider.update(before.id, after, limited.inputs);
        expect((await docker.getContainer(before.id).inspect()).HostConfig.Memory).toBe(32 * 1024 ** 2);
    });

    it("when Docker refuses a size, then the error names machine and reason, and the machine stays in state", async () => {
        const before = await machines.make();
        // The check says so, too, but only where Docker answers it.
        const inputs: Properties = { ...before.inputs, size: { cpus: 1000 } };
        const { message, partial } = await failureOf(machines.provider.update(before.id, before.properties, inputs));
        expect(message).toMatch(new RegExp(`^${inputs["name"]}: Range of CPUs is from 0.01 to`));
        expect(partial!.id).toBe(before.id);
    });
});
