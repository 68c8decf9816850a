import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker } from "./support/host";
import { ProviderProcess } from "./support/providerProcess";

const RELEASES = path.join(__dirname, "../upgrade");
/** They own nothing on the Docker host, so they cannot be gone from it. */
const DECLARED = ["Endpoint", "EndpointPool", "LoadBalancedSet", "TrafficPolicy"];

interface Recorded {
    readonly urn: string;
    readonly type: string;
    readonly id: string;
    readonly outputs: Record<string, unknown>;
}

/** The dynamic resources of a recorded state, whose images nobody else on this host can have. */
function recordedBy(version: string): Recorded[] {
    const text = readFileSync(path.join(RELEASES, version, "state.json"), "utf8");
    const plain = text.replace(/"(switchyard-[a-z-]+):[0-9a-f]{12}"/g, '"$1:000000000000"');
    const { deployment } = JSON.parse(plain, inPlain) as { deployment: { resources: Recorded[] } };
    return deployment.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/switchyard:"));
}

/** As the engine hands them to a provider. */
function inPlain(_key: string, value: unknown): unknown {
    const { plaintext } = (value ?? {}) as { plaintext?: string };
    return typeof plaintext === "string" ? (JSON.parse(plaintext) as unknown) : value;
}

describe.each(readdirSync(RELEASES))(
    "the state that version %s left, of which nothing is there any more",
    (version) => {
        let provider: ProviderProcess;
        let recorded: Recorded[];
        let ours: Recorded[];
        beforeAll(async () => {
            provider = await ProviderProcess.start();
            const { ID, Name } = (await docker.info()) as { ID: string; Name: string };
            recorded = recordedBy(version);
            ours = recorded.map(({ outputs, ...resource }) => ({
                ...resource,
                outputs: "__engine" in outputs ? { ...outputs, __engine: { id: ID, name: Name } } : outputs,
            }));
        });
        afterAll(() => provider.stop());

        it("is read by the installed package: what was on the host is gone, what was declared is as it was", async () => {
            for (const { urn, type, id, outputs } of ours) {
                const isDeclared = DECLARED.includes(type.split(":").pop()!);
                expect([urn, (await provider.read(id, outputs)).id]).toEqual([urn, isDeclared ? id : ""]);
            }
        });

        it("is deleted without a complaint", async () => {
            for (const { id, outputs } of [...ours].reverse()) await provider.delete(id, outputs);
        });

        it("is not taken for gone where Docker is another engine than the one that had it", async () => {
            const machine = recorded.find(({ type }) => type.endsWith(":VirtualMachine"))!;
            const refusal = /is another engine \(on .+\) than the one on recorded that has this/;
            await expect(provider.read(machine.id, machine.outputs)).rejects.toThrow(refusal);
            await expect(provider.delete(machine.id, machine.outputs)).rejects.toThrow(refusal);
        });
    },
);
