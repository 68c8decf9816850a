import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { docker } from "./support/host";
import { Machines } from "./support/machines";

const machines = new Machines();

describe("in place", () => {
    it("when size, restart policy and state change, then nothing is replaced and the container follows", async () => {
        const before = await machines.make({ size: { cpus: 1 / 3, memory: "0.0625GiB" }, restart: "no" });
        expect((await machines.provider.read(before.id, before.properties)).inputs["size"]).toEqual(
            before.inputs["size"],
        );
        const larger = await machines.change(before, { size: { cpus: 1, memory: "256MiB" }, restart: "on-failure" });
        expect(larger.diff).toEqual({ changes: 0, replaces: [], deleteBeforeReplace: false });
        const after = await machines.provider.update(before.id, before.properties, larger.inputs);
        expect(after).toEqual({ ...larger.inputs, containerId: before.id, address: before.properties["address"] });
        expect((await docker.getContainer(before.id).inspect()).HostConfig).toMatchObject({
            NanoCpus: 1e9,
            Memory: 256 * 1024 ** 2,
            MemorySwap: 256 * 1024 ** 2,
            RestartPolicy: { Name: "on-failure" },
        });
        expect(await machines.provider.read(before.id, after)).toEqual({
            id: before.id,
            properties: after,
            inputs: larger.inputs,
        });
    });

    it("when it is stopped and started by its state, then the container is", async () => {
        const before = await machines.make();
        const stopped = await machines.change(before, { state: "stopped" });
        const rest = await machines.provider.update(before.id, before.properties, stopped.inputs);
        expect(rest).not.toHaveProperty("address");
        expect((await docker.getContainer(before.id).inspect()).State.Running).toBe(false);
        const awake = await machines.provider.update(before.id, rest, before.inputs);
        expect(awake["address"]).toMatch(/^10\./);
    });
});

describe("replacement", () => {
    it.each([
        ["alias", { alias: "other" }],
        ["image", { image: "debian:other" }],
        ["command", { command: ["sleep", "1"] }],
        ["environment", { environment: { A: "b" } }],
        ["labels", { labels: { a: "b" } }],
        ["network", { network: "other" }],
        ["network", { network: UNKNOWN }],
        ["docker", { docker: { host: UNKNOWN } }],
    ])("when %s becomes %j, then the machine is replaced, the new one first", async (key, properties) => {
        const { inputs } = await machines.provider.check(machines.inputs());
        const { diff } = await machines.change({ inputs, id: "id", properties: inputs }, properties);
        expect(diff).toEqual({ changes: 0, replaces: [key], deleteBeforeReplace: false });
    });

    it.each([{}, { host: "unix:///var/run/docker.sock" }])(
        "when the Docker host gets its name %j, then nothing is replaced",
        async (host) => {
            const { inputs } = await machines.provider.check(machines.inputs());
            const { diff } = await machines.change({ inputs, id: "id", properties: inputs }, { docker: host });
            expect(diff.replaces).toEqual([]);
        },
    );

    it("when only the gateway or the patience changes, then nothing is replaced", async () => {
        const { inputs } = await machines.provider.check(machines.inputs());
        const { diff } = await machines.change(
            { inputs, id: "id", properties: inputs },
            { gateway: "other", readySeconds: 5 },
        );
        expect(diff.replaces).toEqual([]);
    });
});

describe("delete", () => {
    it("when it does not serve, then it is asked to end, and removed", async () => {
        const { id, properties } = await machines.make();
        await machines.provider.delete(id, properties);
        await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    });
});
