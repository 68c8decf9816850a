import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { buildImage } from "../../provider/docker/build";
import { connect } from "../../provider/docker/host";
import { runtimeImageContext } from "../../provider/package";
import { Engine } from "../support/engine";
import { Images } from "./support/images";
import { failuresOf, loaded, type LoadReport } from "./support/load";
import { Project, Steps } from "./support/project";

const PATIENCE = { timeout: 120_000, interval: 250 };
/** On a slow machine, from the moment that Docker ends containers; about ten seconds on a quiet one. */
const SERVES_WITHIN_MS = 60_000;

/** A Docker host that restarts, and with it all that it runs: nobody runs Pulumi, and service returns. */
describe("a Docker host that restarts", () => {
    let project: Project;
    let images: Images;
    let engine: Engine;
    let stack: Stack;

    const machines = ["web1", "web2", "web3"];

    beforeAll(async () => {
        images = new Images();
        const image = images.version("a");
        const runtimes = [runtimeImageContext("gateway"), runtimeImageContext("dns")];
        const host = await connect(undefined);
        engine = await Engine.start({ images: [image] });
        for (const runtime of runtimes) {
            const build = () => buildImage(host, runtime, { "io.switchyard.type": "RuntimeImage" }, () => undefined);
            const kept = await images.keep(runtime.name, build);
            engine.load(kept);
            engine.docker("tag", kept, runtime.name);
        }
        engine.docker("run", "--detach", "--name", "guest", "--restart", "always", image);
        project = new Project(inject("installation"), "described");
        // Sorts behind Docker's own `bridge`, from which a guest has its default route then.
        stack = await project.stack("restarts");
        stack.workspace.envVars["DOCKER_HOST"] = engine.host;
        const probe = { protocol: "http", path: "/healthz", intervalSeconds: 0.5 };
        const web = { service: "east", protocol: "tcp", privatePort: 8080, probe };
        const monitor = { protocol: "http", port: 8080, path: "/healthz", intervalSeconds: 1, timeoutSeconds: 1 };
        project.declare(stack, {
            services: { east: { publish: { address: engine.address, ports: ["8080:80"] } } },
            machines: {
                ...Object.fromEntries(machines.map((name) => [name, { service: "east", image }])),
                spare: { service: "east", image, state: "stopped" },
            },
            guests: { guest: { service: "east", container: "guest" } },
            sets: { http: { ...web, publicPort: 80, members: [...machines, "guest"] } },
            policies: { www: { method: "RoundRobin", monitor, endpoints: { east: { address: engine.address } } } },
            dns: { domain: "trafficmanager.example", publish: { address: engine.address, port: 5300 } },
        });
        await stack.up();
    });
    afterAll(async () => {
        await engine?.remove();
        project?.remove();
        images?.remove();
    });

    const container = (name: string) => `${stack.name}-${name}`;
    const inspected = (name: string, format: string) => engine.docker("inspect", "--format", format, name);
    const addressesOf = (names: string[]) =>
        names.map((name) => inspected(name, "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"));

    /** Members that are healthy by what the agent says; none while it says nothing. */
    function healthy(): string[] {
        try {
            const status = engine.docker("exec", container("east-gateway"), "switchyard-agent", "status");
            return status.split("\n").flatMap((line) => /set http +(\S+) .* healthy,/.exec(line)?.[1] ?? []);
        } catch {
            return [];
        }
    }

    /** Sends requests and asks for names while something happens, until all members are healthy again. */
    async function through(action: () => Promise<void> | void, members: string[]): Promise<LoadReport> {
        const dns = { name: "www.trafficmanager.example", servers: [`${engine.address}:5300`] };
        const { report } = await loaded({ address: engine.address, http: 8080, dns }, async () => {
            await action();
            await expect.poll(healthy, PATIENCE).toEqual(members);
        });
        return report;
    }

    function expectShort(report: LoadReport): void {
        for (const { longestGapMs } of Object.values(report)) expect(longestGapMs).toBeLessThan(SERVES_WITHIN_MS);
        expect(inspected(container("spare-1"), "{{.State.Running}}")).toBe("false");
    }

    it("given that dockerd ends in order, then all is back, but a guest whose default route Docker gave anew", async () => {
        expect(healthy()).toEqual(["guest", ...machines]);
        expectShort(await through(() => engine.restart(), machines));
    });

    it("given that dockerd is killed, then all is back too", async () => {
        expectShort(await through(() => engine.restart("SIGKILL"), machines));
    });

    it("given that all containers restart in another order, then they are followed to their new addresses", async () => {
        const names = machines.map((name) => container(`${name}-1`));
        const before = addressesOf(names);
        const all = engine.docker("ps", "--format", "{{.Names}}").split("\n").sort();
        const report = await through(() => {
            engine.docker("stop", "--time", "1", ...all);
            engine.docker("start", ...all.reverse());
        }, machines);
        expectShort(report);
        expect(addressesOf(names)).not.toEqual(before);
    });

    it("then up --refresh has nothing to do but to give the guest its route, and it serves again", async () => {
        const { byResource, onEvent } = new Steps();
        await stack.up({ refresh: true, onEvent });
        expect(byResource).toEqual({ "ContainerAttachment guest": { op: "update", changes: ["defaultRoute"] } });
        await expect.poll(healthy, PATIENCE).toEqual(["guest", ...machines]);
    });

    it.each(["SIGTERM", "SIGKILL"] as const)("given live-restore, then nobody notices a %s", async (signal) => {
        engine.configure({ "live-restore": true });
        await expect.poll(() => engine.docker("info", "--format", "{{.LiveRestoreEnabled}}"), PATIENCE).toBe("true");
        const report = await through(() => engine.restart(signal), ["guest", ...machines]);
        expect(failuresOf(report)).toEqual([]);
    });
});
