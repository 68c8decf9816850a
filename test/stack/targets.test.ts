import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { removeAll } from "./support/cleanUp";
import { objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { Project, rowsOf, Steps } from "./support/project";
import { freePort, underLoad } from "./support/traffic";

/** Updates of a part of one stack that serves. */
describe("a stack of which Pulumi is told a part", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    let shape: Record<string, unknown> & { port: number };

    beforeAll(async () => {
        images = new Images();
        project = new Project(inject("installation"), "drift");
        stack = await project.stack("part");
        const machines = ["web1", "web2"];
        declare({ image: images.version("a"), machines, intervalSeconds: 0.5, port: await freePort() });
        await stack.up();
    });

    afterAll(() => removeAll(project, images));

    function declare(changes: object): void {
        shape = { ...shape, ...changes };
        project.declare(stack, shape);
    }

    /** What an operation does; all requests meanwhile are answered. */
    async function steps(operation: "preview" | "up", options: object = {}): Promise<Record<string, string>> {
        const { byResource, onEvent, errors } = new Steps();
        const { failures } = await underLoad<unknown>(shape.port, () => stack[operation]({ onEvent, ...options }));
        expect({ failures, errors }).toEqual({ failures: [], errors: [] });
        return rowsOf(byResource);
    }

    async function errorsOf(options: object): Promise<string> {
        const { errors, onEvent } = new Steps();
        const { failures } = await underLoad(shape.port, () =>
            expect(stack.up({ onEvent, ...options })).rejects.toThrow(),
        );
        expect(failures).toEqual([]);
        return errors.map(({ on, message }) => `${on}: ${message}`).join("\n");
    }

    const resources = async () => {
        const { deployment } = await stack.exportStack();
        return (deployment as { resources: { urn: string; type: string }[] }).resources;
    };
    const urnOf = async (type: string, name: string) =>
        (await resources()).find(({ urn }) => urn.endsWith(`switchyard:${type}::${name}`))!.urn;
    const containers = () => objectsOf(project.name).container.filter((name) => name.includes("-web"));
    const named = (...names: string[]) => names.map((name) => `${stack.name}-${name}`);
    const replaced = "create-replacement image name";

    it("given a machine alone, then both are there until the load balancer had its turn", async () => {
        const target = [await urnOf("VirtualMachine", "web1")];
        declare({ image: images.version("b") });
        expect(await errorsOf({ target })).toMatch(
            /web1-1\) still serves in load-balanced set http; run a full pulumi up/,
        );
        expect(containers()).toEqual(named("web1-1", "web1-2", "web2-1"));
        expect(await steps("up", { target: [await urnOf("LoadBalancer", "service")] })).toEqual({
            "LoadBalancer service": "update loadBalancedSets.http.members.web1.container",
        });
        expect(await steps("up", { target })).toEqual({ "VirtualMachine web1": "delete-replaced" });
        expect(containers()).toEqual(named("web1-2", "web2-1"));
    });

    it("given a machine with its dependents, then it is replaced whole, and the other stays", async () => {
        const target = [await urnOf("VirtualMachine", "web1")];
        declare({ image: images.version("c") });
        expect(await steps("up", { target, targetDependents: true })).toEqual({
            "VirtualMachine web1": replaced,
            "LoadBalancedSet http": "update virtualMachines.web1.container",
            "LoadBalancer service": "update loadBalancedSets.http.members.web1.container",
        });
        expect(containers()).toEqual(named("web1-3", "web2-1"));
        await steps("up");
        expect(await steps("preview")).toEqual({});
    });

    it("given targets between failures, then nothing that serves goes, and the next good program heals", async () => {
        const target = [await urnOf("VirtualMachine", "web1")];
        const before = shape["image"];
        declare({ image: images.sick(), waitSeconds: 2 });
        expect(await errorsOf({})).toMatch(/web1 in set http did not become healthy within 2 s: 503/);
        expect(await errorsOf({ target })).toMatch(/web1-3\) still serves/);
        declare({ image: before });
        expect(await errorsOf({ target })).toMatch(/web1-3\) still serves/);
        await steps("up");
        expect(containers()).toHaveLength(2);
        expect(await steps("preview")).toEqual({});
        await stack.destroy();
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
    });
});
