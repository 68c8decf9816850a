import { describe, expect, it } from "vitest";
import { docker } from "./support/host";
import { failureOf, Machines, OBEDIENT, run } from "./support/machines";

const machines = new Machines();

const inspect = (id: string) => docker.getContainer(id).inspect();
const IMAGES_OWN = { Test: ["CMD-SHELL", "false"], Interval: 3600e9 };

describe("a host name", () => {
    it("given one of its own, then the machine calls itself so, and others reach it by both names", async () => {
        const { id, properties, inputs } = await machines.make({ hostname: "db.contoso.example" });
        expect(await run(id, "hostname")).toBe("db.contoso.example");
        for (const name of [machines.name, "db.contoso.example"])
            expect(await run(id, "getent", "hosts", name)).toContain(properties["address"]);
        expect(await machines.provider.read(id, properties)).toEqual({ id, properties, inputs });
    });
});

describe("devices and capabilities", () => {
    it("given none, then the machine has Docker's own", async () => {
        const { HostConfig } = await inspect((await machines.make()).id);
        expect(HostConfig).toMatchObject({ CapAdd: null, CapDrop: null, Devices: [], Privileged: false });
    });

    it("given some, then the machine has them beside Docker's own, and no more", async () => {
        const { id, properties, inputs } = await machines.make({
            devices: { "/dev/mine": { device: "/dev/null", permissions: "r" } },
            capabilities: ["cap_net_admin"],
        });
        expect(properties["capabilities"]).toEqual(["NET_ADMIN"]);
        expect(await run(id, "stat", "-c", "%F", "/dev/mine")).toBe("character special file");
        // Of this one, every machine may do all; what it may do with others is for the kernel to hold.
        expect((await inspect(id)).HostConfig.Devices).toEqual([
            { PathInContainer: "/dev/mine", PathOnHost: "/dev/null", CgroupPermissions: "r" },
        ]);
        const NET_ADMIN = 12n;
        const SYS_ADMIN = 21n;
        const held = BigInt(`0x${await run(id, "sed", "-n", "s/^CapEff:\\s*//p", "/proc/1/status")}`);
        expect([(held >> NET_ADMIN) & 1n, (held >> SYS_ADMIN) & 1n]).toEqual([1n, 0n]);
        expect(await machines.provider.read(id, properties)).toEqual({ id, properties, inputs });
    });

    it("given a device that the host does not have, then the error names it", async () => {
        const inputs = await machines.check({ devices: { "/dev/mine": "/dev/no-such-device" } });
        expect((await failureOf(machines.provider.create(inputs))).message).toMatch(/\/dev\/no-such-device/);
    });
});

describe("a health check", () => {
    it("given one, then the machine is ready once it passes", async () => {
        const healthCheck = { command: ["test", "-e", "/healthy"], intervalSeconds: 0.2, retries: 100 };
        const inputs = await machines.check({ healthCheck, readySeconds: 2 });
        const { message, partial } = await failureOf(machines.provider.create(inputs));
        expect(message).toMatch(/-1 is not ready after 2 s: its health check says starting/);
        await run(partial!.id, "touch", "/healthy");
        const healed = await machines.provider.update(partial!.id, partial!.properties, {
            ...inputs,
            readySeconds: 30,
        });
        expect(healed["healthCheck"]).toEqual({ ...healthCheck, timeoutSeconds: 30, startSeconds: 0 });
        expect((await inspect(partial!.id)).Config).toMatchObject({
            Healthcheck: { Test: ["CMD", "test", "-e", "/healthy"], Interval: 2e8, Timeout: 30e9, Retries: 100 },
        });
    });

    it('given "none", then the image\'s own is not asked', async () => {
        const tag = `${machines.stack.name}-sick`;
        const base = await docker.createContainer({ Image: "debian:trixie-slim" });
        await base.commit({ repo: tag, tag: "1", Healthcheck: IMAGES_OWN } as object);
        await base.remove();
        try {
            const { id } = await machines.make({ image: `${tag}:1`, healthCheck: "none" });
            expect((await inspect(id)).State.Health).toBeUndefined();
            await docker.getContainer(id).remove({ force: true });
        } finally {
            await docker.getImage(`${tag}:1`).remove();
        }
    });
});

describe("logs", () => {
    // The default follows the Docker host's own driver, which here is Docker's default.
    it.each([
        [undefined, { Type: "json-file", Config: { "max-size": "10485760", "max-file": "3" } }],
        [
            { maxSize: "1m", maxFiles: 7 },
            { Type: "json-file", Config: { "max-size": "1048576", "max-file": "7" } },
        ],
        ["host", { Type: "json-file", Config: {} }],
    ])("given %j, then Docker keeps %j", async (logs, config) => {
        const { id, properties, inputs } = await machines.make(logs === undefined ? {} : { logs });
        expect((await inspect(id)).HostConfig.LogConfig).toEqual(config);
        // What was not said is not in the state, so that machines made before show no change.
        expect(properties["logs"]).toEqual(inputs["logs"]);
        if (logs === undefined) expect(properties).not.toHaveProperty("logs");
    });

    it("given a small limit, then a machine that writes on and on fills no disk", async () => {
        const { id } = await machines.make({
            command: ["sh", "-c", "yes | head -c 2000000; trap 'exit 0' TERM; sleep 600 & wait"],
            logs: { maxSize: "64KiB", maxFiles: 2 },
        });
        const kept = await docker.getContainer(id).logs({ stdout: true });
        expect(kept.length).toBeGreaterThan(0);
        expect(kept.length).toBeLessThan(1_000_000);
    });
});

describe("stopping", () => {
    it("given a signal, then it is the one that the machine gets", async () => {
        const command = ["sh", "-c", "trap 'exit 7' QUIT; sleep 600 & wait"];
        const before = await machines.make({ command, stopSignal: "SIGQUIT" });
        const stopped = await machines.change(before, { command, stopSignal: "SIGQUIT", state: "stopped" });
        await machines.provider.update(before.id, before.properties, stopped.inputs);
        expect((await inspect(before.id)).State.ExitCode).toBe(7);
    });

    it("given a grace, also one that changed in place, then the machine has so long to end", async () => {
        const command = ["sh", "-c", "trap 'sleep 2; exit 0' TERM; sleep 600 & wait"];
        const before = await machines.make({ command, stopGraceSeconds: 0 });
        const hasty = await machines.change(before, { command, stopGraceSeconds: 0, state: "stopped" });
        const rest = await machines.provider.update(before.id, before.properties, hasty.inputs);
        expect((await inspect(before.id)).State.ExitCode).toBe(137);

        const patient = await machines.change(before, { command, stopGraceSeconds: 60 });
        expect(patient.diff.replaces).toEqual([]);
        const awake = await machines.provider.update(before.id, rest, patient.inputs);
        await machines.provider.update(before.id, awake, { ...patient.inputs, state: "stopped" });
        expect((await inspect(before.id)).State.ExitCode).toBe(0);
    });
});

describe("a change of what Docker fixes", () => {
    it.each([
        ["hostname", { hostname: "db" }],
        ["disks", { disks: { "/data": "vol" } }],
        ["userData", { userData: { "/f": "x" } }],
        ["devices", { devices: { "/dev/mine": "/dev/null" } }],
        ["capabilities", { capabilities: ["NET_ADMIN"] }],
        ["healthCheck", { healthCheck: "none" }],
        ["logs", { logs: "host" }],
        ["stopSignal", { stopSignal: "SIGINT" }],
    ])("given another %s, then the machine is replaced, the new one first", async (key, change) => {
        const replacing = { changes: 0, replaces: [key], deleteBeforeReplace: false };
        expect(await machines.replaces({}, change)).toEqual(replacing);
        expect(await machines.replaces(change, {})).toEqual(replacing);
        expect((await machines.replaces(change, change)).replaces).toEqual([]);
    });

    it("given other patience, grace or order of replacement, then nothing is", async () => {
        const change = { stopGraceSeconds: 60, replaceMode: "deleteFirst", readySeconds: 5 };
        expect((await machines.replaces({ command: OBEDIENT }, change)).replaces).toEqual([]);
    });
});
