import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { docker, IMAGE, removeEverythingOf } from "./support/host";
import { ProviderError, ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

let provider: ProviderProcess;
const stack = new TestStack();
afterEach(() => removeEverythingOf(stack));

/** Each test has a run and resources of its own: a run remembers what it saw, and what is wanted in it. */
let count = 0;
let name: string;
beforeEach(async () => {
    name = `n${++count}`;
    provider = await ProviderProcess.start();
});
afterEach(() => provider.stop());

const { public: publicSpace, private: privateSpace } = stack.addressSpaces;

async function made(inputs: Properties) {
    const checked = await provider.check(inputs);
    expect(checked.failures).toEqual([]);
    return { inputs: checked.inputs, ...(await provider.create(checked.inputs)) };
}

describe("PublicNetwork", () => {
    const network = (properties: object = { addressSpace: publicSpace }) =>
        stack.inputs("publicNetwork", name, properties);

    it("given nothing, then name and address space are known at preview, the same every time", async () => {
        const { inputs } = await provider.check(network({}));
        expect(inputs["name"]).toBe(`${stack.name}-0-${name}-1`);
        expect(inputs["addressSpace"]).toMatch(/^10\.2(2[4-9]|3\d)\.\d+\.0\/24$/);
        const other = await ProviderProcess.start();
        expect((await other.check(network({}))).inputs).toEqual(inputs);
        await other.stop();
    });

    it("when created, then Docker has it as previewed, a refresh changes nothing, and delete removes it", async () => {
        const { id, inputs, properties } = await made(network());
        const found = await docker.getNetwork(inputs["name"]).inspect();
        expect(found).toMatchObject({
            Id: id,
            IPAM: { Config: [{ Subnet: publicSpace, Gateway: publicSpace.replace("0/24", "1") }] },
            Labels: {
                "io.switchyard.project": stack.project,
                "io.switchyard.stack": stack.name,
                "io.switchyard.type": "PublicNetwork",
                "io.switchyard.urn": stack.urn("PublicNetwork", name),
            },
        });
        expect(properties).toEqual({ ...inputs, networkId: id });
        expect(await provider.read(id, properties)).toEqual({ id, properties, inputs });
        await provider.delete(id, properties);
        await provider.delete(id, properties);
        expect((await provider.read(id, properties)).id).toBe("");
    });

    it("when its address space changes, then both checks name the same next generation beside the old one", async () => {
        const { id, inputs, properties } = await made(network());
        const wanted = network({ addressSpace: publicSpace.replace(/^10\.24/, "10.23") });
        const again = await ProviderProcess.start();
        const first = await again.check(wanted, inputs);
        expect(first.inputs["name"]).toBe(`${stack.name}-0-${name}-2`);
        expect(await again.diff(id, properties, first.inputs)).toEqual({
            changes: 0,
            replaces: ["addressSpace"],
            deleteBeforeReplace: false,
        });
        expect((await again.check(wanted)).inputs).toEqual(first.inputs);
        const replacement = await again.create(first.inputs);
        expect(replacement.id).not.toBe(id);
        await again.stop();
    });

    it("when the new address space overlaps the old one, then the old network must go first", async () => {
        const { inputs } = await provider.check(network());
        const { inputs: wider } = await provider.check(
            network({ addressSpace: publicSpace.replace("/24", "/23") }),
            inputs,
        );
        expect(await provider.diff("id", { ...inputs, networkId: "id" }, wider)).toEqual({
            changes: 0,
            replaces: ["addressSpace"],
            deleteBeforeReplace: true,
        });
    });

    it("when it is to move to a host that does not answer, then a preview refuses, and the old one does not go first", async () => {
        const { inputs } = await provider.check(network());
        const wanted = network({ addressSpace: publicSpace, docker: { host: "tcp://127.0.0.1:1" } });
        const moved = await provider.check(wanted, inputs);
        expect(moved.failures).toEqual([
            expect.stringMatching(
                /^docker: must lead to a Docker host that answers, before anything moves there \(cannot reach Docker at tcp:\S+: nobody listens/,
            ),
        ]);
        expect(await provider.diff("id", { ...inputs, networkId: "id" }, moved.inputs)).toMatchObject({
            replaces: ["docker"],
            deleteBeforeReplace: false,
        });
        // Not known yet, or to be made there, it may.
        const unknown = network({ addressSpace: publicSpace, docker: { host: UNKNOWN } });
        expect((await provider.check(unknown, inputs)).failures).toEqual([]);
        expect((await provider.check(wanted)).failures).toEqual([]);
    });

    it("when Pulumi has forgotten it, then the same network is taken back; one with other addresses is made anew", async () => {
        const { id, inputs } = await made(network());
        expect(await provider.create(inputs)).toMatchObject({ id, properties: { name: inputs["name"] } });
        await docker.getNetwork(id).remove();
        const Labels = { "io.switchyard.urn": inputs["__urn"] };
        const Config = [{ Subnet: publicSpace, Gateway: publicSpace.replace(/0\/24$/, "9") }];
        const other = await docker.createNetwork({ Name: inputs["name"], Labels, IPAM: { Driver: "default", Config } });
        const again = await provider.create(inputs);
        expect(again.id).not.toBe(other.id);
        expect(again.properties["name"]).toBe(inputs["name"]);
    });

    it("when somebody else has the name, then the next one is taken and told", async () => {
        const { inputs } = await provider.check(network());
        const foreign = await docker.createNetwork({ Name: inputs["name"], Internal: true });
        try {
            const { properties } = await provider.create(inputs);
            expect(properties["name"]).toBe(`${stack.name}-0-${name}-2`);
        } finally {
            await foreign.remove();
        }
    });

    it("when the space overlaps another network's, then the error names that", async () => {
        await made(network());
        const other = await provider.check(stack.inputs("publicNetwork", "second", { addressSpace: publicSpace }));
        await expect(provider.create(other.inputs)).rejects.toThrow(
            `addressSpace ${publicSpace} overlaps Docker network ${stack.name}-0-${name}-1 (${publicSpace}); ` +
                "choose another addressSpace or remove that network " +
                "(what is renamed is made before the old one goes, unless its old name is among its aliases)",
        );
    });

    it("given an existing network, then it is used with its own address space, and outlives the resource", async () => {
        const lan = await docker.createNetwork({
            Name: `${stack.name}-lan`,
            IPAM: { Driver: "default", Config: [{ Subnet: publicSpace }] },
        });
        try {
            const { id, inputs, properties } = await made(network({ existing: `${stack.name}-lan` }));
            expect(inputs).toMatchObject({ name: `${stack.name}-lan`, addressSpace: publicSpace });
            expect(id).toBe(lan.id);
            await provider.delete(id, properties);
            expect((await lan.inspect()).Name).toBe(`${stack.name}-lan`);
        } finally {
            await lan.remove();
        }
    });

    it("given an existing network that is not there, then a preview refuses it", async () => {
        const { failures } = await provider.check(network({ existing: `${stack.name}-missing` }));
        expect(failures).toEqual([
            expect.stringMatching(/^existing: there is no network .*-missing on unix:\S+; make it first, or give the/),
        ]);
    });
});

describe("PrivateNetwork", () => {
    const network = (properties: object = {}) =>
        stack.inputs("privateNetwork", name, {
            addressSpace: privateSpace,
            sortsAfter: `${stack.name}-0-public-1`,
            ...properties,
        });

    it("given the public network's name, then its own sorts after that", async () => {
        expect((await provider.check(network())).inputs["name"]).toBe(`${stack.name}-1-${name}-1`);
        expect((await provider.check(network({ sortsAfter: "zulu" }))).inputs["name"]).toBe(
            `zz-${stack.name}-1-${name}-1`,
        );
        expect((await provider.check(network({ sortsAfter: UNKNOWN }))).inputs["name"]).toBe(UNKNOWN);
    });

    it("when created, then its machines' default route is the gateway's address, and a refresh changes nothing", async () => {
        const { id, inputs, properties } = await made(network());
        const gateway = privateSpace.replace("0/24", "1");
        expect(inputs["gatewayAddress"]).toBe(gateway);
        const container = await docker.createContainer({
            Image: IMAGE,
            Cmd: ["sh", "-c", "cat /proc/net/route; exec sleep 60"],
            HostConfig: { NetworkMode: inputs["name"], Init: true },
        });
        await container.start();
        const { NetworkSettings } = await container.inspect();
        expect(NetworkSettings.Networks[inputs["name"]]!.Gateway).toBe(gateway);
        expect(await provider.read(id, properties)).toEqual({ id, properties, inputs });

        await expect(provider.delete(id, properties)).rejects.toThrow(
            /^network \S+-1-n\d+-1 is still used by \S+; remove or disconnect them and try again$/,
        );
        await container.remove({ force: true });
        await provider.delete(id, properties);
        expect((await provider.read(id, properties)).id).toBe("");
    });

    it("when it goes, then a runtime of this stack that no state knows goes with it", async () => {
        const { id, inputs, properties } = await made(network());
        const leaked = await docker.createContainer({
            Image: IMAGE,
            Cmd: ["sleep", "60"],
            Labels: { "io.switchyard.project": stack.project, "io.switchyard.stack": stack.name },
            HostConfig: { NetworkMode: inputs["name"], Init: true },
        });
        await leaked.start();
        await provider.delete(id, properties);
        await expect(leaked.inspect()).rejects.toMatchObject({ statusCode: 404 });
    });

    it("when it goes, then a machine that a killed run did not finish may end and goes, and one that is to stay runs on", async () => {
        const { id, inputs, properties } = await made(network());
        const machine = (alias: string, properties: object) =>
            stack.inputs("virtualMachine", alias, {
                alias,
                network: inputs["name"],
                gateway: `${stack.name}-no-gateway`,
                image: IMAGE,
                ...properties,
            });
        const retained = await made(machine("retained", { command: ["sleep", "600"] }));
        const volume = `${stack.name}-ending`;
        const killed = await ProviderProcess.start();
        const { inputs: unfinished } = await killed.check(
            machine("killed", {
                command: ["sh", "-c", "trap 'echo well > /end/how; exit 0' TERM; while :; do sleep 0.1; done"],
                disks: { "/end": { volume, readOnly: false } },
                healthCheck: {
                    command: ["false"],
                    intervalSeconds: 1,
                    timeoutSeconds: 1,
                    retries: 99,
                    startSeconds: 0,
                },
            }),
        );
        const making = killed.create(unfinished).catch(() => undefined);
        await expect.poll(() => statusOf(unfinished["name"]), { timeout: 30_000, interval: 50 }).toBe("running");
        await killed.stop();
        await making;
        const reader = await docker.createContainer({
            Image: IMAGE,
            Cmd: ["cat", "/end/how"],
            HostConfig: { Binds: [`${volume}:/end`] },
        });
        try {
            await provider.delete(id, properties);
            expect(await statusOf(unfinished["name"])).toBe("gone");
            await reader.start();
            await reader.wait();
            expect(String(await reader.logs({ stdout: true }))).toContain("well");
            const { State, NetworkSettings } = await docker.getContainer(retained.id).inspect();
            expect({ running: State.Running, networks: NetworkSettings.Networks }).toEqual({
                running: true,
                networks: {},
            });
            await docker.getContainer(retained.id).restart({ t: 0 });
            expect((await docker.getContainer(retained.id).inspect()).State.Running).toBe(true);
            expect(await notes()).toEqual([]);
        } finally {
            await reader.remove({ force: true });
            await docker.getContainer(retained.id).remove({ force: true });
            await docker.getVolume(volume).remove();
        }
    });

    const statusOf = (name: string) =>
        docker
            .getContainer(name)
            .inspect()
            .then(
                ({ State }) => State.Status,
                () => "gone",
            );
    const notes = async () => {
        const { Volumes } = await docker.listVolumes({ filters: { label: ["io.switchyard.unfinished"] } });
        return (Volumes ?? []).map(({ Name }) => Name).filter((volume) => volume.startsWith(stack.name));
    };

    it("when the public network changes, then it is replaced only if its name does not sort after the new one", async () => {
        const { inputs } = await provider.check(network());
        const { inputs: same } = await provider.check(network({ sortsAfter: `${stack.name}-0-public-2` }), inputs);
        expect(same["name"]).toBe(inputs["name"]);
        expect((await provider.diff("id", inputs, same)).replaces).toEqual([]);
        const { inputs: other } = await provider.check(network({ sortsAfter: "zulu" }), inputs);
        expect(other["name"]).toBe(`zz-${stack.name}-1-${name}-2`);
        expect((await provider.diff("id", inputs, other)).replaces).toEqual(["sortsAfter"]);
        expect(await provider.update("id", { ...inputs, networkId: "abc" }, same)).toEqual({
            ...same,
            networkId: "abc",
        });
    });

    it("when its address space changes, then the old one goes first", async () => {
        const { inputs } = await provider.check(network());
        const { inputs: changed } = await provider.check(network({ addressSpace: "10.99.0.0/24" }), inputs);
        expect(await provider.diff("id", inputs, changed)).toEqual({
            changes: 0,
            replaces: ["addressSpace", "gatewayAddress", "internalVirtualIp"],
            deleteBeforeReplace: true,
        });
    });
});

describe("RuntimeVolume", () => {
    const volume = () => stack.inputs("runtimeVolume", name, {});

    it("when created, read and deleted, then Docker has it, and has it no more", async () => {
        const { id, inputs, properties } = await made(volume());
        expect(id).toBe(`${stack.name}-${name}`);
        expect(await provider.read(id, properties)).toEqual({ id, properties, inputs });
        await provider.delete(id, properties);
        expect((await provider.read(id, properties)).id).toBe("");
    });

    it("when a killed run left it, then it is taken over; somebody else's is not", async () => {
        const { inputs } = await made(volume());
        await provider.create(inputs);
        await docker.getVolume(inputs["name"]).remove();
        await docker.createVolume({ Name: inputs["name"] });
        try {
            const { failures } = await provider.check(volume());
            expect(failures).toEqual([
                expect.stringMatching(/^volume .* was not made by Switchyard; give the resource/),
            ]);
            await expect(provider.create(inputs)).rejects.toThrow(/exists on unix:.* and was not made by Switchyard/);
        } finally {
            await docker.getVolume(inputs["name"]).remove();
        }
    });

    it("when it is replaced by itself, then it stays", async () => {
        const { id, inputs, properties } = await made(volume());
        await provider.create(inputs);
        await provider.delete(id, properties);
        expect((await provider.read(id, properties)).id).toBe(id);
        await docker.getVolume(id).remove();
    });

    it("when it goes, then a gateway that a killed run left on it goes first", async () => {
        const { id, inputs, properties } = await made(volume());
        const leaked = await docker.createContainer({
            Image: IMAGE,
            Labels: { "io.switchyard.project": stack.project, "io.switchyard.stack": stack.name },
            HostConfig: { Binds: [`${inputs["name"]}:/data`] },
        });
        await provider.delete(id, properties);
        await expect(docker.getVolume(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
        await expect(leaked.inspect()).rejects.toMatchObject({ statusCode: 404 });
    });

    it("when a container uses it, then the error names that", async () => {
        const { id, inputs, properties } = await made(volume());
        const user = await docker.createContainer({
            name: `${stack.name}-user`,
            Image: IMAGE,
            HostConfig: { Binds: [`${inputs["name"]}:/data`] },
        });
        try {
            await expect(provider.delete(id, properties)).rejects.toThrow(`is still used by ${stack.name}-user;`);
        } finally {
            await user.remove({ force: true });
        }
    });
});

describe("a Docker host that does not answer", () => {
    it("given no such socket, then the error names host and reason, and a preview still works", async () => {
        const inputs = stack.inputs("publicNetwork", "public", {
            existing: "lan",
            docker: { host: "unix:///nonexistent/docker.sock" },
        });
        const checked = await provider.check(inputs);
        expect(checked.failures).toEqual([]);
        const error: unknown = await provider.create(checked.inputs).catch((error: unknown) => error);
        expect(error).toBeInstanceOf(ProviderError);
        expect((error as Error).message).toMatch(
            /^cannot reach Docker at unix:\/\/\/nonexistent\/docker.sock: there is no such socket; start Docker there \(docker.host or DOCKER_HOST names the host\)$/,
        );
        await expect(provider.read("id", checked.inputs)).rejects.toThrow(/^cannot reach Docker/);
        expect(provider.output).not.toMatch(/^\s+at /m);
    });
});
