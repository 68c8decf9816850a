import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { buildImage } from "../../provider/docker/build";
import { connect } from "../../provider/docker/host";
import { runtimeImageContext } from "../../provider/package";
import { Engine } from "../support/engine";
import { removeAll } from "./support/cleanUp";
import { Images } from "./support/images";
import { failuresOf, loaded, type LoadReport } from "./support/load";
import { errorsOf, Project, rowsOf, stepsOf } from "./support/project";

const PATIENCE = { timeout: 120_000, interval: 250 };
/** On a slow machine, from the moment that Docker ends containers; about ten seconds on a quiet one. */
const SERVES_WITHIN_MS = 60_000;

/** A Docker host that restarts, and with it all that it runs: nobody runs Pulumi, and service returns. */
describe("a Docker host that restarts", () => {
    let project: Project;
    let images: Images;
    let engine: Engine;
    let stack: Stack;
    let image: string;
    /** What the gateway's image is called, and by a name of the test's own. */
    let gatewayImage: { name: string; kept: string };

    const machines = ["web1", "web2", "web3"];

    beforeAll(async () => {
        images = new Images();
        image = images.version("a");
        const runtimes = [runtimeImageContext("dns"), runtimeImageContext("gateway")];
        const host = await connect(undefined);
        engine = await Engine.start({ diskSize: "1g", images: [image] });
        for (const runtime of runtimes) {
            const build = () => buildImage(host, runtime, { "io.switchyard.type": "RuntimeImage" }, () => undefined);
            const kept = await images.keep(runtime.name, build);
            engine.load(kept);
            engine.docker("tag", kept, runtime.name);
            gatewayImage = { name: runtime.name, kept };
        }
        engine.docker("run", "--detach", "--name", "guest", "--restart", "always", image);
        project = new Project(inject("installation"), "described");
        // Sorts behind Docker's own `bridge`, from which a guest has its default route then.
        stack = await project.stack("restarts");
        stack.workspace.envVars["DOCKER_HOST"] = engine.host;
        declare();
        await stack.up();
    });
    afterAll(() => removeAll(engine, project, images));

    function declare({ intervalSeconds = 0.5, environment = {} } = {}): void {
        const probe = { protocol: "http", path: "/healthz", intervalSeconds };
        const web = { service: "east", protocol: "tcp", privatePort: 8080, probe };
        const monitor = { protocol: "http", port: 8080, path: "/healthz", intervalSeconds: 1, timeoutSeconds: 1 };
        project.declare(stack, {
            services: { east: { publish: { address: engine.address, ports: ["8080:80"] } } },
            machines: {
                ...Object.fromEntries(machines.map((name) => [name, { service: "east", image, environment }])),
                spare: { service: "east", image, state: "stopped" },
            },
            guests: { guest: { service: "east", container: "guest" } },
            sets: { http: { ...web, publicPort: 80, members: [...machines, "guest"] } },
            policies: { www: { method: "RoundRobin", monitor, endpoints: { east: { address: engine.address } } } },
            dns: { domain: "trafficmanager.example", publish: { address: engine.address, port: 5300 } },
        });
    }

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
        const all = engine.docker("ps", "--format", "{{.Names}}").split("\n");
        const others = all.filter((name) => !names.includes(name));
        const holders = new Map(before.map((address, index) => [address, names[index]!]));
        // They get their addresses in this order.
        const lastFirst = before
            .toSorted()
            .reverse()
            .map((address) => holders.get(address)!);
        const report = await through(() => {
            engine.docker("stop", "--time", "1", ...all);
            engine.docker("start", ...lastFirst, ...others);
        }, machines);
        expectShort(report);
        expect(addressesOf(names)).not.toEqual(before);
    });

    it("then up --refresh has nothing to do but to give the guest its route, and it serves again", async () => {
        const made = rowsOf(await stepsOf(stack, "up", { refresh: true }));
        expect(made).toEqual({ "ContainerAttachment guest": "update defaultRoute" });
        await expect.poll(healthy, PATIENCE).toEqual(["guest", ...machines]);
    });

    it("given a full disk, then what serves goes on, errors say what to do, and with room again all is applied", async () => {
        const target = { address: engine.address, http: 8080 };
        const filler = engine.file("data/filler");
        expect(() => execFileSync("sh", ["-c", `cat /dev/zero > ${filler}`], { stdio: "ignore" })).toThrow();
        const { report: full } = await loaded(target, async () => {
            declare({ intervalSeconds: 0.6 });
            expect(await errorsOf(stack, "up")).toEqual([
                expect.stringMatching(
                    /^LoadBalancer east: gateway \S+ did not apply the configuration; revision \d+ still serves:\n.*no space left on device, write; make room on the Docker host and run pulumi up again$/,
                ),
            ]);
            declare({ intervalSeconds: 0.6, environment: { A: "b" } });
            expect((await errorsOf(stack, "up")).join("\n")).toMatch(
                /VirtualMachine web\d: Docker refused: .*no space left on device; make room on the Docker host/,
            );
        });
        expect(failuresOf(full)).toEqual([]);
        rmSync(filler);
        const { report } = await loaded(target, () => stack.up());
        expect(failuresOf(report)).toEqual([]);
        expect(healthy()).toEqual(["guest", ...machines]);
        expect(engine.docker("ps", "--format", "{{.Names}}").split("\n")).toHaveLength(6);
    });

    it("given that the gateway's image was removed, then a refresh shows that and nothing else", async () => {
        engine.docker("image", "rm", gatewayImage.name);
        const shown = rowsOf(await stepsOf(stack, "preview", { refresh: true }));
        expect(shown).toEqual({ "RuntimeImage east-image": "create" });
        engine.docker("tag", gatewayImage.kept, gatewayImage.name);
    });

    it.each(["SIGTERM", "SIGKILL"] as const)("given live-restore, then nobody notices a %s", async (signal) => {
        engine.configure({ "live-restore": true });
        await expect.poll(() => engine.docker("info", "--format", "{{.LiveRestoreEnabled}}"), PATIENCE).toBe("true");
        const report = await through(() => engine.restart(signal), ["guest", ...machines]);
        expect(failuresOf(report)).toEqual([]);
    });
});
