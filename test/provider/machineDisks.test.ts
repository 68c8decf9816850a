import { afterEach, describe, expect, it } from "vitest";
import { docker } from "./support/host";
import { failureOf, Machines, run } from "./support/machines";

const machines = new Machines();

const disk = () => `${machines.stack.name}-${machines.name}-disk`;

afterEach(async () => {
    for (const { Id } of await docker.listContainers({ all: true, filters: { volume: [disk()] } }))
        await docker.getContainer(Id).remove({ force: true });
    await docker
        .getVolume(disk())
        .remove()
        .catch(() => undefined);
});

describe("disks", () => {
    it("given a volume that is not there, then it is made, says for whom, and outlives its machine with its content", async () => {
        const { id, properties } = await machines.make({ disks: { "/data": disk() } });
        expect(properties["disks"]).toEqual({ "/data": { volume: disk(), readOnly: false } });
        await run(id, "sh", "-c", "echo kept > /data/file");
        expect((await docker.getVolume(disk()).inspect()).Labels).toMatchObject({
            ...machines.labels,
            "io.switchyard.urn": machines.stack.urn("VirtualMachine", machines.name),
        });
        await machines.provider.delete(id, properties);
        const next = await machines.make({ disks: { "/srv/data": disk() } });
        expect(await run(next.id, "cat", "/srv/data/file")).toBe("kept");
    });

    it("given a volume that somebody made, then it is used as it is", async () => {
        await docker.createVolume({ Name: disk(), Labels: { ...machines.labels, whose: "mine" } });
        const { id, properties } = await machines.make({ disks: { "/data": disk() } });
        expect((await docker.getVolume(disk()).inspect()).Labels).toEqual({ ...machines.labels, whose: "mine" });
        expect((await machines.provider.read(id, properties)).properties).toEqual(properties);
    });

    it("given one that it may only read, then writing fails, and elsewhere succeeds", async () => {
        const { id } = await machines.make({
            disks: { "/data": disk(), "/same": { volume: disk(), readOnly: true } },
        });
        expect(await run(id, "sh", "-c", "echo x > /same/file")).toMatch(/Read-only file system/);
        await run(id, "sh", "-c", "echo x > /data/file");
        expect(await run(id, "cat", "/same/file")).toBe("x");
    });
});

describe("user data", () => {
    it("given files, then the machine finds them when it starts, with owner, mode and folders", async () => {
        const { id, properties, inputs } = await machines.make({
            command: ["sh", "-c", "cat /etc/app/deep/a; trap 'exit 0' TERM; sleep 600 & wait"],
            userData: { "/etc/app/deep/a": "first\n", "/root/key": { content: "ключ", mode: "600" } },
        });
        const logs = await docker.getContainer(id).logs({ stdout: true });
        expect(logs.toString()).toContain("first");
        expect(await run(id, "stat", "-c", "%n %a %U:%G", "/etc/app", "/etc/app/deep/a", "/root/key", "/root")).toBe(
            [
                "/etc/app 755 root:root",
                "/etc/app/deep/a 644 root:root",
                "/root/key 600 root:root",
                "/root 700 root:root",
            ].join("\n"),
        );
        expect(await run(id, "cat", "/root/key")).toBe("ключ");
        expect(await machines.provider.read(id, properties)).toEqual({ id, properties, inputs });
    });

    it("given a path on a disk, then it is written there", async () => {
        const { id } = await machines.make({ disks: { "/data": disk() }, userData: { "/data/seed": "x" } });
        expect(await run(id, "cat", "/data/seed")).toBe("x");
    });

    it("when it cannot be written, then the error does not tell it, and no container stays", async () => {
        // Only the image's own files tell that there is no such folder.
        const inputs = await machines.check({ userData: { "/etc/passwd/seed": "hush-hush" } });
        const { message, partial } = await failureOf(machines.provider.create(inputs));
        expect(message).toMatch(/^Docker refused: .*not a directory/);
        expect(message).not.toContain("hush-hush");
        expect(partial).toBeUndefined();
        await expect(docker.getContainer(inputs["name"]).inspect()).rejects.toMatchObject({ statusCode: 404 });
    });

    it("when the machine prints it as it dies, then the error hides it", async () => {
        const inputs = await machines.check({
            command: ["sh", "-c", "cat /etc/app >&2; echo key is $(cut -d= -f2 /etc/app) >&2; exit 3"],
            restart: "no",
            userData: { "/etc/app": "key=hush-hush\n" },
        });
        const { message } = await failureOf(machines.provider.create(inputs));
        expect(message).toMatch(/exit code 3; its last lines:\n\[userData\["\/etc\/app"\]\]\nkey is \[userData/);
        expect(message).not.toContain("hush-hush");
    });
});
