import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { addPulumiDocker } from "./support/pulumiDocker";

const root = path.join(__dirname, "../..");

it("is tried with the oldest version that the package allows", () => {
    const { peerDependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
        peerDependencies: Record<string, string>;
    };
    expect(peerDependencies["@pulumi/docker"]).toBe(">=4.5.0");
});

describe.each(["4.5.0", "5.2.0"])("@pulumi/docker %s", (version) => {
    let folder: string;
    /** The compiler's. */
    let complaints: string;

    beforeAll(() => {
        folder = path.join(inject("installation"), `pulumi-docker-${randomBytes(4).toString("hex")}`);
        cpSync(path.join(__dirname, "programs/pulumi-docker-types"), folder, { recursive: true });
        cpSync(path.join(root, "examples/with-pulumi-docker/index.ts"), path.join(folder, "example.ts"));
        addPulumiDocker(folder, version);
        const tsc = path.join(root, "node_modules/typescript/bin/tsc");
        complaints = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).stdout;
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("fits, as far as types tell, and nothing else does", () => {
        expect(complaints).toBe("");
    });

    it("gives what its resources have: names, ids, digests and a host", () => {
        const output = execFileSync(process.execPath, ["mocks.js"], { cwd: folder, encoding: "utf8" });
        const given = JSON.parse(output) as Record<string, Record<string, unknown>>;
        const docker = { host: "unix:///var/run/docker.sock" };
        expect(given["VirtualMachine of-built"]).toMatchObject({
            image: "sha256:built",
            disks: { "/data": "data-1234567" },
            docker,
        });
        expect(given["VirtualMachine of-pulled"]).toMatchObject({
            image: "sha256:pulled",
            disks: { "/data": { volume: "data-1234567", readOnly: true } },
        });
        const attached = { container: "legacy-1234567", containerId: "legacy-id", docker };
        expect(given["ContainerAttachment legacy"]).toMatchObject(attached);
        expect(given["PublicNetwork lan"]).toMatchObject({ existing: "lan-1234567", docker });
        expect(given["PublicNetwork service-public"]).toMatchObject({ existing: "lan-1234567", docker });
        expect(given["PublicNetwork public-east"]).toMatchObject({ docker });
        for (const name of ["GalleryImage web", "DnsServer dns-ns1", "Gateway service-gateway"])
            expect(given[name]).toMatchObject({ docker });
    });
});
