import { expect, it } from "vitest";
import { docker, IMAGE } from "./support/host";
import { Machines } from "./support/machines";
import { ProviderProcess, type Properties } from "./support/providerProcess";

const machines = new Machines();
const { stack } = machines;

/** Never ready, so that its creation does not end. */
const UNREADY = {
    healthCheck: { command: ["false"], intervalSeconds: 1, timeoutSeconds: 1, retries: 99, startSeconds: 0 },
};

const machine = (name: string, properties: Properties = {}) =>
    stack.inputs("virtualMachine", name, { ...machines.inputs(), alias: name, ...properties });

const has = (kind: "getContainer" | "getNetwork" | "getVolume", name: string) =>
    docker[kind](name)
        .inspect()
        .then(
            () => true,
            () => false,
        );

/** A run that begins to make these machines, and is killed. */
async function killedRun(...names: string[]): Promise<string[]> {
    const run = await ProviderProcess.start();
    const made = names.map(async (name) => {
        const { inputs } = await run.check(machine(name, UNREADY));
        void run.create(inputs).catch(() => undefined);
        return inputs["name"] as string;
    });
    const containers = await Promise.all(made);
    for (const container of containers)
        await expect.poll(() => has("getContainer", container), { timeout: 60_000, interval: 50 }).toBe(true);
    await run.stop();
    return containers;
}

/** As a run that was killed while Docker made it leaves it. */
async function unfinished(kind: "Network" | "Volume", type: string, name: string): Promise<void> {
    const Labels = {
        ...machines.labels,
        "io.switchyard.type": type,
        "io.switchyard.urn": stack.urn(type, name),
    };
    await docker.createVolume({ Name: `${name}-unfinished`, Labels: { ...Labels, "io.switchyard.unfinished": name } });
    if (kind === "Volume") await docker.createVolume({ Name: name, Labels });
    else await docker.createNetwork({ Name: name, Labels });
}

it("what killed runs began and the program has no more goes with the next deletion, and nothing else", async () => {
    const [dropped, declared] = await killedRun("dropped", "declared");
    const [network, used, volume] = ["network", "used", "volume"].map((name) => `${stack.name}-${name}`);
    await unfinished("Network", "PrivateNetwork", network!);
    await unfinished("Network", "PublicNetwork", used!);
    await unfinished("Volume", "RuntimeVolume", volume!);
    const user = await docker.createContainer({
        Image: IMAGE,
        Cmd: ["sleep", "60"],
        HostConfig: { NetworkMode: used!, Init: true },
    });
    await user.start();
    const next = await ProviderProcess.start();
    try {
        // As `retainOnDelete` leaves it.
        const retained = await machines.make();
        const { inputs } = await machines.provider.check(stack.inputs("runtimeVolume", "other", {}));
        const other = await machines.provider.create(inputs);
        await next.check(machine("declared", UNREADY));
        await next.delete(other.id, other.properties);
        expect(await has("getContainer", dropped!)).toBe(false);
        expect(await has("getNetwork", network!)).toBe(false);
        expect(await has("getVolume", volume!)).toBe(false);
        expect(await has("getContainer", declared!)).toBe(true);
        expect(await has("getNetwork", used!)).toBe(true);
        expect(await has("getContainer", retained.id)).toBe(true);
        const { Volumes } = await docker.listVolumes({ filters: { label: ["io.switchyard.unfinished"] } });
        const notes = (Volumes ?? []).map(({ Name }) => Name).filter((name) => name.startsWith(stack.name));
        expect(notes.sort()).toEqual([`${declared}-unfinished`, `${used}-unfinished`].sort());
    } finally {
        await next.stop();
        await user.remove({ force: true });
        await docker.getContainer(declared!).remove({ force: true });
    }
});

it("a machine that a killed run began is no longer unfinished once a later run has made it", async () => {
    const [container] = await killedRun("again");
    const { inputs } = await machines.provider.check(machine("again"));
    expect(inputs["name"]).toBe(container);
    const { id } = await machines.provider.create(inputs);
    expect(await has("getVolume", `${container}-unfinished`)).toBe(false);
    await docker.getContainer(id).remove({ force: true });
});
