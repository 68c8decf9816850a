import { createSocket } from "node:dgram";
import { once } from "node:events";
import net from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GALLERY, type GalleryImageName } from "../../model/gallery";
import { UNKNOWN } from "../../model/schema/unknown";
import { docker, removeEverythingOf } from "./support/host";
import { ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

/** Other tests may use the same images at the same time: nothing here depends on who built one. */
const stack = new TestStack();
const network = `${stack.name}-1-east-private-1`;
const kept = `${stack.name}-kept:1`;
const images: Partial<Record<GalleryImageName, { id: string; properties: Properties }>> = {};
let provider: ProviderProcess;

beforeAll(async () => {
    provider = await ProviderProcess.start();
    await docker.createNetwork({
        Name: network,
        Labels: { "io.switchyard.project": stack.project, "io.switchyard.stack": stack.name },
        IPAM: { Driver: "default", Config: [{ Subnet: stack.addressSpaces.private }] },
    });
});
afterAll(async () => {
    await removeEverythingOf(stack);
    await docker
        .getImage(kept)
        .remove()
        .catch(() => undefined);
    for (const { id, properties } of Object.values(images)) await provider.delete(id, properties);
    await provider.stop();
});

function galleryImage(image: string): Properties {
    return stack.inputs("galleryImage", `gallery-${image}`, { image });
}

async function build(image: GalleryImageName): Promise<string> {
    const { inputs, failures } = await provider.check(galleryImage(image));
    expect(failures).toEqual([]);
    images[image] ??= await provider.create(inputs);
    return inputs["name"];
}

/** Makes a machine of the image and returns its container's id and address. */
async function machineOf(image: string, alias: string): Promise<{ id: string; address: string }> {
    const inputs = { alias, network, gateway: `${stack.name}-no-gateway`, image };
    const checked = await provider.check(stack.inputs("virtualMachine", alias, inputs));
    expect(checked.failures).toEqual([]);
    const { properties } = await provider.create(checked.inputs);
    return { id: properties["containerId"], address: properties["address"] };
}

async function overTcp(address: string, port: number, message: string): Promise<string> {
    const socket = net.connect({ host: address, port, timeout: 10_000 });
    socket.on("timeout", () => socket.destroy(new Error("no answer")));
    socket.end(message);
    return text(socket);
}

async function overUdp(address: string, port: number, message: string): Promise<string> {
    const socket = createSocket("udp4");
    try {
        socket.send(message, port, address);
        const [answer] = await once(socket, "message", { signal: AbortSignal.timeout(10_000) });
        return String(answer);
    } finally {
        socket.close();
    }
}

async function requested(address: string, path: string): Promise<string> {
    return (await fetch(`http://${address}${path}`, { signal: AbortSignal.timeout(10_000) })).text();
}

// The first to need an image builds it.
describe("an image of the gallery", { timeout: 300_000 }, () => {
    it("has a name that a preview knows, and that changes with the content only", async () => {
        for (const image of GALLERY) {
            const inputs = galleryImage(image);
            const { inputs: checked } = await provider.check(inputs);
            const name = expect.stringMatching(new RegExp(`^switchyard-gallery-${image}:[0-9a-f]{12}$`));
            expect(checked).toEqual({ ...inputs, name, __engine: expect.anything() });
            expect((await provider.check(inputs, checked)).inputs).toEqual(checked);
            const older = { ...checked, name: `switchyard-gallery-${image}:000000000000` };
            expect((await provider.diff(older.name, older, checked)).replaces).toEqual(["name"]);
            expect((await provider.read(older.name, older)).id).toBe("");
        }
        expect((await provider.check(galleryImage(UNKNOWN))).inputs["name"]).toBe(UNKNOWN);
        expect((await provider.check(galleryImage("windows"))).failures).toEqual([
            'image: must be one of "web", "echo", "debian" (got "windows")',
        ]);
    });

    it("web answers with its machine's name, and that it is healthy", async () => {
        const { address } = await machineOf(await build("web"), "web1");
        expect(await requested(address, "/")).toBe("web1\n");
        expect(await requested(address, "/healthz")).toBe("ok\n");
    });

    it("echo sends back what it receives, over tcp and udp", async () => {
        const { address } = await machineOf(await build("echo"), "echo1");
        const long = "0123456789".repeat(100_000);
        expect(await overTcp(address, 7, long)).toBe(long);
        expect(await overUdp(address, 7, "over udp")).toBe("over udp");
    });

    it.each(GALLERY)("%s stays up, and stops when it is told to", async (image) => {
        const { id } = await machineOf(await build(image), `steady-${image}`);
        const container = docker.getContainer(id);
        expect((await container.inspect()).State.Running).toBe(true);
        await container.stop({ t: 60 });
        // Killed, it would end with 137.
        expect([0, 143]).toContain((await container.inspect()).State.ExitCode);
    });

    it("is built again for a machine when it went with another stack", async () => {
        const name = await build("debian");
        // Under another name its layers stay, for others that run it, and for a quick build.
        const [repo, tag] = kept.split(":") as [string, string];
        await docker.getImage(name).tag({ repo, tag });
        await docker.getImage(name).remove();
        await machineOf(name, "late");
        expect((await docker.getImage(name).inspect()).Id).toBe((await docker.getImage(kept).inspect()).Id);
        await expect(machineOf("switchyard-gallery-debian:000000000000", "later")).rejects.toThrow(
            /^image switchyard-gallery-debian:000000000000 is gone from unix:\S+, and this version of pulumi-switchyard builds /,
        );
    });

    it("stays while a machine runs it, and goes with the last", async () => {
        const name = await build("echo");
        const users = () => docker.listContainers({ all: true, filters: { ancestor: [name] } });
        const { id, properties } = images.echo!;
        const machine = await machineOf(name, "echo2");
        await provider.delete(id, properties);
        expect((await provider.read(id, properties)).id).toBe(name);
        await docker.getContainer(machine.id).remove({ force: true });
        for (const { Id, Labels } of await users()) {
            if (Labels["io.switchyard.stack"] === stack.name) await docker.getContainer(Id).remove({ force: true });
        }
        await provider.delete(id, properties);
        const gone = (await provider.read(id, properties)).id === "";
        expect(gone || (await users()).length > 0).toBe(true);
    });
});
