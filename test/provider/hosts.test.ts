import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { find } from "../../cli/find";
import { certify, type Certified } from "../support/certificates";
import { Engine, Sshd } from "../support/engine";
import { ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
const settings = mkdtempSync(path.join(tmpdir(), "switchyard-docker-"));
let engine: Engine;
let sshd: Sshd;
let provider: ProviderProcess;
beforeAll(async () => {
    engine = await Engine.start();
    [sshd, provider] = await Promise.all([Sshd.start(engine), start()]);
});
afterAll(async () => {
    await provider?.stop();
    await sshd?.stop();
    await engine?.remove();
    rmSync(settings, { recursive: true });
});

const start = (environment: NodeJS.ProcessEnv = {}, by: readonly string[] = []) =>
    ProviderProcess.start({ environment: { DOCKER_CONFIG: settings, ...environment }, by });

/** Of a process of its own: what a host did before is not remembered. */
async function inOwn<T>(environment: NodeJS.ProcessEnv, act: (provider: ProviderProcess) => Promise<T>): Promise<T> {
    const own = await start(environment);
    try {
        return await act(own);
    } finally {
        await own.stop();
    }
}

const bridge = (docker?: Properties) =>
    stack.inputs("publicNetwork", "bridge", { existing: "bridge", ...(docker && { docker }) });
const networkId = () => engine.docker("network", "inspect", "bridge", "--format", "{{.Id}}");
const certificates = () => {
    const read = (name: string) => readFileSync(path.join(engine.certificates, name), "utf8");
    return { caMaterial: read("ca.pem"), certMaterial: read("cert.pem"), keyMaterial: read("key.pem") };
};
const createContext = (name: string, endpoint: string) =>
    execFileSync("docker", ["context", "create", name, "--docker", endpoint], {
        env: { ...process.env, DOCKER_CONFIG: settings },
        stdio: "ignore",
    });
const withFiles = () =>
    `host=${engine.tcp},ca=${engine.certificates}/ca.pem,cert=${engine.certificates}/cert.pem,key=${engine.certificates}/key.pem`;

/** Speaks TLS with a certificate, as Docker does. */
async function listenWith({ certificate: cert, key }: Certified): Promise<https.Server> {
    const server = https.createServer({ cert, key }, (_, response) => response.end("OK")).listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
}

async function reached(docker?: Properties, by = provider): Promise<Properties> {
    const { inputs, failures } = await by.check(bridge(docker));
    expect(failures).toEqual([]);
    const { id, properties } = await by.create(inputs);
    expect(id).toBe(networkId());
    expect(properties["__engine"]).toMatchObject({ id: engine.id });
    return properties;
}

describe("a Docker host, by every way that leads to it", () => {
    it("given its socket, its address with certificates as texts or files, or ssh, then it is the one that answers", async () => {
        await reached({ host: engine.host });
        await reached({ host: engine.tcp, ...certificates() });
        await reached({ host: engine.tcp, certPath: engine.certificates });
        await reached({ host: sshd.host, sshOpts: sshd.options() });
    });

    it("given a Docker context, by name, by DOCKER_CONTEXT or as the current one, then its host and certificates", async () => {
        createContext("east", withFiles());
        await reached({ context: "east" });
        vi.stubEnv("DOCKER_CONFIG", settings);
        // Found, and nothing of ours there.
        await expect(find({ context: ["east"] })).rejects.toThrow(
            `no gateway or DNS server of Switchyard on ${engine.tcp}`,
        );
        vi.unstubAllEnvs();
        await inOwn({ DOCKER_CONTEXT: "east" }, (own) => reached(undefined, own));
        execFileSync("docker", ["context", "use", "east"], {
            env: { ...process.env, DOCKER_CONFIG: settings },
            stdio: "ignore",
        });
        await inOwn({}, (own) => reached(undefined, own));
    });

    it("given DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, then as the docker command", async () => {
        const environment = { DOCKER_HOST: engine.tcp, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: engine.certificates };
        await inOwn(environment, (own) => reached(undefined, own));
    });

    it("given a host of ssh's own configuration, behind a jump host, then as ssh itself", async () => {
        const config = path.join(settings, "ssh_config");
        const common = sshd.options().join(" ").replace("-F none -i", "IdentityFile").replaceAll(" -o ", "\n");
        const { hostname, port } = new URL(sshd.host);
        // Of the engine's own namespace: nobody but the jump host gets there.
        const east = `Host east\nHostName 127.0.0.1\nHostKeyAlias [${hostname}]:${port}\nProxyJump jump`;
        const jump = `Host jump\nHostName ${hostname}`;
        writeFileSync(config, `${east}\n${jump}\nHost *\nUser root\nPort ${port}\n${common}\n`);
        await reached({ host: "ssh://east", sshOpts: ["-F", config] });
    });

    it("given many resources over ssh, then few log in", async () => {
        const before = sshd.logins;
        const docker = { host: sshd.host, sshOpts: [...sshd.options(), "-o", "LogLevel=ERROR"] };
        const { inputs } = await provider.check(bridge(docker));
        await Promise.all(Array.from({ length: 40 }, () => provider.create(inputs)));
        expect(sshd.logins - before).toBeLessThanOrEqual(6);
    });
});

describe("a Docker host that cannot be reached", () => {
    const refusal = async (docker: Properties): Promise<string> => {
        const { inputs, failures } = await provider.check(bridge(docker));
        expect(failures).toEqual([]);
        return provider.create(inputs).then(
            () => "created",
            (error: Error) => error.message,
        );
    };

    it("given each way to go wrong, then a preview validates, and an update says which host and why", async () => {
        const stranger = await certify();
        const authority = { certificate: engine.authority.certificate, key: engine.authority.key };
        const expired = await certify({ by: authority, from: "20200101000000Z", until: "20200201000000Z" });
        const web = net.createServer((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello"));
        await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
        const { port } = web.address() as net.AddressInfo;
        const { caMaterial, ...client } = certificates();
        const disguised = await Promise.all([
            certify({ by: authority, names: "IP:127.0.0.1", from: "20200101000000Z", until: "20200201000000Z" }),
            certify({ by: authority, names: "IP:127.0.0.1", from: "20900101000000Z", until: "20900201000000Z" }),
            certify({ by: authority, names: "DNS:west.example" }),
        ]);
        const servers = await Promise.all(disguised.map(listenWith));
        const [late, early, other] = servers.map((server) => {
            const host = `https://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
            return { host, caMaterial, ...client };
        });
        const named = (reason: string) =>
            new RegExp(`^cannot reach Docker at \\S+: ${reason}.* \\(docker.host or DOCKER_HOST names the host\\)$`);
        const tables: [Properties, RegExp][] = [
            [
                { host: "tcp://nobody.invalid:2375" },
                named("(there is no host of the name nobody.invalid|the name nobody.invalid cannot be looked up now)"),
            ],
            [
                { host: `tcp://${engine.address}:9` },
                named("nobody listens there \\(connection refused\\); start Docker there"),
            ],
            [{ host: "unix:///nonexistent.sock" }, named("there is no such socket; start Docker there")],
            [{ host: `tcp://127.0.0.1:${port}` }, named("what answers there is not Docker")],
            [{ host: `http://${engine.address}:2376` }, named("it wants TLS; give certPath, or")],
            [{ host: `https://127.0.0.1:${port}` }, named("it does not speak TLS there")],
            [late!, named("its certificate has expired")],
            [early!, named("its certificate is not valid yet")],
            [other!, named("its certificate is for another name than 127.0.0.1")],
            [
                { host: engine.tcp, ...client, caMaterial: stranger.certificate },
                named("its certificate is not signed by the authority given"),
            ],
            [{ host: engine.tcp, caMaterial }, named("it does not accept the client's certificate")],
            [
                { host: engine.tcp, caMaterial, certMaterial: stranger.certificate, keyMaterial: stranger.key },
                named("it does not accept the client's certificate"),
            ],
            [
                { host: engine.tcp, caMaterial, certMaterial: expired.certificate, keyMaterial: expired.key },
                named("it does not accept the client's certificate"),
            ],
            [
                { host: engine.tcp, caMaterial, certMaterial: client.certMaterial, keyMaterial: stranger.key },
                named("the certificate or key given for it cannot be read, or one is not the other's"),
            ],
            [
                { host: sshd.host, sshOpts: sshd.options({ key: "strangerKey" }) },
                named("ssh root@\\S+: .*Permission denied \\(publickey\\)"),
            ],
            [
                { host: sshd.host, sshOpts: sshd.options({ knownHosts: "wrongHosts" }) },
                named("ssh root@\\S+: Host key verification failed. \\(its host key is not the known one"),
            ],
            [{ host: `ssh://${engine.address}:9`, sshOpts: ["-F", "none"] }, named("ssh \\S+: .*Connection refused")],
        ];
        try {
            const said = await Promise.all(tables.map(([docker]) => refusal(docker)));
            for (const [index, [, expected]] of tables.entries()) expect(said[index]).toMatch(expected);
            expect(await refusal({ context: "nowhere" })).toBe(
                "there is no Docker context nowhere on this machine; docker context ls shows those that are",
            );
        } finally {
            for (const server of [web, ...servers]) server.close();
        }
    });

    it("given a socket that the user may not use, then an update says which group to join", async () => {
        const socket = path.join(settings, "others.sock");
        const server = net.createServer().listen(socket);
        await once(server, "listening");
        chmodSync(socket, 0o600);
        chownSync(socket, 65534, 65534);
        // Root as everybody else: bound by permissions.
        const own = await start({}, ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]);
        try {
            await expect(own.create(bridge({ host: `unix://${socket}` }))).rejects.toThrow(
                `cannot reach Docker at unix://${socket}: permission denied; add your user to the group`,
            );
        } finally {
            await own.stop();
            server.close();
        }
    });

    it("given a host that takes connections and never answers, then not every resource of a preview waits", () =>
        inOwn({}, async (own) => {
            await whileItHangs(async () => {
                // One waits five seconds.
                expect(await secondsOf(20, own)).toBeLessThan(15);
                const [first, second] = await Promise.all([failureOf(own), failureOf(own)]);
                expect(first).toMatch(/no answer within 15 s/);
                expect(second).toMatch(/either: see the other error$/);
            });
        }));

    it("given a host that answers at first and then no more, then a preview fails and says so, and the rest does without", () =>
        inOwn({}, async (own) => {
            await reached({ host: engine.host }, own);
            await whileItHangs(async () => {
                const { name, addressSpace } = { name: "own", addressSpace: stack.addressSpaces.public };
                const declared = stack.inputs("publicNetwork", name, { docker: { host: engine.host }, addressSpace });
                const [one, other] = await Promise.allSettled([own.check(declared), own.check(declared)]);
                expect([one, other].map(reasonIn).sort()).toEqual([
                    expect.stringMatching(`cannot reach Docker at ${engine.host} either: see the other error$`),
                    expect.stringMatching(
                        `cannot reach Docker at ${engine.host}: no answer to /\\S+ within 30 s, though it takes connections; it hangs`,
                    ),
                ]);
                expect(await secondsOf(20, own)).toBeLessThan(15);
            });
        }));

    async function whileItHangs(act: () => Promise<void>): Promise<void> {
        engine.hang();
        try {
            await act();
        } finally {
            engine.resume();
        }
    }

    async function secondsOf(checks: number, own: ProviderProcess): Promise<number> {
        const begun = Date.now();
        for (let count = 0; count < checks; count++) {
            const { failures } = await own.check(bridge({ host: engine.host }));
            expect(failures).toEqual([]);
        }
        return (Date.now() - begun) / 1000;
    }

    const reasonIn = (settled: PromiseSettledResult<unknown>) =>
        settled.status === "rejected" ? (settled.reason as Error).message : "checked";
    const failureOf = async (own: ProviderProcess) =>
        reasonIn((await Promise.allSettled([own.create(bridge({ host: engine.host }))]))[0]);
});

describe("whether it is the same engine", () => {
    const replaces = async (olds: Properties, docker: Properties) => {
        const { inputs } = await provider.check(bridge(docker), olds);
        const { replaces } = await provider.diff("id", olds, inputs);
        // What the check keeps must agree with what the diff says.
        expect(inputs["__engine"]?.id === olds["__engine"]?.id).toBe(replaces.length === 0);
        return replaces;
    };

    it("given another way to it, or another key, then nothing is replaced", async () => {
        const olds = await reached({ host: engine.host });
        const { __engine: _, ...unmarked } = olds;
        const others = [
            { host: engine.tcp, certPath: engine.certificates },
            { host: engine.tcp, ...certificates() },
            { host: sshd.host, sshOpts: sshd.options() },
        ];
        for (const docker of others) {
            expect(await replaces(olds, docker)).toEqual([]);
            expect(await replaces(unmarked, docker)).toEqual([]);
        }
        const overTcp = await reached({ host: engine.tcp, certPath: engine.certificates });
        expect(await replaces(overTcp, { host: engine.tcp, ...certificates() })).toEqual([]);
        // The way that was is gone; its engine is known by its id.
        const moved = { ...olds, docker: { host: "unix:///gone.sock" } };
        expect(await replaces(moved, { host: engine.host })).toEqual([]);
        // Nothing given on a machine where DOCKER_HOST led there.
        const { docker: _given, ...ofEnvironment } = olds;
        expect(await replaces(ofEnvironment, { host: engine.host })).toEqual([]);
    });

    it("given another engine, or one of which nobody can tell, then it is replaced", async () => {
        const olds = await reached({ host: engine.host });
        expect(await replaces(olds, { host: "unix:///var/run/docker.sock" })).toEqual(["docker"]);
        expect(await replaces(olds, { host: "tcp://127.0.0.1:9" })).toEqual(["docker"]);
    });

    it("given an update in place, then it is made by the new way, and the state keeps it", async () => {
        const olds = await reached({ host: engine.host });
        const { inputs } = await provider.check(bridge({ host: engine.tcp, certPath: engine.certificates }), olds);
        const after = await provider.update(networkId(), olds, inputs);
        expect(after).toMatchObject({ docker: { host: engine.tcp }, __engine: olds["__engine"] });
    });

    it("given an environment that leads to another engine, then refresh, update and destroy refuse to forget", async () => {
        const state = await inOwn({ DOCKER_HOST: engine.host }, (own) => reached(undefined, own));
        const other =
            /^Docker at unix:\/\/\S+docker.sock is another engine \(on \S+\) than the one on \S+ that has this: .* set SWITCHYARD_LOST_ENGINE=\S+ and run pulumi refresh$/;
        const id = networkId();
        await inOwn({ DOCKER_HOST: "unix:///var/run/docker.sock" }, async (own) => {
            await expect(own.read(id, state)).rejects.toThrow(other);
            const { inputs } = await own.check(bridge(), state);
            expect((await own.diff(id, state, inputs)).replaces).toEqual([]);
            const there = await own.check(bridge({ host: "unix:///var/run/docker.sock" }), state);
            expect((await own.diff(id, state, there.inputs)).replaces).toEqual(["docker"]);
            // A state of before tells no engine: as it was.
            const { __engine: _, ...unmarked } = state;
            expect((await own.read(id, unmarked)).id).toBe("");
        });
        const advice = `; or, if that one is gone for good, set SWITCHYARD_LOST_ENGINE=${engine.id} and run pulumi refresh`;
        await inOwn({ DOCKER_HOST: "tcp://127.0.0.1:9" }, async (own) => {
            await expect(own.read(id, state)).rejects.toThrow(new RegExp(`^cannot reach Docker at .*${advice}$`));
        });
        const lost = { DOCKER_HOST: "tcp://127.0.0.1:9", SWITCHYARD_LOST_ENGINE: engine.id };
        await inOwn(lost, async (own) => {
            expect((await own.read(id, state)).id).toBe("");
            await own.delete(id, state);
        });
    });

    it("given a network of its own there, then destroy elsewhere refuses, and refresh shows the same engine", async () => {
        const declared = stack.inputs("publicNetwork", "own", { docker: { host: engine.host } });
        const { inputs } = await provider.check({ ...declared, addressSpace: stack.addressSpaces.public });
        const made = await provider.create(inputs);
        const elsewhere = { ...made.properties, docker: { host: "unix:///var/run/docker.sock" } };
        await expect(provider.delete(made.id, elsewhere)).rejects.toThrow(/is another engine/);
        const read = await provider.read(made.id, made.properties);
        expect(read.inputs["__engine"]).toEqual(made.properties["__engine"]);
        await provider.delete(made.id, made.properties);
        expect(engine.docker("network", "ls", "--quiet", "--filter", `id=${made.id}`)).toBe("");
    });
});
