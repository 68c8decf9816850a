import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { docker, IMAGE } from "./support/host";
import { failureOf, Machines, OBEDIENT } from "./support/machines";
import { ProviderProcess } from "./support/providerProcess";

const machines = new Machines();
const address = (last: number) => machines.stack.addressSpaces.private.replace(/0\/24$/, String(last));

/** A container that has this address in the machines' network. */
async function holder(last: number, labels: Record<string, string>) {
    const container = await docker.createContainer({
        name: `${machines.stack.name}-${machines.name}-holder`,
        Image: IMAGE,
        Cmd: OBEDIENT,
        Labels: labels,
        HostConfig: { NetworkMode: machines.network },
        NetworkingConfig: { EndpointsConfig: { [machines.network]: { IPAMConfig: { IPv4Address: address(last) } } } },
    });
    await container.start();
    return container;
}

describe("a private address", () => {
    it("when the machine runs and starts again, then it has it", async () => {
        const { id, inputs, properties } = await machines.make({ privateAddress: address(200) });
        expect(properties["address"]).toBe(address(200));
        await docker.getContainer(id).restart({ t: 1 });
        expect(await machines.provider.read(id, properties)).toEqual({ id, properties, inputs });
        await docker.getContainer(id).stop({ t: 1 });
        expect((await machines.provider.read(id, properties)).inputs).toEqual({ ...inputs, state: "stopped" });
    });

    it("given one that another stack's container has, then the preview refuses it, and tells whose it is", async () => {
        const stranger = await holder(201, {});
        try {
            const { failures } = await machines.provider.check(machines.inputs({ privateAddress: address(201) }));
            expect(failures).toEqual([
                `privateAddress: ${address(201)} is taken in network ${machines.network} by ${machines.stack.name}-${machines.name}-holder; ` +
                    "choose another (Docker gives machines without one the lowest that are free)",
            ]);
        } finally {
            await stranger.remove({ force: true });
        }
    });

    it("given one that the stack itself still has, then the machine does not start, stays in state, and starts when it is free", async () => {
        const neighbour = await holder(202, machines.labels);
        const inputs = await machines.check({ privateAddress: address(202) });
        const { message, partial } = await failureOf(machines.provider.create(inputs));
        expect(message).toMatch(
            /-1 does not start: privateAddress: \S+ is taken in network \S+ by \S+-holder; choose another/,
        );
        await neighbour.remove({ force: true });
        const healed = await machines.provider.update(partial!.id, partial!.properties, inputs);
        expect(healed["address"]).toBe(address(202));
    });

    it("when somebody gives it another or none, then a refresh shows that, and it is to be replaced", async () => {
        const { id, inputs, properties } = await machines.make({ privateAddress: address(203) });
        const network = docker.getNetwork(machines.network);
        await network.disconnect({ Container: id, Force: true });
        await network.connect({ Container: id, EndpointConfig: { IPAMConfig: { IPv4Address: address(204) } } });
        const moved = await machines.provider.read(id, properties);
        expect(moved.inputs).toEqual({ ...inputs, privateAddress: address(204) });
        const { diff } = await machines.change(
            { id, inputs: moved.inputs, properties: moved.properties },
            { privateAddress: address(203) },
        );
        expect(diff).toEqual({ changes: 0, replaces: ["privateAddress"], deleteBeforeReplace: false });
        await network.disconnect({ Container: id, Force: true });
        await network.connect({ Container: id });
        expect((await machines.provider.read(id, properties)).inputs).not.toHaveProperty("privateAddress");
    });
});

describe("what comes first", () => {
    it.each([
        [{}, { image: "other" }, false],
        [{}, { image: "other", replaceMode: "deleteFirst" }, true],
        [{ replaceMode: "deleteFirst" }, { image: "other", replaceMode: "deleteFirst" }, true],
        [{ replaceMode: "deleteFirst" }, { image: "other" }, false],
        // All are of one program, to their provider: each has addresses of its own.
        [{ privateAddress: "10.1.2.3" }, { privateAddress: "10.1.2.3", image: "other" }, true],
        [{ privateAddress: "10.1.3.3" }, { privateAddress: "10.1.3.4" }, false],
        [{ privateAddress: "10.1.4.3" }, { privateAddress: UNKNOWN }, true],
        [{ privateAddress: "10.1.5.3" }, { image: "other" }, false],
        [{}, { privateAddress: "10.1.6.3" }, false],
    ])("when %j becomes %j, then the old one first: %s", async (from, to, first) => {
        const diff = await machines.replaces(from, to);
        expect(diff.deleteBeforeReplace).toBe(first);
        expect(diff.replaces).not.toEqual([]);
    });

    it("when the old one goes first, then the new one gets the same address and name", async () => {
        const wanted = { privateAddress: address(205), environment: { A: "b" } };
        const before = await machines.make({ privateAddress: address(205) });
        // A process of its own, as every run of Pulumi has.
        const next = await ProviderProcess.start();
        const first = await next.check(machines.inputs(wanted), before.inputs);
        await next.diff(before.id, before.properties, first.inputs);
        const second = await next.check(machines.inputs(wanted));
        await next.delete(before.id, before.properties);
        const after = await next.create(second.inputs);
        await next.stop();
        expect(first.inputs["name"]).toBe(second.inputs["name"]);
        expect(after.properties).toMatchObject({
            address: address(205),
            name: before.properties["name"],
        });
    });
});
