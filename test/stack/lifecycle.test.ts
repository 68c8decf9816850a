import type { Stack } from "@pulumi/pulumi/automation";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { removeAll } from "./support/cleanUp";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { errorsOf, Project, stepsOf } from "./support/project";
import { ask, freePort, underLoad } from "./support/traffic";

/** The life of one service, step by step on one stack, while another stack of the same project lives beside it. */
describe("a stack", () => {
    let project: Project;
    let images: Images;
    let east: Stack;
    let west: Stack;
    let shape: Record<string, unknown> & { port: number };
    let neighbour: typeof shape;
    const versions: Record<"a" | "b" | "c" | "sick", string> = { a: "", b: "", c: "", sick: "" };

    beforeAll(async () => {
        images = new Images();
        for (const version of ["a", "b", "c"] as const) versions[version] = images.version(version);
        versions.sick = images.sick();
        project = new Project(inject("installation"), "service");
        const common = { token: "hush-hush", intervalSeconds: 0.5, waitSeconds: 60 };
        shape = { ...common, image: versions.a, machines: ["web1", "web2"], port: await freePort() };
        neighbour = { ...common, image: versions.b, machines: ["web1"], port: await freePort() };
        [east, west] = [await project.stack("east"), await project.stack("west")];
        project.declare(west, neighbour);
    });

    afterAll(() => removeAll(project, images));

    /** The program with these changes from now on. */
    function declare(changes: Partial<typeof shape>): void {
        shape = { ...shape, ...changes };
        project.declare(east, shape);
    }

    it("serves once it is up, beside another of the same project", async () => {
        declare({});
        const [{ outputs }] = await Promise.all([east.up(), west.up()]);
        expect(outputs.virtualIp!.value).toMatch(/^10\.(22[4-9]|23\d)\.\d+\.\d+$/);
        expect(await ask(shape.port)).toBe("a");
        expect(await ask(neighbour.port)).toBe("b");
        expect(objectsOf(project.name, east.name)).toEqual({
            container: [`${east.name}-service-gateway`, `${east.name}-web1-1`, `${east.name}-web2-1`],
            network: [`${east.name}-0-public-1`, `${east.name}-1-service-private-1`],
            volume: [`${east.name}-service-state`],
        });
    });

    it("keeps a secret out of its state", () => {
        const state = readFileSync(project.stateOf(east), "utf8");
        expect(state.includes(`${east.name}-web1-1`)).toBe(true);
        expect(state.includes("hush-hush")).toBe(false);
        expect(docker("exec", `${east.name}-web1-1`, "printenv", "TOKEN")).toBe("hush-hush");
    });

    it("shows nothing to do while the program is the same", async () => {
        expect(await stepsOf(east, "preview")).toEqual({});
    });

    it("shows one edit as one change, and makes it", async () => {
        declare({ intervalSeconds: 0.25 });
        const change = {
            "LoadBalancedSet http": { op: "update", changes: ["probe.intervalSeconds"] },
            "LoadBalancer service": { op: "update", changes: ["loadBalancedSets.http.probe.intervalSeconds"] },
        };
        expect(await stepsOf(east, "preview")).toEqual(change);
        expect(await stepsOf(east, "up")).toEqual(change);
    });

    it("goes on serving while the load balancer gets another name", async () => {
        declare({ balancer: "renamed" });
        const { result, failures } = await underLoad(shape.port, () => stepsOf(east, "up"));
        expect(result).toEqual({
            "LoadBalancer renamed": { op: "create", changes: [] },
            "LoadBalancer service": { op: "delete", changes: [] },
        });
        expect(failures).toEqual([]);
        expect(await ask(shape.port)).toBe("a");
    });

    it("replaces every machine under load without a failed request", async () => {
        declare({ image: versions.b });
        const { failures, answers } = await underLoad(shape.port, () => stepsOf(east, "up"));
        expect(failures).toEqual([]);
        expect(Object.keys(answers).sort()).toEqual(["a", "b"]);
        expect(await ask(shape.port)).toBe("b");
        expect(objectsOf(project.name, east.name).container).toEqual([
            `${east.name}-service-gateway`,
            `${east.name}-web1-2`,
            `${east.name}-web2-2`,
        ]);
    });

    it("keeps the old machines serving when the new ones never become healthy", async () => {
        declare({ image: versions.sick, waitSeconds: 3 });
        const { result, failures, answers } = await underLoad(shape.port, () => errorsOf(east, "up"));
        expect(result.join("\n")).toMatch(/^LoadBalancer renamed: .*web1 in set http.*503/s);
        expect(failures).toEqual([]);
        expect(Object.keys(answers)).toEqual(["b"]);
        expect(objectsOf(project.name, east.name).container).toEqual(
            expect.arrayContaining([`${east.name}-web1-2`, `${east.name}-web2-2`]),
        );
    });

    it("heals with the next good version, and keeps nothing of the bad one", async () => {
        declare({ image: versions.c, waitSeconds: 60 });
        const { failures } = await underLoad(shape.port, () => stepsOf(east, "up"));
        expect(failures).toEqual([]);
        expect(await ask(shape.port)).toBe("c");
        expect(objectsOf(project.name, east.name).container).toHaveLength(3);
        expect(await stepsOf(east, "preview")).toEqual({});
    });

    it("sees in a refresh that a container was removed, and makes it again", async () => {
        const victim = machineNamed("web2");
        docker("rm", "--force", victim);
        const { summary } = await east.refresh();
        expect(summary.resourceChanges).toMatchObject({ delete: 1 });
        expect(await stepsOf(east, "up")).toMatchObject({ "VirtualMachine web2": { op: "create" } });
        expect(machineNamed("web2")).not.toBe("");
        expect(await ask(shape.port)).toBe("c");
    });

    it("starts again a machine that was stopped, as a change of its state", async () => {
        const victim = machineNamed("web2");
        docker("stop", victim);
        const steps = await stepsOf(east, "up", { refresh: true });
        expect(steps["VirtualMachine web2"]).toEqual({ op: "update", changes: ["state"] });
        expect(docker("inspect", "--format", "{{.State.Status}}", victim)).toBe("running");
    });

    it("does not wait for a machine that is to be stopped, and serves from it again when it is not", async () => {
        declare({ stopped: ["web2"] });
        const { result, failures } = await underLoad(shape.port, () => stepsOf(east, "up"));
        const state = ["loadBalancedSets.http.members.web2.state"];
        const change = {
            "VirtualMachine web2": { op: "update", changes: ["state"] },
            "LoadBalancer renamed": { op: "update", changes: state },
        };
        expect(result).toEqual(change);
        expect(failures).toEqual([]);
        declare({ stopped: [] });
        expect(await stepsOf(east, "up")).toEqual(change);
        expect(await stepsOf(east, "preview")).toEqual({});
    });

    it("refuses to delete a machine that serves, when only the machine is targeted", async () => {
        declare({ image: versions.a });
        const victim = machineNamed("web1");
        const urn = `urn:pulumi:${east.name}::${project.name}::pulumi-nodejs:dynamic/switchyard:VirtualMachine::web1`;
        const { result, failures } = await underLoad(shape.port, () => errorsOf(east, "up", { target: [urn] }));
        expect(result).toEqual([
            expect.stringContaining(
                `VirtualMachine web1: web1 (${victim}) still serves in load-balanced set http; run a full pulumi up, without deleteBeforeReplace (`,
            ),
        ]);
        expect(failures).toEqual([]);
        await stepsOf(east, "up");
        expect(await ask(shape.port)).toBe("a");
        expect(objectsOf(project.name, east.name).container).toHaveLength(3);
    });

    it("leaves nothing behind when it is destroyed, and its neighbour alone", async () => {
        await east.destroy();
        expect(objectsOf(project.name, east.name)).toEqual({ container: [], network: [], volume: [] });
        expect(await ask(neighbour.port)).toBe("b");
        await west.destroy();
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
    });

    function machineNamed(name: string): string {
        return objectsOf(project.name, east.name).container.find((container) =>
            container.startsWith(`${east.name}-${name}-`),
        )!;
    }
});
