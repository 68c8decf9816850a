import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AUTH, PASSWORD, Registry, USER } from "../support/registry";
import { EngineLog } from "./support/engine";
import { docker } from "./support/host";
import { failureOf, Machines } from "./support/machines";
import { ProviderProcess, type Properties } from "./support/providerProcess";

const machines = new Machines();
const WRONG = "falsch-und-lang";
let registry: Registry;
let log: EngineLog;
let folder: string;
let provider: ProviderProcess;
const others: ProviderProcess[] = [];
beforeAll(async () => {
    registry = await Registry.start();
    log = await EngineLog.start();
    folder = mkdtempSync(path.join(tmpdir(), "switchyard-docker-"));
    mkdirSync(path.join(folder, "bin"));
    provider = await nextRun();
});
beforeEach(() => settings());
afterAll(async () => {
    for (const other of others) await other.stop();
    log.stop();
    const pulled = (await docker.listImages({ all: true })).filter(({ RepoTags, RepoDigests }) =>
        [...(RepoTags ?? []), ...(RepoDigests ?? [])].some((name) => name.startsWith(registry.address)),
    );
    for (const { Id } of pulled) await docker.getImage(Id).remove({ force: true });
    await registry.remove();
    rmSync(folder, { recursive: true });
});

/** A provider of the user whose `docker` command has the settings. */
async function nextRun(): Promise<ProviderProcess> {
    const PATH = `${path.join(folder, "bin")}:${process.env["PATH"]}`;
    const run = await ProviderProcess.start({ engine: log.address, environment: { DOCKER_CONFIG: folder, PATH } });
    others.push(run);
    return run;
}

/** What `docker login` wrote. */
function settings(written: object | string = {}): void {
    const text = typeof written === "string" ? written : JSON.stringify(written);
    writeFileSync(path.join(folder, "config.json"), text);
}

function writeHelper(name: string, script: string): void {
    const file = path.join(folder, "bin", `docker-credential-${name}`);
    writeFileSync(file, `#!/bin/sh\nread server\n${script}\n`);
    chmodSync(file, 0o755);
}

/** The machine does not run: there is nothing in its image to run. */
function inputs(properties: Properties): Properties {
    return machines.inputs({ state: "stopped", command: ["none"], ...properties });
}

const login = (password = PASSWORD) => ({ registryAuth: [{ address: registry.address, username: USER, password }] });

async function create(properties: Properties) {
    const { inputs: checked, failures } = await provider.check(inputs(properties));
    expect(failures).toEqual([]);
    return { inputs: checked, ...(await provider.create(checked)) };
}

describe("an image of a registry that asks who pulls", () => {
    it.each([
        ["config.json", (address: string) => ({ auths: { [`http://${address}/v1/`]: { auth: AUTH } } })],
        ["a credential helper", (address: string) => ({ credHelpers: { [address]: "of-test" }, credsStore: "none" })],
    ])("given those of %s, then it is pulled as the docker command would", async (_where, written) => {
        const answer = JSON.stringify({ ServerURL: registry.address, Username: USER, Secret: PASSWORD });
        writeHelper("of-test", `[ "$1 $server" = "get ${registry.address}" ] && echo '${answer}'`);
        settings(written(registry.address));
        const image = `${registry.address}/${machines.name}:1`;
        await registry.push(`${machines.name}:1`);
        const { properties } = await create({ image });
        expect((await docker.getContainer(properties["containerId"]).inspect()).Config.Image).toBe(image);
        expect(log.lines.map(({ message }) => message)).toContain(`pulling ${image}`);
    });

    it("given none, or wrong ones, then one sentence names the registry and where they were looked for", async () => {
        const image = `${registry.address}/refused:1`;
        await registry.push("refused:1");
        const begin = `image ${image} is not on unix:///var/run/docker.sock and could not be pulled: ${registry.address} refuses (`;
        const failing = async (properties: object = {}) => {
            const { message } = await failureOf(create({ image, ...properties }));
            expect(message.slice(0, begin.length)).toBe(begin);
            expect(message).not.toMatch(/\n/);
            for (const secret of [PASSWORD, WRONG, AUTH]) expect(message).not.toContain(secret);
            return message;
        };
        expect(await failing()).toMatch(
            /it was shown no credentials: docker\.registryAuth or \S+\/config\.json has none for it; check its name/,
        );
        expect(await failing(login(WRONG))).toMatch(/it was shown the credentials in docker\.registryAuth;/);
        settings({ credsStore: "no-such" });
        expect(await failing()).toMatch(
            /docker-credential-no-such is not on PATH \(\S+\/config\.json names it for 127\.0\.0\.1:\d+\);/,
        );
        settings(`{"auths": {"${registry.address}": {"auth": "${AUTH}"`);
        expect(await failing()).toMatch(/config\.json is not what docker login writes;/);
    });

    it("given docker.registryAuth, then that, and another password shows no change and is kept", async () => {
        settings({ credsStore: "no-such" });
        await registry.push("given:1");
        const image = `${registry.address}/given:1`;
        const made = await create({ image, ...login() });
        const { inputs: changed } = await provider.check(inputs({ image, ...login(WRONG) }), made.inputs);
        expect(changed["registryAuth"]).toEqual(login(WRONG).registryAuth);
        const NONE = 1;
        expect(await provider.diff(made.id, made.properties, changed)).toMatchObject({ changes: NONE, replaces: [] });
        const { inputs: more } = await provider.check(inputs({ image, ...login(WRONG), restart: "no" }), made.inputs);
        expect(await provider.diff(made.id, made.properties, more)).toMatchObject({ changes: 0, replaces: [] });
    });
});

describe("pullPolicy", () => {
    it("given never, then what the host does not have is an error, and what it has is used", async () => {
        await registry.push("never:1");
        const image = `${registry.address}/never:1`;
        const wanted = { image, pullPolicy: "never", ...login() };
        expect((await failureOf(create(wanted))).message).toBe(
            `image ${image} is not on unix:///var/run/docker.sock, and pullPolicy is "never"; build or load it there first`,
        );
        await create({ image, ...login() });
        machines.name += "-again";
        await create(wanted);
    });

    it("given missing, then a name that the registry does not have is told as such", async () => {
        await registry.push("present:1");
        const { message } = await failureOf(create({ image: `${registry.address}/present:2`, ...login() }));
        expect(message).toMatch(/and could not be pulled: 127\.0\.0\.1:\d+ has no such image \(manifest .* not found/);
    });

    it("given always, then the preview shows what the registry has now, and the machine runs that", async () => {
        const [first, second] = [await registry.push("newest:1"), await registry.push("other:1")];
        const image = `${registry.address}/newest:1`;
        const wanted = { image, pullPolicy: "always", ...login() };
        const made = await create(wanted);
        expect(made.inputs["imageDigest"]).toBe(first);
        expect(first).not.toBe(second);
        const { Config } = await docker.getContainer(made.properties["containerId"]).inspect();
        expect(Config.Image).toBe(`${image}@${first}`);

        const newer = await registry.push("newest:1");
        // A run asks once: this is the next one.
        const later = await nextRun();
        const { inputs: checked } = await later.check(inputs(wanted), made.inputs);
        expect(checked["imageDigest"]).toBe(newer);
        expect((await later.diff(made.id, made.properties, checked)).replaces).toEqual(["imageDigest"]);
        const { inputs: missing } = await later.check(inputs({ ...wanted, pullPolicy: "missing" }), made.inputs);
        expect(missing).not.toHaveProperty("imageDigest");
        expect((await later.diff(made.id, made.properties, missing)).replaces).toEqual([]);
    });

    it("given always and a registry that does not answer, then machines stay, and new ones are refused", async () => {
        await registry.push("silent:1");
        const image = `${registry.address}/silent:1`;
        const wanted = { image, pullPolicy: "always", ...login() };
        const made = await create(wanted);
        const later = await nextRun();
        await registry.stop();
        try {
            expect((await later.check(inputs(wanted), made.inputs)).inputs).toEqual(made.inputs);
            expect(log.lines.at(-1)).toMatchObject({
                ephemeral: false,
                message: expect.stringMatching(/^stays with the \S+\/silent:1 that it has: .*connection refused/),
            });
            expect((await later.check(inputs({ ...wanted }))).failures).toEqual([
                expect.stringMatching(/^image: must be in its registry, because pullPolicy is "always" \(got ".*"\): /),
            ]);
        } finally {
            await registry.start();
        }
    });
});

describe("platform", () => {
    it("given one of several, then that build runs, beside another's of the same name", async () => {
        await registry.push("both:1", "linux/amd64", "linux/arm64");
        const image = `${registry.address}/both:1`;
        const architectureOf = async (platform: string) => {
            const name = machines.stack.inputs("virtualMachine", `on-${platform.replace("/", "-")}`, {});
            const { properties } = await create({ ...name, image, platform, ...login() });
            const { Image } = await docker.getContainer(properties["containerId"]).inspect();
            return (await docker.getImage(Image).inspect()).Architecture;
        };
        expect(await Promise.all(["linux/arm64/v8", "linux/amd64"].map(architectureOf))).toEqual(["arm64", "amd64"]);
        const { message } = await failureOf(create({ image, platform: "linux/s390x", ...login() }));
        expect(message).toMatch(
            /: 127\.0\.0\.1:\d+ has no build of it for linux\/s390x \(there are linux\/amd64, linux\/arm64\); check/,
        );
    });

    it("given another, then the machine is replaced; written otherwise, it is none", async () => {
        const from = { image: "any", platform: "linux/arm64" };
        expect((await machines.replaces(from, { ...from, platform: "linux/amd64" })).replaces).toEqual(["platform"]);
        expect((await machines.replaces(from, { ...from, platform: "Linux/aarch64" })).replaces).toEqual([]);
    });
});
