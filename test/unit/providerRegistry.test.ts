import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { platform } from "../../model/resources/machine/image";
import { registryAuth, SECRETS_OF_REGISTRIES } from "../../model/resources/registryAuth";
import { object } from "../../model/schema/kit";
import { describeProblems } from "../../model/schema/problems";
import { UNKNOWN } from "../../model/schema/unknown";
import { credentialsFor } from "../../provider/registry/credentials";
import { PullProgress } from "../../provider/registry/progress";
import { registryOf, withTag } from "../../provider/registry/reference";
import { whyNotGiven } from "../../provider/registry/refusal";

const auth = (text: string) => ({ auth: Buffer.from(text).toString("base64") });

describe("the name of an image", () => {
    it.each([
        ["nginx", "docker.io", "nginx:latest"],
        ["library/nginx:1.29", "docker.io", "library/nginx:1.29"],
        ["index.docker.io/library/nginx", "docker.io", "index.docker.io/library/nginx:latest"],
        ["localhost/web", "localhost", "localhost/web:latest"],
        ["registry:5000/a/web", "registry:5000", "registry:5000/a/web:latest"],
        ["ghcr.io/a/web@sha256:00", "ghcr.io", "ghcr.io/a/web@sha256:00"],
    ])("%s is of %s, in full %s", (image, registry, full) => {
        expect(registryOf(image)).toBe(registry);
        expect(withTag(image)).toBe(full);
    });
});

describe("who pulls", () => {
    let folder: string;
    const HUB = "https://index.docker.io/v1/";
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "switchyard-config-"));
        vi.stubEnv("DOCKER_CONFIG", folder).stubEnv("DOCKER_AUTH_CONFIG", "");
        vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
    });
    afterEach(() => {
        vi.unstubAllEnvs();
        rmSync(folder, { recursive: true });
    });
    const write = (settings: object) => writeFileSync(path.join(folder, "config.json"), JSON.stringify(settings));
    const helper = (script: string) => {
        const file = path.join(folder, "docker-credential-it");
        writeFileSync(file, `#!/bin/sh\n${script}\n`);
        chmodSync(file, 0o755);
    };

    it.each([
        ["ghcr.io", { "ghcr.io": auth("anna:a:b\0") }, { serveraddress: "ghcr.io", username: "anna", password: "a:b" }],
        ["docker.io", { [HUB]: auth("anna:pw") }, { serveraddress: HUB, username: "anna", password: "pw" }],
        [
            "r:5000",
            { "https://r:5000/v2/": { username: "anna", password: "pw" } },
            expect.objectContaining({ username: "anna" }),
        ],
        ["az.io", { "az.io": { ...auth("00:"), identitytoken: "t" } }, expect.objectContaining({ identitytoken: "t" })],
        ["ghcr.io", { "ghcr.io": {} }, undefined],
        ["ghcr.io", { "ghcr.io.example": auth("anna:pw") }, undefined],
    ])("at %s, by config.json's auths %o", async (registry, auths, expected) => {
        write({ auths });
        expect((await credentialsFor(registry)).login).toEqual(expected);
    });

    it("in DOCKER_AUTH_CONFIG comes before config.json, and in the program before both", async () => {
        write({ auths: { "ghcr.io": auth("file:pw") } });
        expect((await credentialsFor("ghcr.io")).login?.username).toBe("file");
        vi.stubEnv("DOCKER_AUTH_CONFIG", JSON.stringify({ auths: { "ghcr.io": auth("environment:pw") } }));
        expect((await credentialsFor("ghcr.io")).login?.username).toBe("environment");
        const given = [{ address: "https://ghcr.io/", username: "program", password: "pw" }];
        expect((await credentialsFor("ghcr.io", given)).login?.username).toBe("program");
        expect((await credentialsFor("quay.io", given)).login).toBeUndefined();
    });

    it.each([
        ['echo \'{"Username":"anna","Secret":"pw"}\'', { serveraddress: HUB, username: "anna", password: "pw" }],
        ['echo \'{"Username":"<token>","Secret":"t"}\'', { serveraddress: HUB, identitytoken: "t" }],
        [
            '[ "$(cat)" = https://index.docker.io/v1/ ] && echo \'{"Username":"hub","Secret":"pw"}\'',
            expect.objectContaining({ username: "hub" }),
        ],
        ["echo credentials not found in native keychain; exit 1", undefined],
    ])("by a helper that does %s", async (script, expected) => {
        helper(script);
        write({ credsStore: "it", auths: { [HUB]: {} } });
        expect((await credentialsFor("docker.io")).login).toEqual(expected);
    });

    it.each([
        [
            "echo the keychain is locked; exit 1",
            /docker-credential-it fails: the keychain is locked \(\S+\/config\.json names it for ghcr\.io\)$/,
        ],
        ["echo geheim", /docker-credential-it does not answer as credential helpers do \(/],
        ["kill -9 $$", /docker-credential-it was ended by SIGKILL \(/],
    ])("when a helper does %s, then none, and what a refusal says", async (script, expected) => {
        helper(script);
        write({ credHelpers: { "ghcr.io": "it" } });
        const { login, told } = await credentialsFor("ghcr.io");
        expect(login).toBeUndefined();
        expect(told).toMatch(expected);
        expect(told).not.toContain("geheim");
    });
});

describe("what a registry does not give", () => {
    const credentials = { told: "shown no credentials: none" };
    it.each([
        ["unauthorized: authentication required", "r refuses (unauthorized: authentication required); it was shown no"],
        ["Head http://r/v2/: no basic auth credentials", "r refuses ("],
        [
            "pull access denied for web, repository does not exist or may require 'docker login'",
            "r has no such image, or not",
        ],
        ["manifest for r/web:2 not found: manifest unknown", "r has no such image (manifest for"],
        ["http: server gave HTTP response to HTTPS client", "r speaks no https"],
        ["dial tcp: lookup r: no such host", "dial tcp: lookup r: no such host"],
        ["toomanyrequests: You have reached your pull rate limit", "toomanyrequests"],
    ])("%s", (reason, expected) => {
        expect(whyNotGiven(reason, "r", credentials).slice(0, expected.length)).toBe(expected);
    });
});

describe("the progress of a pull", () => {
    it("given what Docker says of each layer, then one line", () => {
        const pull = new PullProgress();
        const heard = (id: string, status: string, current?: number, total?: number) => {
            pull.hear({ id, status, ...(current && { progressDetail: { current, total: total! } }) });
            return pull.line;
        };
        expect(heard("1.29", "Pulling from library/nginx")).toBe("");
        expect(heard("a", "Already exists")).toBe("1 of 1 layers");
        heard("b", "Pulling fs layer");
        expect(heard("b", "Downloading", 1_200_000, 5_000_000)).toBe("1 of 2 layers, 1.2 MB");
        expect(heard("b", "Download complete")).toBe("1 of 2 layers, 5.0 MB, unpacking");
        expect(heard("b", "Extracting", 100, 5_000_000)).toBe("1 of 2 layers, 5.0 MB, unpacking");
        expect(heard("b", "Pull complete")).toBe("2 of 2 layers, 5.0 MB");
    });
});

describe("inputs about images", () => {
    const schema = object({ registryAuth, platform: platform.optional() });
    const problemsOf = (given: object) => {
        const parsed = schema.safeParse(given, { reportInput: true });
        return parsed.success ? [] : describeProblems(parsed.error, given, SECRETS_OF_REGISTRIES);
    };
    const login = { address: "ghcr.io", username: "anna", password: "geheim" };

    it.each([
        [{ registryAuth: [{ ...login, address: "user@ghcr.io" }] }, /^registryAuth\[0\]\.address: must be the address/],
        [{ registryAuth: [{ ...login, password: 7 }] }, /^registryAuth\[0\]\.password: must be a string$/],
        [{ registryAuth: [{ address: "a", username: "b" }] }, /^registryAuth\[0\]\.password: is required$/],
        [{ registryAuth: "anna:geheim" }, /^registryAuth: must be a list$/],
        [
            { registryAuth: [login, { ...login, address: "https://GHCR.io/" }] },
            /^registryAuth\[1\]\.address: must be given once for each registry; ghcr\.io has credentials already/,
        ],
        [{ platform: "arm64" }, /^platform: must be an operating system and an architecture, .* \(got "arm64"\)$/],
    ])("given %o, then a sentence says what is wrong", (given, expected) => {
        expect(problemsOf(given)).toEqual([expect.stringMatching(expected)]);
    });

    it("given what a preview does not know, then nothing is wrong", () => {
        expect(problemsOf({ registryAuth: UNKNOWN, platform: UNKNOWN })).toEqual([]);
        expect(
            problemsOf({ registryAuth: [UNKNOWN, { ...login, address: UNKNOWN, password: UNKNOWN }, UNKNOWN] }),
        ).toEqual([]);
    });

    it.each([
        ["Linux/x86_64", "linux/amd64"],
        ["linux/aarch64", "linux/arm64"],
        ["linux/arm64/v8", "linux/arm64"],
        ["linux/arm/v7", "linux/arm/v7"],
    ])("platform %s is %s", (given, expected) => {
        expect(platform.parse(given)).toBe(expected);
    });
});
