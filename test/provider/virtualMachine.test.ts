import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { docker, IMAGE, removeEverythingOf } from "./support/host";
import { type ProviderError, ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
const network = `${stack.name}-1-east-private-1`;
let provider: ProviderProcess;
beforeAll(async () => {
    provider = await ProviderProcess.start();
    await docker.createNetwork({
        Name: network,
        Labels: { "io.switchyard.project": stack.project, "io.switchyard.stack": stack.name },
        IPAM: { Driver: "default", Config: [{ Subnet: stack.addressSpaces.private }] },
    });
});
afterAll(async () => {
    await provider.stop();
    await removeEverythingOf(stack);
});

/** Each test has a machine of its own. */
let count = 0;
let name: string;
beforeEach(() => (name = `web${++count}`));

/** A shell that ends when it is told to. */
const OBEDIENT = ["sh", "-c", "trap 'exit 0' TERM; sleep 600 & wait"];

function machine(properties: Properties = {}): Properties {
    return stack.inputs("virtualMachine", name, {
        alias: name,
        network,
        gateway: `${stack.name}-no-gateway`,
        image: IMAGE,
        command: OBEDIENT,
        ...properties,
    });
}

async function made(properties: Properties = {}) {
    const { inputs, failures } = await provider.check(machine(properties));
    expect(failures).toEqual([]);
    return { inputs, ...(await provider.create(inputs)) };
}

async function changed(before: { inputs: Properties; id: string; properties: Properties }, properties: Properties) {
    const { inputs, failures } = await provider.check(machine(properties), before.inputs);
    expect(failures).toEqual([]);
    return { inputs, diff: await provider.diff(before.id, before.properties, inputs) };
}

const failureOf = (action: Promise<unknown>) =>
    action.then(
        () => expect.fail("it should have failed"),
        (error: unknown) => error as ProviderError,
    );

describe("check", () => {
    it("given only what is required, then defaults and name are known at preview", async () => {
        expect((await provider.check(machine())).inputs).toEqual({
            ...machine(),
            environment: {},
            labels: {},
            size: {},
            restart: "unless-stopped",
            state: "running",
            readySeconds: 60,
            name: `${stack.name}-${name}-1`,
        });
    });

    it.each([
        { image: UNKNOWN },
        { network: UNKNOWN },
        { command: ["sleep", UNKNOWN] },
        { environment: { TOKEN: UNKNOWN } },
        { environment: UNKNOWN },
        { size: { memory: UNKNOWN } },
        { size: UNKNOWN },
        { labels: { team: UNKNOWN } },
        { state: UNKNOWN },
        { docker: { host: UNKNOWN } },
        { docker: UNKNOWN },
    ])("given %j, then the unknown is let through", async (unknown) => {
        const { inputs, failures } = await provider.check(machine(unknown));
        expect(failures).toEqual([]);
        expect(inputs).toMatchObject(unknown);
    });

    it("given a secret where it does not belong, then no message repeats it", async () => {
        const { failures } = await provider.check(
            machine({ environment: { TOKEN: ["hunter2"], "A=B": "hunter2" }, command: ["run", { token: "hunter2" }] }),
        );
        expect(failures).toEqual(["command[1]: must be a string", "environment.TOKEN: must be a string"]);
    });
});

describe("generations", () => {
    it("when nothing that replaces changes, then the name stays", async () => {
        const { inputs } = await provider.check(machine());
        const again = await provider.check(machine({ size: { cpus: 1 } }), {
            ...inputs,
            name: `${stack.name}-${name}-7`,
        });
        expect(again.inputs["name"]).toBe(`${stack.name}-${name}-7`);
    });

    it("when the image changes, then both checks of a run say the next generation, in preview and update alike", async () => {
        const olds = { ...(await provider.check(machine())).inputs, name: `${stack.name}-${name}-7` };
        for (const phase of ["preview", "update"]) {
            const run = await ProviderProcess.start();
            const wanted = machine({ image: "debian:other" });
            const first = await run.check(wanted, olds);
            const { replaces } = await run.diff("id", olds, first.inputs);
            const second = await run.check(wanted);
            await run.stop();
            expect({ phase, replaces, names: [first.inputs["name"], second.inputs["name"]] }).toEqual({
                phase,
                replaces: ["image"],
                names: [`${stack.name}-${name}-8`, `${stack.name}-${name}-8`],
            });
        }
    });

    it("when Pulumi replaces an unchanged machine, then the second check knows the first", async () => {
        const olds = { ...(await provider.check(machine())).inputs, name: `${stack.name}-${name}-4` };
        expect((await provider.check(machine(), olds)).inputs["name"]).toBe(`${stack.name}-${name}-4`);
        expect((await provider.check(machine())).inputs["name"]).toBe(`${stack.name}-${name}-5`);
    });

    it("when the machine really has another name than planned, then the next one follows that", async () => {
        const olds = (await provider.check(machine())).inputs;
        const wanted = machine({ image: "debian:other" });
        const first = await provider.check(wanted, olds);
        await provider.diff("id", { ...olds, name: `${stack.name}-${name}-3` }, first.inputs);
        expect((await provider.check(wanted)).inputs["name"]).toBe(`${stack.name}-${name}-4`);
    });
});

describe("create", () => {
    it("when it runs, then the container is as declared and as previewed", async () => {
        const { id, inputs, properties } = await made({
            environment: { TOKEN: "hunter2" },
            size: { cpus: 0.5, memory: "64m" },
            restart: "no",
            labels: { team: "web" },
        });
        const container = await docker.getContainer(inputs["name"]).inspect();
        const { IPAddress, Aliases } = container.NetworkSettings.Networks[network]!;
        expect(properties).toEqual({ ...inputs, containerId: id, address: IPAddress });
        expect(inputs["size"]).toEqual({ cpus: 0.5, memory: "64MiB" });
        expect(Aliases).toContain(name);
        expect(container).toMatchObject({
            Id: id,
            Config: {
                Hostname: name,
                Image: IMAGE,
                Cmd: OBEDIENT,
                Env: expect.arrayContaining(["TOKEN=hunter2"]),
                Labels: { team: "web", "io.switchyard.urn": stack.urn("VirtualMachine", name) },
            },
            HostConfig: {
                NanoCpus: 5e8,
                Memory: 64 * 1024 ** 2,
                MemorySwap: 64 * 1024 ** 2,
                RestartPolicy: { Name: "no" },
            },
        });
        expect(await provider.read(id, properties)).toEqual({ id, properties, inputs });
    });

    it("given state stopped, then it is made and does not run", async () => {
        const { id, properties } = await made({ state: "stopped" });
        expect((await docker.getContainer(id).inspect()).State.Running).toBe(false);
        expect(properties).not.toHaveProperty("address");
    });

    it("when it ends at once, then it stays in state with exit code and last lines", async () => {
        const { inputs } = await provider.check(
            machine({
                command: ["sh", "-c", "echo no database for $TOKEN >&2; exit 3"],
                restart: "no",
                environment: { TOKEN: "hush-hush" },
            }),
        );
        const { message, partial } = await failureOf(provider.create(inputs));
        expect(message).toBe(
            `${inputs["name"]} is not ready: it ended with exit code 3; its last lines:\nno database for [environment.TOKEN]`,
        );
        expect(partial!.reasons).toEqual([message]);
        expect(partial!.properties).toEqual({ ...inputs, containerId: partial!.id });
        expect((await docker.getContainer(inputs["name"]).inspect()).Id).toBe(partial!.id);
    });

    it("when it ends again and again, then it is given the time to come up, and no more", async () => {
        const { inputs } = await provider.check(machine({ command: ["sh", "-c", "exit 4"], readySeconds: 2 }));
        const { message, partial } = await failureOf(provider.create(inputs));
        expect(message).toMatch(
            /-1 is not ready after 2 s: it does not stay up \(exit code 4, restarted \d+ times\); it wrote nothing$/,
        );
        expect(partial!.id).not.toBe("");
    });

    it("when the command is not in the image, then the error says so, and a retry with the same inputs does too", async () => {
        const { inputs } = await provider.check(machine({ command: ["/no/such/program"] }));
        const { message, partial } = await failureOf(provider.create(inputs));
        expect(message).toMatch(/-1 does not start: .*\/no\/such\/program.*no such file or directory/);
        const again = await failureOf(provider.update(partial!.id, partial!.properties, inputs));
        expect(again.message).toBe(message);
        expect(again.partial!.id).toBe(partial!.id);
    });

    it("given an image that nobody has, then the error says what to do", async () => {
        const { inputs } = await provider.check(machine({ image: "localhost:1/no-such-image:1" }));
        const { message, partial } = await failureOf(provider.create(inputs));
        expect(message).toMatch(
            /^image localhost:1\/no-such-image:1 is not on unix:\S+ and could not be pulled: .*; check its name, or build or load it there first$/,
        );
        expect(partial).toBeUndefined();
    });

    it("given an image with a health check, then it is waited for", async () => {
        const tag = `${stack.name}-health:1`;
        const base = await docker.createContainer({ Image: IMAGE });
        await base.commit({
            repo: tag.split(":")[0],
            tag: "1",
            Healthcheck: { Test: ["CMD-SHELL", "test -e /healthy"], Interval: 200_000_000, Retries: 100 },
        } as object);
        await base.remove();
        try {
            const { inputs } = await provider.check(machine({ image: tag, readySeconds: 2 }));
            const { message, partial } = await failureOf(provider.create(inputs));
            expect(message).toMatch(/-1 is not ready after 2 s: its health check says starting/);
            const exec = await docker
                .getContainer(partial!.id)
                .exec({ Cmd: ["touch", "/healthy"], AttachStdout: true });
            (await exec.start({})).resume();
            const healed = await provider.update(partial!.id, partial!.properties, { ...inputs, readySeconds: 30 });
            expect(healed["address"]).toMatch(/^10\./);
            await docker.getContainer(partial!.id).remove({ force: true });
        } finally {
            await docker.getImage(tag).remove();
        }
    });
});

describe("what killed runs leave", () => {
    it("given a container of that name made for this machine, then it is removed and the name kept", async () => {
        const { id, inputs } = await made();
        const next = await ProviderProcess.start();
        const again = await next.create(inputs);
        await next.stop();
        expect(again.properties["name"]).toBe(inputs["name"]);
        await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    });

    it("given somebody else's container of that name, then it stays and the next number is taken", async () => {
        const { inputs } = await provider.check(machine());
        const foreign = await docker.createContainer({ name: inputs["name"], Image: IMAGE });
        try {
            // A preview shows the name that will be made; here it came in between.
            expect((await provider.check(machine())).inputs["name"]).toBe(`${stack.name}-${name}-2`);
            const { id, properties } = await provider.create(inputs);
            expect(properties["name"]).toBe(`${stack.name}-${name}-2`);
            // And it is what a refresh finds, and what an update keeps.
            expect((await provider.read(id, properties)).inputs["name"]).toBe(`${stack.name}-${name}-2`);
            expect(await provider.update(id, properties, inputs)).toEqual(properties);
        } finally {
            await foreign.remove({ force: true });
        }
    });
});

describe("in place", () => {
    it("when size, restart policy and state change, then nothing is replaced and the container follows", async () => {
        const before = await made({ size: { cpus: 1 / 3, memory: "0.0625GiB" }, restart: "no" });
        expect((await provider.read(before.id, before.properties)).inputs["size"]).toEqual(before.inputs["size"]);
        const larger = await changed(before, { size: { cpus: 1, memory: "256MiB" }, restart: "on-failure" });
        expect(larger.diff).toEqual({ changes: 0, replaces: [], deleteBeforeReplace: false });
        const after = await provider.update(before.id, before.properties, larger.inputs);
        expect(after).toEqual({ ...larger.inputs, containerId: before.id, address: before.properties["address"] });
        expect((await docker.getContainer(before.id).inspect()).HostConfig).toMatchObject({
            NanoCpus: 1e9,
            Memory: 256 * 1024 ** 2,
            MemorySwap: 256 * 1024 ** 2,
            RestartPolicy: { Name: "on-failure" },
        });
        expect(await provider.read(before.id, after)).toEqual({
            id: before.id,
            properties: after,
            inputs: larger.inputs,
        });
    });

    it("when limits are taken away, then the machine may have all of the host, and a refresh is silent", async () => {
        const before = await made({ size: { cpus: 0.5, memory: "64MiB" } });
        const free = await changed(before, {});
        const after = await provider.update(before.id, before.properties, free.inputs);
        const { NCPU, MemTotal } = await docker.info();
        expect((await docker.getContainer(before.id).inspect()).HostConfig).toMatchObject({
            NanoCpus: NCPU * 1e9,
            Memory: MemTotal,
        });
        expect((await provider.read(before.id, after)).inputs).toEqual(free.inputs);
        const limited = await changed(
            { ...before, inputs: free.inputs, properties: after },
            { size: { memory: "32MiB" } },
        );
        await provider.update(before.id, after, limited.inputs);
        expect((await docker.getContainer(before.id).inspect()).HostConfig.Memory).toBe(32 * 1024 ** 2);
    });

    it("when it is stopped and started by its state, then the container is", async () => {
        const before = await made();
        const stopped = await changed(before, { state: "stopped" });
        const rest = await provider.update(before.id, before.properties, stopped.inputs);
        expect(rest).not.toHaveProperty("address");
        expect((await docker.getContainer(before.id).inspect()).State.Running).toBe(false);
        const awake = await provider.update(before.id, rest, before.inputs);
        expect(awake["address"]).toMatch(/^10\./);
    });

    it("when Docker refuses a size, then the error names machine and reason, and the machine stays in state", async () => {
        const before = await made();
        const { inputs } = await changed(before, { size: { cpus: 1000 } });
        const { message, partial } = await failureOf(provider.update(before.id, before.properties, inputs));
        expect(message).toMatch(new RegExp(`^${inputs["name"]}: Range of CPUs is from 0.01 to`));
        expect(partial!.id).toBe(before.id);
    });

    it.each([
        ["alias", { alias: "other" }],
        ["image", { image: "debian:other" }],
        ["command", { command: ["sleep", "1"] }],
        ["environment", { environment: { A: "b" } }],
        ["labels", { labels: { a: "b" } }],
        ["network", { network: "other" }],
        ["network", { network: UNKNOWN }],
        ["docker", { docker: { host: "ssh://elsewhere" } }],
    ])("when %s becomes %j, then the machine is replaced, the new one first", async (key, properties) => {
        const { inputs } = await provider.check(machine());
        const { diff } = await changed({ inputs, id: "id", properties: inputs }, properties);
        expect(diff).toEqual({ changes: 0, replaces: [key], deleteBeforeReplace: false });
    });

    it.each([{}, { host: "unix:///var/run/docker.sock" }])(
        "when the Docker host gets its name %j, then nothing is replaced",
        async (host) => {
            const { inputs } = await provider.check(machine());
            const { diff } = await changed({ inputs, id: "id", properties: inputs }, { docker: host });
            expect(diff.replaces).toEqual([]);
        },
    );

    it("when only the gateway or the patience changes, then nothing is replaced", async () => {
        const { inputs } = await provider.check(machine());
        const { diff } = await changed({ inputs, id: "id", properties: inputs }, { gateway: "other", readySeconds: 5 });
        expect(diff.replaces).toEqual([]);
    });
});

describe("drift", () => {
    it("when somebody stops it, then a refresh shows the state, and an update starts it", async () => {
        const { id, inputs, properties } = await made();
        await docker.getContainer(id).stop({ t: 1 });
        const drifted = await provider.read(id, properties);
        expect(drifted.inputs).toEqual({ ...inputs, state: "stopped" });
        const healed = await provider.update(id, drifted.properties, inputs);
        expect((await provider.read(id, healed)).inputs).toEqual(inputs);
    });

    it("when somebody pauses it, then it counts as stopped, and an update lets it go on", async () => {
        const { id, inputs, properties } = await made();
        await docker.getContainer(id).pause();
        const drifted = await provider.read(id, properties);
        expect(drifted.inputs["state"]).toBe("stopped");
        await provider.update(id, drifted.properties, inputs);
        expect((await docker.getContainer(id).inspect()).State.Paused).toBe(false);
    });

    it("when somebody changes its limits and restart policy, then a refresh shows these properties", async () => {
        const { id, inputs, properties } = await made({ size: { memory: "64MiB" } });
        await docker.getContainer(id).update({
            Memory: 96 * 1024 ** 2,
            MemorySwap: 96 * 1024 ** 2,
            NanoCpus: 1.5e9,
            RestartPolicy: { Name: "no" },
        });
        const drifted = await provider.read(id, properties);
        expect(drifted.inputs).toEqual({ ...inputs, size: { cpus: 1.5, memory: "96MiB" }, restart: "no" });
        const healed = await provider.update(id, drifted.properties, inputs);
        expect((await provider.read(id, healed)).inputs).toEqual(inputs);
    });

    it("when somebody takes it off its network, then a refresh shows that, and it is to be replaced", async () => {
        const { id, inputs, properties } = await made();
        await docker.getNetwork(network).disconnect({ Container: id, Force: true });
        const drifted = await provider.read(id, properties);
        expect(drifted.inputs).toEqual({ ...inputs, network: "" });
        const { diff } = await changed({ id, inputs: drifted.inputs, properties: drifted.properties }, {});
        expect(diff.replaces).toEqual(["network"]);
    });

    it("when somebody removes it, then it reads as gone, an update says so, and a delete does not mind", async () => {
        const { id, inputs, properties } = await made();
        await docker.getContainer(id).remove({ force: true });
        expect((await provider.read(id, properties)).id).toBe("");
        const { message } = await failureOf(provider.update(id, properties, inputs));
        expect(message).toBe(`container ${inputs["name"]} is gone; run pulumi up --refresh to make the machine again`);
        await provider.delete(id, properties);
    });
});

describe("delete", () => {
    it("when it does not serve, then it is asked to end, and removed", async () => {
        const { id, properties } = await made();
        await provider.delete(id, properties);
        await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    });
});

afterEach(async () => {
    const filters = { label: [`io.switchyard.urn=${stack.urn("VirtualMachine", name)}`] };
    for (const { Id } of await docker.listContainers({ all: true, filters })) {
        await docker.getContainer(Id).remove({ force: true });
    }
});
