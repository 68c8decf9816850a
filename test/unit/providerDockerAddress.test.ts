import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addressOf, connectionOptions } from "../../provider/docker/address";

beforeEach(() => {
    for (const name of ["DOCKER_HOST", "DOCKER_TLS_VERIFY"]) vi.stubEnv(name, undefined);
    vi.stubEnv("DOCKER_CERT_PATH", "/nonexistent");
});
afterEach(() => vi.unstubAllEnvs());

describe("where Docker is", () => {
    it("given a host, then that; else DOCKER_HOST; else this machine", () => {
        expect(addressOf(undefined)).toMatch(/^(unix|npipe):\/\//);
        vi.stubEnv("DOCKER_HOST", "192.0.2.1:2375");
        expect(addressOf(undefined)).toBe("tcp://192.0.2.1:2375");
        expect(addressOf("unix:///other.sock")).toBe("unix:///other.sock");
    });

    it.each([
        ["unix:///run/docker.sock", { socketPath: "/run/docker.sock", host: undefined }],
        ["npipe:////./pipe/docker_engine", { socketPath: "//./pipe/docker_engine", host: undefined }],
        ["tcp://192.0.2.1:2375", { host: "192.0.2.1", port: "2375", protocol: "http", socketPath: undefined }],
        ["tcp://192.0.2.1", { host: "192.0.2.1", port: "2375", protocol: "http" }],
        ["tcp://192.0.2.1:2376", { host: "192.0.2.1", port: "2376", protocol: "https" }],
        ["https://192.0.2.1", { host: "192.0.2.1", port: "2376", protocol: "https" }],
        ["ssh://admin@192.0.2.1", { host: "localhost", protocol: "http", agent: expect.anything() }],
    ])("given %s, then dockerode is told all of it", (address, options) => {
        vi.stubEnv("DOCKER_HOST", "tcp://198.51.100.1:1");
        expect(connectionOptions(address)).toMatchObject(options);
    });
});
