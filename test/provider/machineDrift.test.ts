import { describe, expect, it } from "vitest";
import { docker } from "./support/host";
import { failureOf, Machines } from "./support/machines";

const machines = new Machines();

describe("drift", () => {
    it("when somebody stops it, then a refresh shows the state, and an update starts it", async () => {
        const { id, inputs, properties } = await machines.make();
        await docker.getContainer(id).stop({ t: 1 });
        const drifted = await machines.provider.read(id, properties);
        expect(drifted.inputs).toEqual({ ...inputs, state: "stopped" });
        const healed = await machines.provider.update(id, drifted.properties, inputs);
        expect((await machines.provider.read(id, healed)).inputs).toEqual(inputs);
    });

    it("when somebody pauses it, then it counts as stopped, and an update lets it go on", async () => {
        const { id, inputs, properties } = await machines.make();
        await docker.getContainer(id).pause();
        const drifted = await machines.provider.read(id, properties);
        expect(drifted.inputs["state"]).toBe("stopped");
        await machines.provider.update(id, drifted.properties, inputs);
        expect((await docker.getContainer(id).inspect()).State.Paused).toBe(false);
    });

    it("when somebody changes its limits and restart policy, then a refresh shows these properties", async () => {
        const { id, inputs, properties } = await machines.make({ size: { memory: "64MiB" } });
        await docker.getContainer(id).update({
            Memory: 96 * 1024 ** 2,
            MemorySwap: 96 * 1024 ** 2,
            NanoCpus: 1.5e9,
            RestartPolicy: { Name: "no" },
        });
        const drifted = await machines.provider.read(id, properties);
        expect(drifted.inputs).toEqual({ ...inputs, size: { cpus: 1.5, memory: "96MiB" }, restart: "no" });
        const healed = await machines.provider.update(id, drifted.properties, inputs);
        expect((await machines.provider.read(id, healed)).inputs).toEqual(inputs);
    });

    it("when it is to run, then Docker starts it again also after a crash of its own; when it is to be stopped, never", async () => {
        const { id, inputs, properties } = await machines.make();
        const policy = async () => (await docker.getContainer(id).inspect()).HostConfig.RestartPolicy?.Name;
        expect(await policy()).toBe("always");
        const stopped = await machines.provider.update(id, properties, { ...inputs, state: "stopped" });
        expect(await policy()).toBe("unless-stopped");
        expect((await machines.provider.read(id, stopped)).inputs["restart"]).toBe("unless-stopped");
        await machines.provider.update(id, stopped, inputs);
        expect(await policy()).toBe("always");
    });

    it("when somebody takes it off its network, then a refresh shows that, and an update brings the same container back", async () => {
        const { id, inputs, properties } = await machines.make();
        await docker.getNetwork(machines.network).disconnect({ Container: id, Force: true });
        const drifted = await machines.provider.read(id, properties);
        expect(drifted.inputs).toEqual({ ...inputs, network: "" });
        const { diff } = await machines.change({ id, inputs: drifted.inputs, properties: drifted.properties }, {});
        expect(diff.replaces).toEqual([]);
        const healed = await machines.provider.update(id, drifted.properties, inputs);
        expect((await machines.provider.read(id, healed)).inputs).toEqual(inputs);
        const { Networks } = (await docker.getContainer(id).inspect()).NetworkSettings;
        expect(Networks[machines.network]!.Aliases).toContain(machines.name);
    });

    it("when its network was removed while it was stopped, and made again, then an update starts it there", async () => {
        await machines.makePassingNetwork();
        const { id, inputs, properties } = await machines.make({ network: machines.passingNetwork });
        await docker.getContainer(id).stop({ t: 1 });
        await machines.makePassingNetwork();
        expect((await machines.provider.read(id, properties)).inputs).toMatchObject({ network: "", state: "stopped" });
        const healed = await machines.provider.update(id, properties, inputs);
        expect((await machines.provider.read(id, healed)).inputs).toEqual(inputs);
    });

    it("when somebody renames it, then a refresh shows the name, and an update gives it its own back", async () => {
        const { id, inputs, properties } = await machines.make();
        await docker.getContainer(id).rename({ name: `${machines.stack.name}-renamed` });
        const drifted = await machines.provider.read(id, properties);
        expect(drifted.inputs).toEqual({ ...inputs, name: `${machines.stack.name}-renamed` });
        const { inputs: planned, diff } = await machines.change({ ...drifted, id }, {});
        expect([planned, diff.replaces]).toEqual([inputs, []]);
        const healed = await machines.provider.update(id, drifted.properties, planned);
        expect((await machines.provider.read(id, healed)).inputs).toEqual(inputs);
    });

    it("when somebody removes it, then it reads as gone, an update says so, and a delete does not mind", async () => {
        const { id, inputs, properties } = await machines.make();
        await docker.getContainer(id).remove({ force: true });
        expect((await machines.provider.read(id, properties)).id).toBe("");
        const { message } = await failureOf(machines.provider.update(id, properties, inputs));
        expect(message).toBe(`container ${inputs["name"]} is gone; run pulumi up --refresh to make the machine again`);
        await machines.provider.delete(id, properties);
    });
});
