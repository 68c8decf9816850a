import type { Stack } from "@pulumi/pulumi/automation";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { certify } from "../support/certificates";
import { removeAll } from "./support/cleanUp";
import { Copy } from "./support/copy";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { errorsOf, Project, stepsOf } from "./support/project";

const SECRET = "hush-hush";

/** Every optional input of machines, endpoints and sets in one program. */
describe("a program that says everything", () => {
    let project: Project;
    let images: Images;
    let guest: string;
    let shape: object;
    let key: string;
    let plain: Stack;
    let late: Stack;

    beforeAll(async () => {
        images = new Images();
        project = new Project(inject("installation"), "everything");
        plain = await project.stack("plain");
        late = await project.stack("late");
        const image = images.version("a");
        guest = `${project.name}-guest`;
        docker("run", "--detach", "--name", guest, "--label", `io.switchyard.project=${project.name}`, image);
        const space = `10.${randomInt(192, 200)}.${randomInt(256)}`;
        const { certificate, key: made } = await certify();
        key = made;
        shape = {
            image,
            guest,
            secret: SECRET,
            certificate,
            key,
            addressSpace: `${space}.0/24`,
            privateAddress: `${space}.200`,
        };
        project.declare(plain, shape);
        project.declare(late, { ...shape, late: true });
    });

    afterAll(() => removeAll(project, images));

    function expectNoSecrets(): void {
        const state = readFileSync(project.stateOf(plain), "utf8");
        expect(state.includes(SECRET)).toBe(false);
        expect(state.includes(key.split("\n")[1]!)).toBe(false);
    }

    it("previews what is not known yet, at any depth", async () => {
        const steps = await stepsOf(late, "preview");
        expect(new Set(Object.values(steps).map(({ op }) => op))).toEqual(new Set(["create"]));
        expect(Object.keys(steps)).toContain("LoadBalancer service");
    });

    it("is made, shows no change afterwards, and none after a look at what is there", async () => {
        await stepsOf(plain, "up");
        expect(await stepsOf(plain, "preview")).toEqual({});
        await plain.refresh({ expectNoChanges: true });
        expect(await stepsOf(plain, "preview")).toEqual({});
    });

    describe("looked at from elsewhere", () => {
        let elsewhere: Copy;

        beforeAll(() => {
            elsewhere = new Copy(project, inject("installation"), "99.0.1");
        });
        afterAll(() => elsewhere.remove());

        it("shows no change in a second checkout, with a newer version of the package", async () => {
            expect(await stepsOf(await elsewhere.stack(plain.name), "preview")).toEqual({});
        });

        it("shows no change to another user of another machine, who names the Docker host", async () => {
            const other = await elsewhere.stack(plain.name, {
                HOME: elsewhere.folder("home"),
                TMPDIR: elsewhere.folder("tmp"),
                USER: "somebody",
                LOGNAME: "somebody",
                HOSTNAME: "elsewhere",
                LANG: "de_DE.UTF-8",
                TZ: "Asia/Tokyo",
                DOCKER_HOST: "unix:///var/run/docker.sock",
            });
            expect(await stepsOf(other, "preview")).toEqual({});
        });

        it("shows no change under the next version of Node.js, and none back under this one", async () => {
            const next = await elsewhere.stack(plain.name, { PATH: `${elsewhere.nextNode()}:${process.env["PATH"]}` });
            expect(await stepsOf(next, "preview")).toEqual({});
            await next.refresh({ expectNoChanges: true });
            expect(await stepsOf(plain, "preview")).toEqual({});
        });
    });

    it("keeps its secrets out of the state", () => expectNoSecrets());

    it("shows no change where all that was not known is known", async () => {
        project.declare(plain, { ...shape, late: true });
        expect(await stepsOf(plain, "preview")).toEqual({});
    });

    it("keeps them out of messages and of the state of a machine that fails, too", async () => {
        project.declare(plain, { ...shape, fails: true });
        const messages = (await errorsOf(plain, "up")).join("\n");
        expect(messages).toMatch(/db-\d+ is not ready after 3 s: /);
        expect(messages).toContain('\n[environment.TOKEN] [command[4]]\n[userData["/etc/token"]]\n');
        expect(messages.includes(SECRET)).toBe(false);
        expectNoSecrets();
    });

    it("is destroyed but for its disk and what others made", async () => {
        await plain.destroy();
        expect(docker("inspect", "--format", "{{.State.Running}}", guest)).toBe("true");
        expect(objectsOf(project.name, plain.name)).toEqual({
            container: [],
            network: [],
            volume: [`${plain.name}-data`],
        });
    });
});
