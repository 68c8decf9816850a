import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { docker, IMAGE, removeEverythingOf } from "./support/host";
import { ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

/** A run of its own. */
let provider: ProviderProcess;
const stack = new TestStack();
beforeEach(async () => void (provider = await ProviderProcess.start()));
afterEach(() => provider.stop());
afterEach(() => removeEverythingOf(stack));

async function nextRun(): Promise<void> {
    await provider.stop();
    provider = await ProviderProcess.start();
}

const { public: addressSpace, private: otherSpace } = stack.addressSpaces;
const OWN: [key: string, properties: Properties][] = [
    ["runtimeVolume", {}],
    ["publicNetwork", { addressSpace }],
    ["privateNetwork", { addressSpace: otherSpace, sortsAfter: "a" }],
    ["virtualMachine", { alias: "a", network: "none", gateway: "none", image: IMAGE, command: ["sleep", "60"] }],
];

describe("a resource that was renamed by an alias", () => {
    it("given another of its old name, then the preview refuses, whichever comes first", async () => {
        const named = (name: string) => OWN.map(([key, properties]) => stack.inputs(key, name, properties));
        const [east, west] = [named("east"), named("west")];
        const olds = await Promise.all(east.map(async (inputs) => (await provider.check(inputs)).inputs));
        const refused =
            "name: must be new (got east, as which west was made, and under which Docker still has it); choose another name";
        const [none, all] = [OWN.map(() => []), OWN.map(() => [refused])];
        const checkEast = () => Promise.all(east.map(async (inputs) => (await provider.check(inputs)).failures));
        const checkWest = () =>
            Promise.all(west.map(async (inputs, index) => (await provider.check(inputs, olds[index])).failures));
        await nextRun();
        expect([await checkWest(), await checkEast()]).toEqual([none, all]);
        await nextRun();
        expect([await checkEast(), await checkWest()]).toEqual([none, all]);
    });

    it("given that both change names, or another that has nothing in Docker of its own, then nothing is wrong", async () => {
        const volume = (name: string) => stack.inputs("runtimeVolume", name, {});
        const [east, west] = [await provider.check(volume("east")), await provider.check(volume("west"))];
        await nextRun();
        expect((await provider.check(volume("east"), west.inputs)).failures).toEqual([]);
        expect((await provider.check(volume("west"), east.inputs)).failures).toEqual([]);
        const others = [
            ["endpoint", { protocol: "tcp", publicPort: 22, virtualMachine: "a", container: "a" }],
            ["publicNetwork", { existing: "bridge" }],
        ] as const;
        for (const [key, properties] of others) {
            const { inputs } = await provider.check(stack.inputs(key, "a", properties));
            await nextRun();
            expect((await provider.check(stack.inputs(key, "b", properties), inputs)).failures).toEqual([]);
            expect((await provider.check(stack.inputs(key, "a", properties))).failures).toEqual([]);
        }
    });
});

describe("a rename that is taken back without an alias", () => {
    it("then what is made anew is the same, and stays when the old one goes", async () => {
        for (const [key, properties] of OWN.slice(0, 3)) {
            const inputs = stack.inputs(key, "east", properties);
            const renamed = await provider.create((await provider.check(inputs)).inputs);
            await nextRun();
            const again = await provider.create((await provider.check(inputs)).inputs);
            expect(again.id).toBe(renamed.id);
            await provider.delete(renamed.id, renamed.properties);
            expect((await provider.read(again.id, again.properties)).id).toBe(again.id);
            // A later run may delete it.
            await nextRun();
            await provider.delete(again.id, again.properties);
            expect((await provider.read(again.id, again.properties)).id).toBe("");
        }
    });

    it("given a machine that runs, then it runs on", async () => {
        const network = await docker.createNetwork({
            Name: `${stack.name}-net`,
            Labels: { "io.switchyard.project": stack.project, "io.switchyard.stack": stack.name },
        });
        const { Name } = (await network.inspect()) as { Name: string };
        const inputs = stack.inputs("virtualMachine", "east", { ...OWN[3]![1], network: Name });
        const renamed = await provider.create((await provider.check(inputs)).inputs);
        await nextRun();
        const again = await provider.create((await provider.check(inputs)).inputs);
        await provider.delete(renamed.id, renamed.properties);
        expect([again.id, (await docker.getContainer(renamed.id).inspect()).State.Running]).toEqual([renamed.id, true]);
    });
});
