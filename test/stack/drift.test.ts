import type { Stack } from "@pulumi/pulumi/automation";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import * as v1 from "../../provider/v1";
import { removeAll } from "./support/cleanUp";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { environmentOf, Project, rowsOf, Steps, stepsOf } from "./support/project";
import { failuresOf, loaded } from "./support/load";
import { ask, freePort } from "./support/traffic";

/** What somebody does by hand, to Docker's objects or to Pulumi's state, on one stack. */
describe("a stack, changed by hand", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    /** A container made elsewhere. */
    let guest: string;
    let shape: Record<string, unknown> & { port: number };

    beforeAll(async () => {
        images = new Images();
        project = new Project(inject("installation"), "drift");
        stack = await project.stack("drift");
        const machines = ["web1", "web2", "web3"];
        const image = images.version("a");
        guest = `${project.name}-guest`;
        docker("run", "--detach", "--name", guest, "--label", `io.switchyard.project=${project.name}`, image);
        declare({ image, machines, guest, intervalSeconds: 0.5, port: await freePort() });
        await stack.up();
    });

    afterAll(() => removeAll(project, images));

    function declare(changes: object): void {
        shape = { ...shape, ...changes };
        project.declare(stack, shape);
    }

    async function steps(operation: "preview" | "up", options: object = {}): Promise<Record<string, string>> {
        return rowsOf(await stepsOf(stack, operation, options));
    }

    /** Clients of the service and of the name server while something happens. */
    function underLoad<T>(action: () => Promise<T>) {
        const networks = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        const dns = {
            name: "www.trafficmanager.example",
            servers: [docker("inspect", "--format", networks, named("dns-ns1"))],
        };
        return loaded({ http: shape.port, dns }, action);
    }

    /** The package's command, for this stack. */
    function switchyard(...args: string[]): string {
        const command = path.join(inject("installation"), "node_modules/pulumi-switchyard/dist/cli/main.js");
        return execFileSync(process.execPath, [command, ...args, "--stack", stack.name], {
            encoding: "utf8",
            stdio: "pipe",
        });
    }

    async function resources(): Promise<{ urn: string; type: string }[]> {
        const { deployment } = await stack.exportStack();
        return (deployment as { resources: { urn: string; type: string }[] }).resources;
    }

    const named = (name: string) => `${stack.name}-${name}`;
    const idOf = (name: string) => docker("inspect", "--format", "{{.Id}}", named(name));

    it("says what to do where an update finds something gone", async () => {
        docker("rm", "--force", named("web3-1"), named("service-gateway"));
        declare({ intervalSeconds: 0.6, address: "192.0.2.2" });
        const { errors, onEvent } = new Steps();
        await expect(stack.up({ onEvent })).rejects.toThrow();
        expect(errors.map(({ message }) => message).join("\n")).toMatch(
            /gateway \S+ does not exist on unix:\S+; run pulumi up --refresh to make it again/,
        );
        await stack.up({ refresh: true });
        expect(await ask(shape.port)).toBe("a");
    });

    it("shows what was done within gateway, DNS server and guest, but what the agent heals at once", async () => {
        const gateway = named("service-gateway");
        const { report: flushed } = await underLoad(async () => {
            docker("exec", gateway, "nft", "delete", "table", "ip", "switchyard");
            await expect.poll(() => ask(shape.port), { timeout: 10_000, interval: 50 }).toBe("a");
        });
        for (const { longestGapMs } of Object.values(flushed)) expect(longestGapMs).toBeLessThan(10_000);

        const [{ revisions }] = JSON.parse(switchyard("revisions", "--json")) as [{ revisions: { hash: string }[] }];
        switchyard("rollback", revisions[1]!.hash);
        const removed = "rm /var/lib/switchyard/agent/*.js; kill $(cut -d' ' -f1 /run/switchyard/agent)";
        docker("exec", gateway, "sh", "-c", removed);
        docker("restart", "--time=1", guest);

        const { result, report } = await underLoad(() => steps("up", { refresh: true }));
        expect(result).toEqual({
            "BalancerAgent service-agent": "update bundle",
            "ContainerAttachment guest": "update defaultRoute",
            "DnsConfiguration dns-ns1-configuration": "update policies.www.endpoints.a.address",
        });
        expect(failuresOf(report)).toEqual([]);
    });

    it("given that the networks were removed, then it puts back on new ones who was on them", async () => {
        const { network } = objectsOf(project.name, stack.name);
        docker("network", "disconnect", named("1-service-private-1"), guest);
        docker("stop", "--time=1", ...["web1-1", "web2-1", "service-gateway", "dns-ns1"].map(named));
        docker("rm", "--force", named("web3-1"));
        docker("network", "rm", ...network);
        const machines = ["web1-1", "web2-1"].map(idOf);

        expect(await steps("up", { refresh: true })).toEqual({
            "PublicNetwork public": "create",
            "PrivateNetwork service-private": "create",
            "Gateway service-gateway": "delete-replaced privateNetwork publicNetwork state",
            "DnsServer dns-ns1": "delete-replaced publicNetwork state",
            "VirtualMachine web1": "update network state",
            "VirtualMachine web2": "update network state",
            "VirtualMachine web3": "create",
            "ContainerAttachment guest": "update attached",
        });
        expect(["web1-1", "web2-1"].map(idOf)).toEqual(machines);
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
        expect(shown).toEqual({
            "VirtualMachine web1": "update name restart size.memory",
            "VirtualMachine web2": "update network",
            "VirtualMachine web3": "update state",
            "Gateway service-gateway": "update state",
            "RuntimeVolume dns-ns1-state": "create",
            "DnsServer dns-ns1": "create",
            "DnsAgent dns-ns1-agent": "create",
            "DnsConfiguration dns-ns1-configuration": "create",
        });
        expect(["web2-1", "web3-1", "service-gateway"].map(idOf)).toEqual(ids);
        expect(docker("exec", named("service-gateway"), "switchyard-agent", "status")).toContain(named("web1-1"));
        expect(await ask(shape.port)).toBe("a");
        expect(await steps("preview", { refresh: true })).toEqual({});
    });

    /** Machines, gateway, name server and networks are the same as before, and nobody noticed. */
    async function takesAllBack(): Promise<void> {
        const { container, network, volume } = objectsOf(project.name, stack.name);
        const ids = () => docker("inspect", "--format", "{{.Id}}", ...container, ...network);
        const before = ids();
        const { report } = await underLoad(() => stack.up());
        expect(failuresOf(report)).toEqual([]);
        expect(ids()).toEqual(before);
        expect(objectsOf(project.name, stack.name)).toEqual({ container, network, volume });
        expect(await steps("preview", { refresh: true })).toEqual({});
    }

    it("given resources that Pulumi was told to forget, with all that follow from them, then it takes them back", async () => {
        for (const suffix of ["RuntimeVolume::dns-ns1-state", "VirtualMachine::web1"]) {
            const { urn } = (await resources()).find(({ urn }) => urn.endsWith(suffix))!;
            const options = ["--target-dependents", "--yes", "--stack", stack.name];
            const env = { ...process.env, ...environmentOf(project) };
            execFileSync("pulumi", ["state", "delete", urn, ...options], { cwd: project.folder, env, stdio: "pipe" });
        }
        await takesAllBack();
    });

    it("given a state that was lost, with a resource of each type, then it takes back what is there", async () => {
        const types = new Set((await resources()).map(({ type }) => type.split(":").pop()!));
        const all = Object.keys(v1).map((key) => key[0]!.toUpperCase() + key.slice(1));
        expect(all.filter((type) => !types.has(type))).toEqual([]);
        const state = await stack.exportStack();
        await stack.importStack({ ...state, deployment: { ...state.deployment, resources: [] } });
        await takesAllBack();
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
        expect(objectsOf(project.name)).toEqual({ container: [guest], network: [], volume: [] });
    });
});
