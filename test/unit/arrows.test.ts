import path from "node:path";
import { ESLint } from "eslint";
import { beforeAll, describe, expect, test } from "vitest";

const root = path.join(__dirname, "../..");

/** The house's own configuration, of which only this rule speaks; files need not exist, so nothing is type-checked. */
let eslint: ESLint;
beforeAll(() => {
    eslint = new ESLint({
        cwd: root,
        ruleFilter: ({ ruleId }) => ruleId === "house/arrows",
        overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    });
});

async function problems(file: string, code: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
    return result!.messages.map(({ message }) => message);
}

describe("the arrows of the house", () => {
    test.each([
        ["sdk/endpoint.ts", "../provider/v1", "sdk must not import from provider (allowed: sdk, model)"],
        [
            "sdk/internal/deep.ts",
            "../../runtime/agent/balancer/main",
            "sdk must not import from runtime (allowed: sdk, model)",
        ],
        ["cli/main.ts", "../sdk", "cli must not import from sdk (allowed: cli, provider, model)"],
        [
            "cli/commands/status.ts",
            "../../runtime/agent",
            "cli must not import from runtime (allowed: cli, provider, model)",
        ],
        ["provider/v1.ts", "../cli/main", "provider must not import from cli (allowed: provider, model)"],
        ["sdk/endpoint.ts", "../test/unit/support", "sdk must not import from test (allowed: sdk, model)"],
        ["sdk/endpoint.ts", "zod", "sdk must not import zod (allowed: @pulumi/pulumi)"],
        ["sdk/endpoint.ts", "node:fs", "sdk must not import node:fs (allowed: @pulumi/pulumi)"],
        ["sdk/endpoint.ts", "@pulumi/docker", "sdk must not import @pulumi/docker (allowed: @pulumi/pulumi)"],
        ["provider/docker/networks.ts", "../../sdk", "provider must not import from sdk (allowed: provider, model)"],
        ["provider/v1.ts", "../runtime/agent", "provider must not import from runtime (allowed: provider, model)"],
        [
            "runtime/agent/balancer/main.ts",
            "../../../provider/v1",
            "runtime must not import from provider (allowed: runtime, model)",
        ],
        [
            "runtime/agent/balancer/main.ts",
            "../../../sdk/index",
            "runtime must not import from sdk (allowed: runtime, model)",
        ],
        ["model/balancer/compile.ts", "../../sdk", "model must not import from sdk (allowed: model)"],
        ["model/names.ts", "../provider", "model must not import from provider (allowed: model)"],
        ["model/names.ts", "../runtime/balancer", "model must not import from runtime (allowed: model)"],
        ["model/names.ts", "node:crypto", "model must not import node:crypto (allowed: zod, ipaddr.js, re2js)"],
        ["model/names.ts", "@pulumi/pulumi", "model must not import @pulumi/pulumi (allowed: zod, ipaddr.js, re2js)"],
        ["provider/v1.ts", "pulumi-switchyard", "provider is part of pulumi-switchyard and must not import it by name"],
    ])("keep %s from importing %s", async (file, specifier, message) => {
        expect(await problems(file, `import { x } from "${specifier}"; x();`)).toEqual([message]);
    });

    test.each([
        'import type { x } from "../provider/v1"; export type y = x;',
        'import "../provider/v1";',
        'export { x } from "../provider/v1";',
        'export * from "../provider/v1";',
        'export const x = import("../provider/v1");',
        'export const x = require("../provider/v1");',
        'export const x = require.resolve("../provider/v1");',
        'export type x = typeof import("../provider/v1");',
        'import x = require("../provider/v1"); x();',
    ])("hold in every form: %s", async (code) => {
        expect(await problems("sdk/endpoint.ts", code)).toEqual([
            "sdk must not import from provider (allowed: sdk, model)",
        ]);
    });

    test.each([
        ["sdk/endpoint.ts", "../model/schema/fields"],
        ["sdk/endpoint.ts", "./internal/inputs"],
        ["sdk/endpoint.ts", "@pulumi/pulumi"],
        ["provider/docker/networks.ts", "../../model/names"],
        ["provider/docker/networks.ts", "../runtime/image"],
        ["provider/v1.ts", "dockerode"],
        ["cli/commands/status.ts", "../../provider/docker/host"],
        ["cli/commands/status.ts", "../../model/text"],
        ["runtime/agent/balancer/main.ts", "../../balancer/engine"],
        ["runtime/agent/balancer/main.ts", "../../../model/control"],
        ["runtime/agent/balancer/main.ts", "node:net"],
        ["model/control.ts", "./balancer/network"],
        ["model/control.ts", "zod"],
        ["test/unit/x.test.ts", "../../provider/v1"],
        ["examples/quickstart/index.ts", "pulumi-switchyard"],
    ])("let %s import %s", async (file, specifier) => {
        expect(await problems(file, `import { x } from "${specifier}"; x();`)).toEqual([]);
    });
});
