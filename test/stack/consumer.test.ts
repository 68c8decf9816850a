import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { Project } from "./support/project";
import { ask, freePort } from "./support/traffic";

const root = path.join(__dirname, "../..");

describe("somebody who installs the package", () => {
    let folder: string;
    let images: Images;
    let image: string;
    const projects: Project[] = [];

    beforeAll(() => {
        images = new Images();
        image = images.version("installed");
        folder = mkdtempSync(path.join(tmpdir(), "switchyard-consumer-"));
        writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true }));
        const packages = [inject("tarball"), "@pulumi/pulumi@3", "@types/node@22"];
        const options = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
        execFileSync("npm", ["install", ...options, ...packages], {
            cwd: folder,
            stdio: ["ignore", "ignore", "inherit"],
        });
    });

    afterAll(() => {
        for (const project of projects) project.remove();
        rmSync(folder, { recursive: true, force: true });
        images.remove();
    });

    it("gets what it needs, and nothing that only its makers do", () => {
        const installed = path.join(folder, "node_modules/pulumi-switchyard");
        expect(readdirSync(installed).sort()).toEqual([
            "CHANGELOG.md",
            "LICENSE",
            "README.md",
            "SECURITY.md",
            "dist",
            "gallery",
            "package.json",
            "runtime",
        ]);
        expect(readdirSync(path.join(folder, "node_modules/@pulumi"))).toEqual(["pulumi"]);
    });

    it("tests its program as the guide does", () => {
        const guide = readFileSync(path.join(root, "docs/guides/testing-your-program.md"), "utf8");
        const block = (language: string) => guide.split("```" + language + "\n")[1]!.split("```")[0]!;
        const program = path.join(folder, "unit");
        mkdirSync(program);
        const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
        const write = (image: string) => {
            const code = block("ts").replace("virtualMachine: web[0],", `virtualMachine: web[0], ${image}`);
            writeFileSync(path.join(program, "index.js"), ts.transpileModule(code, { compilerOptions }).outputText);
        };
        writeFileSync(path.join(program, "index.test.js"), block("js"));
        const test = () => {
            // Vitest's own settings are none of this other runner's.
            const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined };
            return spawnSync(process.execPath, ["--test"], { cwd: program, encoding: "utf8", env });
        };
        write("");
        expect(test()).toMatchObject({ status: 0, stdout: expect.stringContaining("pass 3") as string });
        write("maxConnections: -1,");
        const { status, stdout } = test();
        expect({ status, stdout }).toEqual({
            status: 1,
            stdout: expect.stringContaining("Endpoint ssh: maxConnections: ") as string,
        });
    });

    it("gets the switchyard command", () => {
        const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
        const command = path.join(folder, "node_modules/.bin/switchyard");
        expect(execFileSync(command, ["--version"], { encoding: "utf8" })).toBe(`${version}\n`);
    });

    it("has its program's types checked", () => {
        const program = path.join(folder, "types");
        cpSync(path.join(__dirname, "programs/consumer-types"), program, { recursive: true });
        const tsc = path.join(root, "node_modules/typescript/bin/tsc");
        const check = (...settings: string[]) =>
            expect(spawnSync(process.execPath, [tsc, "-p", program, ...settings], { encoding: "utf8" }).stdout).toBe(
                "",
            );
        check();
        // As Pulumi's templates have it.
        check("--module", "commonjs", "--moduleResolution", "node", "--esModuleInterop", "false");
    });

    it.each([
        ["CommonJS", "consumer-cjs"],
        ["an ES module", "consumer-esm"],
    ])("brings a program up and down that is %s", async (_kind, program) => {
        const project = new Project(folder, program);
        projects.push(project);
        const stack = await project.stack("dev");
        const port = await freePort();
        project.declare(stack, { port, image });
        const { outputs } = await stack.up();
        expect(outputs.virtualIp!.value).toMatch(/^10\./);
        expect(await ask(port)).toBe("installed");
        await stack.destroy();
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
    });
});
