import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ask } from "../runtime/dns/client";
import { Engine, Sshd } from "../support/engine";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { errorsOf, Project, stepsOf } from "./support/project";
import { freePort } from "./support/traffic";

const WEST_PORT = 8080;

describe("a stack on two Docker hosts", () => {
    let images: Images;
    let engine: Engine;
    let sshd: Sshd;
    let project: Project;
    let stack: Stack;
    let image: string;
    let port: number;
    let dnsPort: number;

    beforeAll(async () => {
        project = new Project(inject("installation"), "hosts");
        images = new Images();
        image = images.version("one");
        [port, dnsPort, engine, stack] = await Promise.all([
            freePort(),
            freePort(),
            Engine.start({ images: [image] }),
            project.stack("hosts"),
        ]);
        sshd = await Sshd.start(engine);
    });
    afterAll(async () => {
        project?.remove();
        images?.remove();
        await sshd?.stop();
        await engine?.remove();
    });

    function declare(east: object, west?: object): void {
        const hosts = {
            east: { address: "127.0.0.1", port, ...east },
            ...(west && { west: { address: engine.address, port: WEST_PORT, ...west } }),
        };
        project.declare(stack, { image, dnsPort, hosts });
    }

    async function answersOfBoth(): Promise<string[]> {
        const hosts = [`127.0.0.1:${port}`, `${engine.address}:${WEST_PORT}`];
        return Promise.all(hosts.map(async (host) => (await (await fetch(`http://${host}/`)).text()).trim()));
    }

    const idsOnWest = () => engine.docker("ps", "--quiet", "--no-trunc").split("\n").sort();

    it("given a cloud service more on another host, then both serve, and one policy answers with both", async () => {
        declare({});
        await stack.up();
        const { container } = objectsOf(project.name);
        const runtimes = container.map((name) => docker("inspect", "--format", "{{.Config.Image}}", name));
        for (const runtime of new Set(runtimes)) if (runtime !== image) engine.load(runtime);

        declare({}, { docker: { host: engine.tcp, certPath: engine.certificates } });
        await stack.up();
        expect(await stepsOf(stack, "preview")).toEqual({});
        expect(await answersOfBoth()).toEqual(["one", "one"]);
        const replies = await Promise.all(
            Array.from({ length: 30 }, () => ask(dnsPort, "contoso.trafficmanager.example")),
        );
        expect(new Set(replies.map(({ data }) => data[0]))).toEqual(
            new Set(["east.cloudapp.example", "west.cloudapp.example"]),
        );
    });

    it("given a shell in which DOCKER_HOST leads elsewhere, then refresh and destroy refuse to forget", async () => {
        const before = objectsOf(project.name);
        stack.workspace.envVars["DOCKER_HOST"] = engine.host;
        await expect(stack.refresh()).rejects.toThrow(/is another engine \(on \S+\) than the one on \S+ that has this/);
        await expect(stack.destroy()).rejects.toThrow(/is another engine/);
        delete stack.workspace.envVars["DOCKER_HOST"];
        expect(objectsOf(project.name)).toEqual(before);
        expect(await answersOfBoth()).toEqual(["one", "one"]);
    });

    it("given other ways to the same hosts, then all is updated in place, and nothing on the hosts changes", async () => {
        await stack.up();
        const before = [docker("ps", "--quiet"), idsOnWest()];
        declare(
            { docker: { host: "unix:///var/run/docker.sock" } },
            { docker: { host: sshd.host, sshOpts: sshd.options() } },
        );
        const preview = await stepsOf(stack, "preview");
        expect(new Set(Object.values(preview).map(({ op }) => op))).toEqual(new Set(["update"]));
        expect(preview["VirtualMachine web-west"]!.changes).toEqual(
            expect.arrayContaining(["docker.host", "docker.certPath"]),
        );
        expect(await stepsOf(stack, "up")).toEqual(preview);
        expect(await stepsOf(stack, "preview")).toEqual({});
        expect(idsOnWest()).toEqual(before[1]);
        expect(await answersOfBoth()).toEqual(["one", "one"]);
    });

    it("given a host that is gone for good, then it can be forgotten, and the rest is destroyed", async () => {
        const id = engine.id;
        await engine.stop();
        expect((await errorsOf(stack, "destroy")).join("\n")).toContain("cannot reach Docker at ssh:");
        stack.workspace.envVars["SWITCHYARD_LOST_ENGINE"] = id;
        await stack.destroy();
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
    });
});
