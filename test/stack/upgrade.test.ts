import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { galleryImageOf } from "../../model/gallery";
import { agentBundle, galleryImageContext, runtimeImageContext } from "../../provider/package";
import { environmentOf, stepsOf, useScriptsEnv, type Step } from "./support/project";

const RELEASES = path.join(__dirname, "../upgrade");

interface Recorded {
    readonly urn: string;
    readonly type: string;
    readonly inputs?: { readonly bundle?: string; readonly name?: string };
}

/** What a resource of a state names by a hash of the package's content, and what this version of the package has. */
function content({ type, inputs }: Recorded): { recorded: string; current: string } | undefined {
    const { bundle, name } = inputs ?? {};
    switch (type.split(":").pop()) {
        case "BalancerAgent":
            return { recorded: bundle!, current: agentBundle("gateway").hash };
        case "DnsAgent":
            return { recorded: bundle!, current: agentBundle("dns").hash };
        case "RuntimeImage": {
            const runtime = name!.startsWith("switchyard-dns-") ? "dns" : "gateway";
            return { recorded: name!, current: runtimeImageContext(runtime).name };
        }
        case "GalleryImage":
            return { recorded: name!, current: galleryImageContext(galleryImageOf(name!)!).name };
    }
    return undefined;
}

/** Needs no Docker: nothing of what the state tells of is there any more, and a preview must do without. */
describe.each(readdirSync(RELEASES))("the state that version %s left", (version) => {
    let folder: string;
    let stack: Stack;
    let text: string;
    let secrets: unknown;

    beforeAll(async () => {
        useScriptsEnv();
        folder = mkdtempSync(path.join(inject("installation"), "upgrade-"));
        cpSync(path.join(RELEASES, version), folder, { recursive: true });
        mkdirSync(path.join(folder, "state"));
        text = readFileSync(path.join(folder, "state.json"), "utf8");
        const [stackName] = resourcesIn(text)[0]!.urn.split(":").slice(2);
        const envVars = {
            ...environmentOf({ folder }),
            DOCKER_HOST: `unix://${path.join(folder, "nobody.sock")}`,
        };
        stack = await LocalWorkspace.createStack({ stackName: stackName!, workDir: folder }, { envVars });
        secrets = ((await stack.exportStack()).deployment as { secrets_providers?: unknown }).secrets_providers;
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const resourcesIn = (state: string) =>
        (JSON.parse(state) as { deployment: { resources: Recorded[] } }).deployment.resources;

    /** The state as if the package's content had been what `said` says of it. */
    function stateWith(said: (resource: Recorded, current: string) => string): string {
        return resourcesIn(text).reduce((state, resource) => {
            const names = content(resource);
            return names ? state.replaceAll(`"${names.recorded}"`, `"${said(resource, names.current)}"`) : state;
        }, text);
    }

    async function stepsFrom(state: string): Promise<Record<string, Step>> {
        const { deployment, ...recorded } = JSON.parse(state) as { version: number; deployment: object };
        // With what it takes to encrypt the secrets, which are recorded in plain.
        await stack.importStack({ ...recorded, deployment: { secrets_providers: secrets, ...deployment } });
        return stepsOf(stack, "preview");
    }

    it("holds every type of resource that a program can have", () => {
        const types = new Set(resourcesIn(text).map(({ type }) => type.split(":").pop()));
        expect([...types].sort()).toEqual(expect.arrayContaining(TYPES));
    });

    it("previews no change, where the package's content is the same", async () => {
        expect(await stepsFrom(stateWith((_resource, current) => current))).toEqual({});
    });

    it("previews new agents in place, where only they have changed, and nothing else", async () => {
        const older = stateWith(({ type }, current) => (type.endsWith("Agent") ? "0".repeat(12) : current));
        const steps = Object.entries(await stepsFrom(older));
        const update = { op: "update", changes: ["bundle"] };
        const agents = resourcesIn(text).filter(({ type }) => type.endsWith("Agent"));
        expect(Object.fromEntries(steps)).toEqual(
            Object.fromEntries(
                agents.map(({ type, urn }) => [`${type.split(":").pop()} ${urn.split("::").pop()}`, update]),
            ),
        );
    });

    it("previews a new gateway, where only its image has changed, and nothing else", async () => {
        const steps = await stepsFrom(
            stateWith(({ inputs }, current) =>
                inputs?.name?.startsWith("switchyard-runtime:") ? "switchyard-runtime:000000000000" : current,
            ),
        );
        expect(steps).toEqual({
            "Gateway service-gateway": expect.objectContaining({ changes: ["image"], replaces: ["image"] }),
            "RuntimeImage service-image": expect.objectContaining({ changes: ["name"], replaces: ["name"] }),
        });
    });
});

const TYPES = [
    "BalancerAgent",
    "CloudService",
    "ContainerAttachment",
    "DnsAgent",
    "DnsConfiguration",
    "DnsServer",
    "Endpoint",
    "EndpointPool",
    "GalleryImage",
    "Gateway",
    "LoadBalancedSet",
    "LoadBalancer",
    "PrivateNetwork",
    "PublicNetwork",
    "RuntimeImage",
    "RuntimeVolume",
    "TrafficManager",
    "TrafficPolicy",
    "VirtualMachine",
];
