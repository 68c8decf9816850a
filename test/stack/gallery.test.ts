import type { Stack } from "@pulumi/pulumi/automation";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { docker, objectsOf } from "./support/docker";
import { Project, Steps } from "./support/project";
import { ask, freePort, underLoad } from "./support/traffic";

/** What a step changes, by resource; the preview of a step must say the same as its update. */
type Changes = Steps["byResource"];

const created = (...resources: string[]): Changes =>
    Object.fromEntries(resources.map((resource) => [resource, { op: "create", changes: [] }]));

describe("the portal's four steps, from gallery", () => {
    let project: Project;
    let stack: Stack;
    let port: number;

    beforeAll(async () => {
        project = new Project(inject("installation"), "examples/gallery");
        // As it is copied, the example looks for the settings of this repository.
        const compilerOptions = { target: "es2022", module: "nodenext", moduleResolution: "nodenext", strict: true };
        writeFileSync(path.join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
        stack = await project.stack("gallery");
        port = await freePort();
        await stack.setConfig("port", { value: String(port) });
    });
    afterAll(() => {
        project.remove();
        // Destroyed stacks leave none; of a failed one it may be left, unless others run it.
        const images = docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "switchyard-gallery-web");
        for (const image of images.split("\n").filter(Boolean)) {
            try {
                docker("image", "rm", image);
            } catch {
                // Somebody has a container of it, or was faster.
            }
        }
    });

    async function preview(): Promise<Changes> {
        const steps = new Steps();
        await stack.preview({ onEvent: steps.onEvent });
        return ours(steps);
    }

    async function up(): Promise<Changes> {
        const steps = new Steps();
        await stack.up({ onEvent: steps.onEvent });
        return ours(steps);
    }

    /** Pulumi hands the stack's settings to providers too, so each new `step` shows on the one that all share. */
    function ours({ byResource }: Steps): Changes {
        const { "pulumi-nodejs default": _provider, ...others } = byResource;
        return others;
    }

    /** Previews and makes a step while clients ask, and sees that no request fails and nothing is left to do. */
    async function take(step: number, changes: Changes): Promise<string[]> {
        await stack.setConfig("step", { value: String(step) });
        expect(await preview()).toEqual(changes);
        const { result, answers, failures } = await underLoad(port, up);
        expect(result).toEqual(changes);
        expect(failures).toEqual([]);
        expect(await preview()).toEqual({});
        return Object.keys(answers).sort();
    }

    it("1: create the first virtual machine", async () => {
        await stack.setConfig("step", { value: "1" });
        const changes = {
            ...created(`Stack ${project.name}-${stack.name}`, "CloudService contoso", "VirtualMachine web1"),
            ...created("PublicNetwork public", "PrivateNetwork contoso-private", "RuntimeImage contoso-image"),
            ...created("RuntimeVolume contoso-state", "Gateway contoso-gateway", "BalancerAgent contoso-agent"),
            ...created("GalleryImage gallery-web", "Endpoint web1-http", "LoadBalancer contoso"),
        };
        expect(await preview()).toEqual(changes);
        expect(await up()).toEqual(changes);
        expect(await preview()).toEqual({});
        expect(await ask(port)).toBe("web1");
    });

    it("2: create additional virtual machines in the same cloud service", async () => {
        const changes = created("VirtualMachine web2", "VirtualMachine web3");
        expect(await take(2, changes)).toEqual(["web1"]);
    });

    it("3: create a load-balanced set with the first virtual machine", async () => {
        const changes = {
            ...created("LoadBalancedSet http"),
            "LoadBalancer contoso": { op: "update", changes: ['endpoints["web1-http"]', "loadBalancedSets.http"] },
            "Endpoint web1-http": { op: "delete", changes: [] },
        };
        expect(await take(3, changes)).toEqual(["web1"]);
    });

    it("4: add virtual machines to the load-balanced set", async () => {
        const members = ["loadBalancedSets.http.members.web2", "loadBalancedSets.http.members.web3"];
        const changes = {
            "LoadBalancedSet http": { op: "update", changes: ["virtualMachines.web2", "virtualMachines.web3"] },
            "LoadBalancer contoso": { op: "update", changes: members },
        };
        await take(4, changes);
        const answers = await Promise.all(Array.from({ length: 60 }, () => ask(port)));
        expect([...new Set(answers)].sort()).toEqual(["web1", "web2", "web3"]);
    });

    it("and back: nothing stays behind", async () => {
        await stack.destroy();
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
    });
});
