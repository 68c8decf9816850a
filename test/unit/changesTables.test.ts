import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Change, Program, Property } from "../stack/support/changes";
import * as policies from "../stack/changes/tables/policies";
import { balanced, machines } from "../stack/changes/tables/serviceProperties";
import { renamed } from "../stack/changes/tables/serviceRenames";
import { program as services } from "../stack/changes/tables/services";
import * as stages from "../stack/changes/tables/serviceStages";

const REPORT = path.join(__dirname, "../../docs/pulumi-switchyard.api.md");

/** The arguments of resources, and their types in the tables' programs. */
const RESOURCES: Readonly<Record<string, string>> = {
    FromContainerArgs: "fromContainer",
    ...Object.fromEntries(
        ["CloudService", "PublicNetwork", "VirtualMachine", "Endpoint", "LoadBalancedSet", "EndpointPool"]
            .concat("LoadBalancer", "GalleryImage", "TrafficPolicy", "TrafficManager")
            .map((type) => [`${type}Args`, type]),
    ),
};

/** What no row changes, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
    docker: "test/stack/hosts.test.ts",
    DockerArgs: "test/stack/hosts.test.ts",
    RegistryAuthArgs: "test/provider/registry.test.ts, test/stack/registrySecrets.test.ts",
    DeviceArgs: "test/provider/machineParts.test.ts",
    "LogArgs.maxFiles": "test/provider/machineParts.test.ts",
    "GeoDatabaseArgs.package": "test/unit/providerGeoDatabase.test.ts",
    FromGalleryArgs: "test/provider/gallery.test.ts, test/stack/examples/gallery.test.ts",
    "VirtualMachineArgs.adopt": "counts when a machine is made: test/provider/machineAdopt.test.ts",
    "FromContainerArgs.cloudService": "test/provider/containerAttachment.test.ts",
    "LoadBalancerArgs.cloudService":
        "that of its endpoints, which move with their machines: test/provider/declare.test.ts",
};

interface Row {
    readonly name: string;
    readonly path: readonly string[];
    readonly value: unknown;
}

const rows: Row[] = [
    ...[...balanced, ...machines, ...policies.properties].flatMap(({ of, path, values }: Property) =>
        values.map((value) => ({ name: of.name, path: path.split("."), value })),
    ),
    ...[stages.given, stages.changes, stages.reordered, stages.takenBack, renamed]
        .concat([policies.given, policies.changes, policies.reordered, policies.takenBack, policies.renamed])
        .flat()
        .flatMap(({ give = {} }: Change) =>
            Object.entries(give).map(([key, value]) => {
                const [name, ...path] = key.split(".");
                return { name: name!, path, value };
            }),
        ),
];

const program: Program = { ...services, ...policies.program };
/** A renamed one is given more under its new name. */
const typeOf = (name: string) => (program[name] ?? program[name.replace(/\d$/, "")])?.type;
const words = JSON.stringify([rows, program]);

/** Interfaces of arguments with their keys, as the report of the public API has them. */
function publicArguments(): [string, string][] {
    const blocks = readFileSync(REPORT, "utf8").matchAll(/^export interface (\w+Args)\b.*\{\n((?: {4}.*\n)*)\}/gm);
    return [...blocks].flatMap(([, name, body]) =>
        [...body!.matchAll(/^ {4}(\w+)\??:/gm)].map(([, key]): [string, string] => [name!, key!]),
    );
}

describe("the tables of changes", () => {
    it.each(publicArguments())("%s.%s has a row", (args, key) => {
        if ([key, args, `${args}.${key}`].some((name) => name in ELSEWHERE)) return;
        const type = RESOURCES[args];
        const found = type
            ? rows.some(({ name, path }) => typeOf(name) === type && path[0] === key)
            : rows.some(({ path }) => path.includes(key)) || words.includes(`"${key}":`);
        expect(found).toBe(true);
    });
});
