import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { removeAll } from "./support/cleanUp";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { errorsOf, Project, stepsOf } from "./support/project";
import { ask, freePort, underLoad } from "./support/traffic";

/** A machine with a size, a disk, files and an address of its own, in a set with another one. */
describe("a machine", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    let shape: Record<string, unknown> & { port: number };
    let address: string;
    let db: string;
    const versions: Record<"a" | "b" | "c" | "web", string> = { a: "", b: "", c: "", web: "" };

    beforeAll(async () => {
        images = new Images();
        for (const version of ["a", "b", "c", "web"] as const) versions[version] = images.version(version);
        project = new Project(inject("installation"), "machine");
        stack = await project.stack("disk");
        const space = `10.${randomInt(192, 200)}.${randomInt(256)}`;
        address = `${space}.200`;
        db = `${stack.name}-db-1`;
        shape = {
            image: versions.a,
            webImage: versions.web,
            addressSpace: `${space}.0/24`,
            privateAddress: address,
            size: "ExtraSmall",
            token: "hush-hush",
            port: await freePort(),
        };
    });

    afterAll(() => removeAll(project, images));

    function declare(changes: Partial<typeof shape>): void {
        shape = { ...shape, ...changes };
        project.declare(stack, shape);
    }

    const inspect = (format: string) => docker("inspect", "--format", format, db);
    const addressOfDb = () => inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");

    it("is made with all of it, and its secret stays one", async () => {
        declare({});
        await stack.up();
        expect(["a", "web"]).toContain(await ask(shape.port));
        expect(addressOfDb()).toBe(address);
        expect(docker("exec", db, "cat", "/etc/token")).toBe("hush-hush");
        expect(docker("exec", db, "stat", "-c", "%a %U", "/etc/token")).toBe("600 root");
        docker("exec", db, "sh", "-c", "echo precious > /data/file");
        expect(readFileSync(project.stateOf(stack), "utf8").includes("hush-hush")).toBe(false);
        expect(await stepsOf(stack, "preview")).toEqual({});
    });

    it("shows another size as one change, and drift of it as well", async () => {
        declare({ size: { cpus: 0.5, memory: "256MiB" } });
        expect(await stepsOf(stack, "preview")).toEqual({
            "VirtualMachine db": { op: "update", changes: ["size"] },
        });
        await stack.up();
        docker("update", "--memory", "300m", "--memory-swap", "300m", db);
        expect(await stepsOf(stack, "up", { refresh: true })).toEqual({
            "VirtualMachine db": { op: "update", changes: ["size.memory"] },
        });
        expect(inspect("{{.HostConfig.Memory}}")).toBe(String(256 * 1024 ** 2));
    });

    it("shows a wrong address in the preview, at its property", async () => {
        declare({ privateAddress: "10.1.2.3" });
        expect((await errorsOf(stack, "preview")).join("\n")).toContain(
            `privateAddress: must be a host address of the cloud service's address space ${String(shape["addressSpace"])} (got "10.1.2.3")`,
        );
        declare({ privateAddress: address });
    });

    it("is replaced in its place, the old one first, while its set serves from the other", async () => {
        declare({ image: versions.b });
        expect(await stepsOf(stack, "preview")).toEqual({
            "VirtualMachine db": { op: "delete-replaced", changes: ["image"], replaces: ["image"] },
        });
        const order: string[] = [];
        const onEvent = ({ resourcePreEvent }: EngineEvent) => {
            const { op = "same", urn = "" } = resourcePreEvent?.metadata ?? {};
            if (op !== "same") order.push(`${op} ${urn.split("::").pop()}`);
        };
        const before = inspect("{{.Id}}");
        const { failures, answers } = await underLoad(shape.port, async () => {
            await stack.up({ onEvent });
            await answersWith("b");
        });
        expect(failures).toEqual([]);
        expect(Object.keys(answers).sort()).toEqual(["a", "b", "web"]);
        expect(order.indexOf("delete-replaced db")).toBeLessThan(order.indexOf("create-replacement db"));
        expect(order.filter((step) => !step.endsWith(" db"))).toEqual([]);
        expect(inspect("{{.Id}}")).not.toBe(before);
        expect(addressOfDb()).toBe(address);
        expect(docker("exec", db, "cat", "/data/file")).toBe("precious");
        expect(await stepsOf(stack, "preview")).toEqual({});
    });

    it("stays when the image of its successor cannot be had, and is replaced by the next good program", async () => {
        declare({ image: "localhost:1/no-such-image:1" });
        const { failures } = await underLoad(shape.port, () =>
            expect(stack.up()).rejects.toThrow(/could not be pulled/),
        );
        expect(failures).toEqual([]);
        await answersWith("b");
        declare({ image: versions.c });
        await stack.up();
        await answersWith("c");
        expect(docker("exec", db, "cat", "/data/file")).toBe("precious");
        expect(await stepsOf(stack, "preview")).toEqual({});
    });

    it("leaves its disk behind when all is destroyed", async () => {
        await stack.destroy();
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [`${stack.name}-data`] });
    });

    /** Until the machine is among those that answer: the set's probe decides when. */
    async function answersWith(version: string): Promise<void> {
        await expect.poll(() => ask(shape.port), { timeout: 60_000, interval: 20 }).toBe(version);
    }
});
