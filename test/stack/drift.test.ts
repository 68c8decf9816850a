import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { Project, rowsOf, Steps, stepsOf } from "./support/project";
import { ask, freePort } from "./support/traffic";

/** What somebody does by hand, to Docker's objects or to Pulumi's state, on one stack. */
describe("a stack, changed by hand", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    let shape: Record<string, unknown> & { port: number };

    beforeAll(async () => {
        images = new Images();
        project = new Project(inject("installation"), "drift");
        stack = await project.stack("drift");
        const machines = ["web1", "web2", "web3"];
        declare({ image: images.version("a"), machines, intervalSeconds: 0.5, port: await freePort() });
        await stack.up();
    });

    afterAll(() => {
        project.remove();
        images.remove();
    });

    function declare(changes: object): void {
        shape = { ...shape, ...changes };
        project.declare(stack, shape);
    }

    async function steps(operation: "preview" | "up", options: object = {}): Promise<Record<string, string>> {
        return rowsOf(await stepsOf(stack, operation, options));
    }

    const named = (name: string) => `${stack.name}-${name}`;
    const idOf = (name: string) => docker("inspect", "--format", "{{.Id}}", named(name));

    it("says what to do where an update finds something gone", async () => {
        docker("rm", "--force", named("web3-1"), named("service-gateway"));
        declare({ intervalSeconds: 0.6 });
        const { errors, onEvent } = new Steps();
        await expect(stack.up({ onEvent })).rejects.toThrow();
        expect(errors.map(({ message }) => message).join("\n")).toMatch(
            /gateway \S+ does not exist on unix:\S+; run pulumi up --refresh to make it again/,
        );
        await stack.up({ refresh: true });
        expect(await ask(shape.port)).toBe("a");
    });

    it("shows each drift as what it is, and returns to what is declared", async () => {
        docker("rename", named("web1-1"), named("other"));
        docker("update", "--memory=96m", "--memory-swap=96m", "--restart=no", named("other"));
        docker("network", "disconnect", named("1-service-private-1"), named("web2-1"));
        docker("stop", "--time=1", named("web3-1"));
        docker("pause", named("service-gateway"));
        docker("rm", "--force", named("dns-ns1"));
        docker("volume", "rm", named("dns-ns1-state"));
        const ids = ["web2-1", "web3-1", "service-gateway"].map(idOf);

        const shown = await steps("up", { refresh: true });
        expect(shown).toMatchObject({
            "VirtualMachine web1": "update name restart size.memory",
            "VirtualMachine web2": "update network",
            "VirtualMachine web3": "update state",
            "Gateway service-gateway": "update state",
            "RuntimeVolume dns-ns1-state": "create",
            "DnsServer dns-ns1": "create",
        });
        expect(["web2-1", "web3-1", "service-gateway"].map(idOf)).toEqual(ids);
        expect(docker("exec", named("service-gateway"), "switchyard-agent", "status")).toContain(named("web1-1"));
        expect(await ask(shape.port)).toBe("a");
        expect(await steps("preview", { refresh: true })).toEqual({});
    });

    it("given a state that was lost, then it takes back what is there, and the machines do not notice", async () => {
        const [container, network, volume] = Object.values(objectsOf(project.name, stack.name));
        const machines = container!.filter((name) => name.includes("-web"));
        const kept = [...machines.map((name) => `container ${name}`), ...network!.map((name) => `network ${name}`)];
        const ids = () => kept.map((object) => docker(...object.replace(" ", " inspect --format={{.Id}} ").split(" ")));
        const before = ids();
        const state = await stack.exportStack();
        await stack.importStack({ ...state, deployment: { ...state.deployment, resources: [] } });
        await stack.up();
        expect(ids()).toEqual(before);
        expect(Object.values(objectsOf(project.name, stack.name))).toEqual([container, network, volume]);
        expect(await ask(shape.port)).toBe("a");
        expect(await steps("preview", { refresh: true })).toEqual({});
    });

    it("adopts a container that somebody made, and removes it with the stack", async () => {
        const identity = ["--name", named("legacy"), "--label", `io.switchyard.project=${project.name}`];
        docker("run", "--detach", ...identity, "--env", "TOKEN=hush-hush", String(shape["image"]));
        const id = idOf("legacy");
        declare({ machines: ["web1", "web2", "web3", "web4"], adopt: { web4: named("legacy") } });
        expect(await steps("up")).toMatchObject({ "VirtualMachine web4": "create" });
        expect(idOf("web4-1")).toBe(id);
        const status = docker("exec", named("service-gateway"), "switchyard-agent", "status");
        expect(status).toContain(named("web4-1"));
        expect(await steps("preview")).toEqual({});
        declare({ adopt: {} });
        expect(await steps("preview")).toEqual({});
        await stack.destroy();
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
    });
});
