import type { Stack } from "@pulumi/pulumi/automation";
import { randomInt } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { removeAll } from "./support/cleanUp";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { Project, Steps } from "./support/project";
import { ask, freePort, underLoad } from "./support/traffic";

/** Changes that cannot work, one after the other, while one good version serves. */
describe("a bad change", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    let shape: Record<string, unknown>;
    let good: typeof shape;
    let port: number;

    beforeAll(async () => {
        images = new Images();
        project = new Project(inject("installation"), "service");
        stack = await project.stack("bad");
        port = await freePort();
        const image = images.strict("a");
        good = {
            image,
            machines: ["web1", "web2"],
            token: "x",
            intervalSeconds: 1,
            drainSeconds: 20,
            waitSeconds: 2,
            readySeconds: 5,
            port,
        };
        declare({});
        await stack.up();
    });

    afterAll(() => removeAll(project, images));

    /** The good program with these changes. */
    function declare(changes: typeof shape): void {
        shape = { ...good, ...changes };
        project.declare(stack, shape);
    }

    /** What an operation says that must fail, while the old configuration answers every request. */
    async function failing(operation: "preview" | "up", options: object = {}): Promise<string> {
        const steps = new Steps();
        const { failures, answers } = await underLoad(port, () =>
            expect(stack[operation]({ onEvent: steps.onEvent, ...options })).rejects.toThrow(),
        );
        expect(failures).toEqual([]);
        expect(Object.keys(answers)).toEqual(["a"]);
        const { errors } = steps;
        return errors
            .filter(({ on }) => on !== "")
            .map(({ on, message }) => `${on}: ${message}`)
            .join("\n");
    }

    it("is refused in the preview: a port of the host that somebody has", async () => {
        const taken = createServer();
        await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
        const { port: theirs } = taken.address() as AddressInfo;
        try {
            declare({ port: theirs });
            const said = await failing("preview");
            expect(said).toContain(`publish: 127.0.0.1:${theirs}/tcp of unix:`);
            expect(said).toContain("is in use already, by");
        } finally {
            taken.close();
        }
    });

    it("is refused in the preview: an address space of which somebody has a part", async () => {
        const space = `10.${randomInt(200, 208)}.${randomInt(256)}`;
        const network = `${project.name}-theirs`;
        const label = `io.switchyard.project=${project.name}`;
        docker("network", "create", "--label", label, "--subnet", `${space}.0/25`, network);
        try {
            declare({ addressSpace: `${space}.0/24` });
            expect(await failing("preview")).toContain(
                `addressSpace ${space}.0/24 overlaps Docker network ${network} (${space}.0/25)`,
            );
        } finally {
            docker("network", "rm", network);
        }
    });

    it("fails in up, and nothing that serves goes: an image that does not exist", async () => {
        declare({ image: "localhost:1/no-such-image:1" });
        expect(await failing("up")).toMatch(
            /^VirtualMachine web\d: image localhost:1\/no-such-image:1 is not on .*check its name/s,
        );
    });

    it("fails in up, and nothing that serves goes: a container that never becomes ready", async () => {
        declare({ image: images.waiting("b", "ready") });
        expect(await failing("up")).toMatch(
            /VirtualMachine web1: .*web1-2 is not ready after 5 s: its health check says/s,
        );
    });

    it("fails in up, and nothing that serves goes: a wrong probe path, with all that Pulumi may try next", async () => {
        declare({ image: images.strict("c"), probePath: "/nowhere" });
        const reason =
            /LoadBalancer service: .*revision \d+ still serves.*web1 in set http did not become healthy within 2 s: .*404/s;
        expect(await failing("up", { continueOnError: true })).toMatch(reason);
        await stack.refresh();
        expect(await failing("up", { refresh: true })).toMatch(reason);
        // Taken back half: other machines again, and still the wrong path.
        declare({ probePath: "/nowhere" });
        expect(await failing("up")).toMatch(reason);
    });

    it("heals with the next good program, and leaves nothing", async () => {
        declare({});
        const { failures, answers } = await underLoad(port, () => stack.up());
        expect(failures).toEqual([]);
        expect(Object.keys(answers)).toEqual(["a"]);
        expect(objectsOf(project.name).container).toHaveLength(3);
        const steps = new Steps();
        await stack.preview({ onEvent: steps.onEvent });
        expect(steps.byResource).toEqual({});
    });

    it("that failed leaves nothing when all is destroyed", async () => {
        declare({ image: images.sick() });
        expect(await failing("up")).toMatch(/503/);
        await stack.destroy();
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
        expect(await ask(port)).toMatch(/^failed/);
    });
});
