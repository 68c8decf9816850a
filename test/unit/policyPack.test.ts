import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import * as switchyard from "../../sdk";
import { previewProgram } from "../../testing";

interface Rule {
    readonly name: string;
    readonly type: string;
    violations(inputs: object): string[];
}

const require = createRequire(__filename);
const folder = path.join(__dirname, "../../examples/policy-pack");
const rules = require(path.join(folder, "rules")) as Rule[];

/** What the pack says of a program with this endpoint, this set and this image. */
async function violations(
    endpoint: Partial<switchyard.EndpointArgs>,
    set: Partial<switchyard.LoadBalancedSetArgs>,
    image = "nginx:1.29",
): Promise<string[]> {
    const { resources, mistakes } = await previewProgram(() => {
        const cloudService = new switchyard.CloudService("contoso");
        const web = new switchyard.VirtualMachine("web", { cloudService, image });
        const one = new switchyard.Endpoint("one", {
            ...switchyard.wellKnown.ssh,
            acl: [{ order: 1, action: "permit", remoteSubnet: "192.0.2.0/24" }],
            virtualMachine: web,
            ...endpoint,
        });
        const http = new switchyard.LoadBalancedSet("http", {
            ...switchyard.wellKnown.http,
            virtualMachines: [web],
            ...set,
        });
        new switchyard.LoadBalancer("contoso", { cloudService, endpoints: [one, http] });
    });
    expect(mistakes).toEqual([]);
    return rules.flatMap(({ name, type, violations }) =>
        resources
            .filter((resource) => resource.type === type)
            .flatMap(({ inputs }) => violations(inputs).map((violation) => `${name}: ${violation}`)),
    );
}

const OPEN = "no-ssh-for-everyone: one opens port 22 to everyone; give it an acl that permits some";
const DENY = { order: 1, action: "deny", remoteSubnet: "192.0.2.0/24" } as const;
const ALL = { order: 1, action: "permit", remoteSubnet: "0.0.0.0/0" } as const;

it.each<[string, Parameters<typeof violations>, string[]]>([
    ["all is well", [{}, {}], []],
    ["ssh has no rules", [{ acl: undefined }, {}], [OPEN]],
    ["ssh has a blocklist only", [{ acl: [DENY] }, {}], [OPEN]],
    ["ssh permits all", [{ acl: [ALL] }, {}], [OPEN]],
    ["22 is in a range", [{ acl: undefined, publicPort: "2020-2030", privatePort: "20-30" }, {}], [OPEN]],
    ["another port is open", [{ acl: undefined, privatePort: 2222 }, {}], []],
    [
        "a set has no probe",
        [{}, { probe: { protocol: "none" } }],
        ["sets-have-probes: load-balanced set http has no probe"],
    ],
    [
        "an image floats",
        [{}, {}, "registry.example:5000/nginx"],
        ["images-are-pinned: image registry.example:5000/nginx has neither a digest nor a tag other than latest"],
    ],
    ["an image has a digest", [{}, {}, `nginx@sha256:${"0".repeat(64)}`], []],
])("the example of a policy pack, where %s", async (_, program, expected) => {
    expect(await violations(...program)).toEqual(expected);
});

interface Policy {
    readonly name: string;
    validateResource(args: { type: string; name: string; props: object }, report: (violation: string) => void): void;
}

/** The pack itself; a stand-in for `@pulumi/policy`, which starts a server for the CLI, takes its policies. */
function pack(): Policy[] {
    const copy = mkdtempSync(path.join(tmpdir(), "switchyard-policy-"));
    try {
        cpSync(folder, copy, { recursive: true });
        const standIn = path.join(copy, "node_modules/@pulumi/policy");
        mkdirSync(standIn, { recursive: true });
        const code = "exports.PolicyPack = function (_name, { policies }) { exports.policies = policies; };";
        writeFileSync(path.join(standIn, "index.js"), code);
        require(path.join(copy, "index.js"));
        return (require(standIn) as { policies: Policy[] }).policies;
    } finally {
        rmSync(copy, { recursive: true, force: true });
    }
}

it("the example of a policy pack reports what its rules find, with the resource's name, and of their type alone", () => {
    const props = { image: "nginx" };
    const reports = (type: string) => {
        const found: string[] = [];
        for (const policy of pack())
            policy.validateResource({ type, name: "web", props }, (violation) => found.push(violation));
        return found;
    };
    expect(reports("pulumi-nodejs:dynamic/switchyard:VirtualMachine")).toEqual([
        "web: image nginx has neither a digest nor a tag other than latest",
    ]);
    expect(reports("pulumi-nodejs:dynamic/other:VirtualMachine")).toEqual([]);
});
