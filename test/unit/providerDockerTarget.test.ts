import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectionOptions } from "../../provider/docker/options";
import { targetOf } from "../../provider/docker/target";

let folder: string;
beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "switchyard-target-"));
    for (const name of ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"])
        vi.stubEnv(name, undefined);
    vi.stubEnv("DOCKER_CONFIG", folder);
});
afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
});

function write(file: string, content: string | object): void {
    const whole = path.join(folder, file);
    mkdirSync(path.dirname(whole), { recursive: true });
    writeFileSync(whole, typeof content === "string" ? content : JSON.stringify(content));
}

/** As `docker context create` does. */
function writeContext(name: string, endpoint: object, certificates: Record<string, string> = {}): void {
    const id = createHash("sha256").update(name).digest("hex");
    write(`contexts/meta/${id}/meta.json`, { Name: name, Metadata: {}, Endpoints: { docker: endpoint } });
    for (const [file, text] of Object.entries(certificates)) write(`contexts/tls/${id}/docker/${file}`, text);
}

const addressOf = (docker?: Parameters<typeof targetOf>[0]) => targetOf(docker).address;

describe("where Docker is", () => {
    it("given less and less, then what the docker command would take", () => {
        for (const name of ["given", "ofEnvironment", "current"]) writeContext(name, { Host: `tcp://${name}:2375` });
        write("config.json", { currentContext: "current" });
        vi.stubEnv("DOCKER_CONTEXT", "ofEnvironment");
        vi.stubEnv("DOCKER_HOST", "192.0.2.1:2375");
        expect(addressOf({ host: "unix:///other.sock", context: "given" })).toBe("tcp://given:2375");
        expect(addressOf({ host: "unix:///other.sock" })).toBe("unix:///other.sock");
        expect(addressOf()).toBe("tcp://192.0.2.1:2375");
        expect(addressOf({ context: "default" })).toBe("tcp://192.0.2.1:2375");
        vi.stubEnv("DOCKER_HOST", undefined);
        expect(addressOf()).toBe("tcp://ofEnvironment:2375");
        vi.stubEnv("DOCKER_CONTEXT", undefined);
        expect(addressOf()).toBe("tcp://current:2375");
        expect(addressOf({ context: "default" })).toMatch(/^(unix|npipe):\/\//);
        write("config.json", { currentContext: "default" });
        expect(addressOf()).toMatch(/^(unix|npipe):\/\//);
    });

    it("given a context that is not there or leads nowhere, then a sentence", () => {
        expect(() => targetOf({ context: "nowhere" })).toThrow(
            "there is no Docker context nowhere on this machine; docker context ls shows those that are",
        );
        writeContext("empty", {});
        expect(() => targetOf({ context: "empty" })).toThrow(
            /^Docker context empty names no Docker host \(in .*meta.json\)$/,
        );
    });

    it("given a context with certificates, then they are used, unless the program gives its own", () => {
        writeContext(
            "secure",
            { Host: "tcp://192.0.2.1:9999" },
            { "ca.pem": "CA", "cert.pem": "CERT", "key.pem": "KEY" },
        );
        expect(targetOf({ context: "secure" }).tls).toEqual({ ca: "CA", cert: "CERT", key: "KEY" });
        expect(targetOf({ context: "secure", caMaterial: "MINE" }).tls).toEqual({ ca: "MINE" });
        writeContext("trusting", { Host: "tcp://192.0.2.1:9999", SkipTLSVerify: true });
        expect(targetOf({ context: "trusting" }).tls).toEqual({ unverified: true });
    });

    it("given a folder of certificates, then what is given as text comes first, and a certificate goes with its key", () => {
        for (const name of ["ca", "cert", "key"]) write(`mine/${name}.pem`, name);
        const docker = { host: "tcp://192.0.2.1:9999", certPath: path.join(folder, "mine") };
        expect(targetOf(docker).tls).toEqual({ ca: "ca", cert: "cert", key: "key" });
        expect(targetOf({ ...docker, certMaterial: "CERT", keyMaterial: "KEY" }).tls).toEqual({
            ca: "ca",
            cert: "CERT",
            key: "KEY",
        });
        expect(() => targetOf({ ...docker, certPath: "/nonexistent" })).toThrow(
            "docker.certPath: there is no folder /nonexistent on this machine",
        );
    });

    it("given only an address, then the environment says which certificates, and whether they are used", () => {
        write("ca.pem", "of the settings");
        write("other/ca.pem", "of the environment");
        expect(targetOf({ host: "tcp://192.0.2.1:2375" }).tls).toBeUndefined();
        expect(targetOf({ host: "tcp://192.0.2.1:2376" }).tls).toMatchObject({ ca: "of the settings" });
        vi.stubEnv("DOCKER_TLS_VERIFY", "1");
        vi.stubEnv("DOCKER_CERT_PATH", path.join(folder, "other"));
        expect(targetOf({ host: "tcp://192.0.2.1:2375" }).tls).toMatchObject({ ca: "of the environment" });
        expect(targetOf({ host: "unix:///run/docker.sock" }).tls).toBeUndefined();
        expect(targetOf({ host: "http://192.0.2.1:2375" }).tls).toBeUndefined();
    });

    it.each([
        ["unix:///run/docker.sock", { socketPath: "/run/docker.sock", host: undefined }],
        ["npipe:////./pipe/docker_engine", { socketPath: "//./pipe/docker_engine", host: undefined }],
        ["tcp://192.0.2.1:2375", { host: "192.0.2.1", port: "2375", protocol: "http", socketPath: undefined }],
        ["tcp://192.0.2.1", { host: "192.0.2.1", port: "2375", protocol: "http" }],
        ["tcp://192.0.2.1:2376", { host: "192.0.2.1", port: "2376", protocol: "https" }],
        ["https://192.0.2.1", { host: "192.0.2.1", port: "2376", protocol: "https" }],
        ["ssh://admin@192.0.2.1", { host: "localhost", protocol: "http", agent: expect.anything() }],
    ])("given %s, then dockerode is told all of it", (host, options) => {
        vi.stubEnv("DOCKER_HOST", "tcp://198.51.100.1:1");
        expect(connectionOptions(targetOf({ host }))).toMatchObject(options);
    });
});
