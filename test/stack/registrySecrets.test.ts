import type { Stack } from "@pulumi/pulumi/automation";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { AUTH, PASSWORD, Registry, USER } from "../support/registry";
import { docker as command, objectsOf } from "./support/docker";
import { Project } from "./support/project";

const WRONG = "falsch-und-lang";

/** What a program gives in `docker.registryAuth` is told to nobody but the registry. */
describe("the password of a registry", () => {
    let registry: Registry;
    let project: Project;
    let stack: Stack;

    beforeAll(async () => {
        registry = await Registry.start();
        await registry.push("web:1");
        project = new Project(inject("installation"), "changes");
        stack = await project.stack("registry");
    });
    afterAll(async () => {
        project.remove();
        command("image", "rm", `${registry.address}/web:1`);
        await registry.remove();
    });

    /** All that Pulumi tells, and what it keeps. */
    async function run(operation: "preview" | "up", password: string): Promise<string> {
        const docker = {
            registryAuth: [{ address: registry.address, username: USER, password: { $secret: password } }],
        };
        const image = `${registry.address}/web:1`;
        project.declare(stack, {
            service: { type: "CloudService", args: { docker } },
            // There is nothing in the image that could run.
            web: { type: "VirtualMachine", args: { cloudService: "@service", image, state: "stopped" } },
        });
        let told = "";
        const onEvent = (event: object) => void (told += isForDebugging(event) ? "" : JSON.stringify(event));
        const said = await stack[operation]({ onEvent, ...(operation === "preview" && { diff: true }) }).then(
            ({ stdout, stderr }) => stdout + stderr,
            (error: Error) => error.message,
        );
        return told + said + (operation === "up" ? readFileSync(project.stateOf(stack), "utf8") : "");
    }

    it.each([
        [WRONG, /refuses \(/],
        [PASSWORD, /"containerId"/],
    ])("%s is nowhere, in whatever a preview and an update tell and keep", async (password, expected) => {
        const [preview, up] = [await run("preview", password), await run("up", password)];
        expect(up).toMatch(expected);
        expect(up).toContain('"registryAuth"');
        for (const secret of [password, AUTH, Buffer.from(`${USER}:${password}`).toString("base64")])
            for (const text of [preview, up]) expect(text).not.toContain(secret);
    });

    it("nothing is left when all is destroyed", async () => {
        await stack.destroy();
        expect(Object.values(objectsOf(project.name)).flat()).toEqual([]);
    });
});

/** What Pulumi's SDK says to those who debug, with all secrets, the CLI does not show. */
function isForDebugging(event: { diagnosticEvent?: { severity: string } }): boolean {
    return event.diagnosticEvent?.severity === "debug";
}
