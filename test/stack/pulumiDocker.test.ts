import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { randomInt } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { Project, stepsOf } from "./support/project";
import { removeMadeByPlugin, usePulumiDocker } from "./support/pulumiDocker";
import { ask, freePorts, underLoad } from "./support/traffic";

/** The real package and the real engine; of the package's plugin a stand-in (see its head). */
describe("a program with @pulumi/docker", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    let shape: { port: number; vips: string; host: string; api: string; legacy: Record<string, string> };

    beforeAll(async () => {
        images = new Images();
        project = new Project(inject("installation"), "pulumi-docker");
        usePulumiDocker(project);
        stack = await project.stack("docker");
        build("web-1");
        declare({
            port: await freePorts(3),
            vips: `10.${randomInt(200, 208)}.${randomInt(256)}.0/24`,
            host: "unix:///var/run/docker.sock",
            api: pullable("api-1"),
            legacy: { "goes-first": images.version("first-1"), "goes-last": images.version("last-1") },
        });
    });

    afterAll(() => {
        project.remove();
        removeMadeByPlugin(project);
        images.remove();
    });

    /** What docker.Image builds from now on. */
    function build(version: string): void {
        const folder = path.join(project.folder, "web");
        mkdirSync(folder, { recursive: true });
        writeFileSync(path.join(folder, "Dockerfile"), `FROM ${images.version(version)}\n`);
    }

    /** An image that nothing but its docker.RemoteImage holds. */
    function pullable(version: string): string {
        const name = `${project.name}:${version}`;
        const folder = path.join(project.folder, version);
        mkdirSync(folder);
        writeFileSync(path.join(folder, "Dockerfile"), `FROM ${images.version(version)}\n`);
        docker("build", "--quiet", "--label", `switchyard-test=${project.name}`, "--tag", name, folder);
        return name;
    }

    function declare(changes: Partial<typeof shape>): void {
        shape = { ...shape, ...changes };
        project.declare(stack, shape);
    }

    /** `op name` of each step that does something, in order. */
    async function orderOf(operation: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<string[]> {
        const order: string[] = [];
        await operation(({ resourcePreEvent }) => {
            const { op = "same", urn = "" } = resourcePreEvent?.metadata ?? {};
            const [, , types, name] = urn.split("::");
            if (op !== "same") order.push(`${op} ${types!.split(":").pop()} ${name}`);
        });
        return order;
    }

    const ofWeb = (format: string) => docker("inspect", "--format", format, `${stack.name}-web1-1`);

    it("brings images, a volume, a network, containers and a host", async () => {
        await stack.up();
        const [web, api, legacy] = await Promise.all([0, 1, 2].map((offset) => ask(shape.port + offset)));
        expect([web, api]).toEqual(["web-1", "api-1"]);
        expect(legacy).toMatch(/^(first|last)-1$/);
        expect(ofWeb("{{range .Mounts}}{{.Name}} {{.Destination}}{{end}}")).toBe(`${stack.name}-volume /data`);
        docker("exec", `${stack.name}-web1-1`, "sh", "-c", "echo precious > /data/file");
        expect(await stepsOf(stack, "preview")).toEqual({});
    });

    it("replaces its machines beside each other when images change", async () => {
        build("web-2");
        declare({ api: pullable("api-2") });
        const planned = await stepsOf(stack, "preview");
        expect(planned).toMatchObject({
            "Image web": { op: "update", changes: ["build"] },
            "RemoteImage api": { op: "create-replacement", changes: ["name"] },
            "VirtualMachine web1": { op: "create-replacement", replaces: ["image"] },
            "VirtualMachine web2": { op: "create-replacement", replaces: ["image"] },
            "VirtualMachine api": { op: "create-replacement", replaces: ["image"] },
        });
        const { failures, answers } = await underLoad(shape.port, () => stack.up());
        expect(failures).toEqual([]);
        expect(Object.keys(answers).sort()).toEqual(["web-1", "web-2"]);
        expect(await ask(shape.port)).toBe("web-2");
        expect(await ask(shape.port + 1)).toBe("api-2");
        expect(docker("exec", `${stack.name}-web1-2`, "cat", "/data/file")).toBe("precious");
        // Without keepLocally: no machine uses it any more when the plugin removes it.
        expect(docker("image", "ls", "--quiet", `${project.name}:api-1`)).toBe("");
        expect(await stepsOf(stack, "preview")).toEqual({});
    });

    it("keeps serving from attached containers while the plugin replaces them", async () => {
        declare({ legacy: { "goes-first": images.version("first-2"), "goes-last": images.version("last-2") } });
        const { result, failures, answers } = await underLoad(shape.port + 2, () =>
            orderOf((onEvent) => stack.up({ onEvent })),
        );
        expect(failures).toEqual([]);
        expect(answers["first-2"] ?? answers["last-2"]).toBeGreaterThan(0);
        const before = (one: string, other: string) => {
            expect(result).toContain(one);
            expect(result.indexOf(one)).toBeLessThan(result.indexOf(other));
        };
        before("delete-replaced ContainerAttachment goes-first", "delete-replaced Container goes-first");
        before("delete-replaced Container goes-first", "create-replacement Container goes-first");
        before("create-replacement Container goes-last", "update LoadBalancer service");
        before("update LoadBalancer service", "delete-replaced ContainerAttachment goes-last");
        before("delete-replaced ContainerAttachment goes-last", "delete-replaced Container goes-last");
        await expect
            .poll(async () => new Set(await Promise.all(Array.from({ length: 20 }, () => ask(shape.port + 2)))), {
                timeout: 30_000,
            })
            .toEqual(new Set(["first-2", "last-2"]));
        expect(await stepsOf(stack, "preview")).toEqual({});
    });

    it("destroys machines before what they use", async () => {
        const order = await orderOf((onEvent) => stack.destroy({ onEvent }));
        const at = (step: string) => {
            expect(order).toContain(step);
            return order.indexOf(step);
        };
        const machines = ["web1", "web2", "api"].map((name) => at(`delete VirtualMachine ${name}`));
        for (const used of ["Volume data", "Image web", "RemoteImage api", "Network vips"])
            expect(at(`delete ${used}`)).toBeGreaterThan(
                Math.max(...(used.endsWith("api") ? [machines[2]!] : machines.slice(0, 2))),
            );
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
        expect(docker("volume", "ls", "--quiet", "--filter", `label=switchyard-test=${project.name}`)).toBe("");
    });
});
