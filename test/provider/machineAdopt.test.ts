import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { describe, expect, it, onTestFinished } from "vitest";
import { docker, IMAGE } from "./support/host";
import { failureOf, Machines, OBEDIENT, run } from "./support/machines";
import type { Properties } from "./support/providerProcess";

const machines = new Machines();
const name = () => `${machines.stack.name}-legacy-${machines.name}`;

/** A container that somebody made by hand: nothing tells whose it is. */
async function legacy(options: Docker.ContainerCreateOptions = {}): Promise<Docker.Container> {
    const container = await docker.createContainer({ name: name(), Image: IMAGE, Cmd: OBEDIENT, ...options });
    onTestFinished(() => container.remove({ force: true }).catch(() => undefined));
    await container.start();
    return container;
}

async function refusal(properties: Properties = {}): Promise<string[]> {
    return (await machines.provider.check(machines.inputs({ adopt: name(), ...properties }))).failures;
}

/** What the machine is, whatever it is told to adopt. */
const declared = { environment: { MODE: "a" }, userData: { "/etc/mode": "a\n" }, labels: { team: "web" } };

describe("adopt", () => {
    it("given a container as declared, then it becomes the machine and runs on, in its place and under its name", async () => {
        const container = await legacy({ Env: ["MODE=a"], Labels: { team: "web" } });
        await run(container.id, "sh", "-c", "printf 'a\\n' > /etc/mode");
        const { State } = await container.inspect();
        const given = { ...declared, size: { memory: "64MiB" }, privateAddress: machines.freeAddress };
        const { id, inputs, properties } = await machines.make({ ...given, adopt: name() });
        const after = await container.inspect();
        expect([id, properties["name"], after.Name]).toEqual([container.id, inputs["name"], `/${inputs["name"]}`]);
        expect(after.State.StartedAt).toBe(State.StartedAt);
        expect(Object.keys(after.NetworkSettings.Networks)).toEqual([machines.network]);
        expect(after.NetworkSettings.Networks[machines.network]!.Aliases).toContain(machines.name);
        expect(properties["address"]).toBe(machines.freeAddress);
        expect(after.HostConfig.Memory).toBe(64 * 1024 ** 2);
        expect((await machines.provider.read(id, properties)).inputs).toEqual(inputs);

        // Left in the program or taken out, it shows nothing; what replaces the machine is made.
        expect(await machines.check({ ...given, adopt: name() }, inputs)).toEqual(inputs);
        expect(await machines.check(given, inputs)).toEqual(inputs);
        const replacement = await machines.check({ ...given, adopt: name(), hostname: "other" });
        expect([replacement["adopt"], replacement["name"]]).toEqual([
            undefined,
            `${machines.stack.name}-${machines.name}-2`,
        ]);
        await container.restart({ t: 1 });
        expect((await machines.provider.read(id, properties)).inputs).toEqual(inputs);
        await machines.provider.delete(id, properties);
        await expect(container.inspect()).rejects.toMatchObject({ statusCode: 404 });
    });

    it("given one that differs, then the preview names the properties and no value, and nothing is touched", async () => {
        const container = await legacy({
            Env: ["MODE=b", "TOKEN=hush-hush"],
            StopSignal: "SIGINT",
            HostConfig: {
                CapAdd: ["CAP_NET_ADMIN"],
                Mounts: [{ Type: "volume", Source: `${name()}-data`, Target: "/data" }],
            },
        });
        const failures = await refusal({ ...declared, image: "debian:no-such-tag", command: ["true"] });
        expect(failures).toEqual([
            `adopt: must be as declared (got ${name()}, which differs in image (it has ${IMAGE}), command, stopSignal, ` +
                'capabilities, environment["MODE"], environment["TOKEN"], labels["team"], disks["/data"], ' +
                'userData["/etc/mode"]); declare what it has, and change that afterwards',
        ]);
        const { inputs } = await machines.provider.check(machines.inputs({ ...declared, adopt: name() }));
        expect((await failureOf(machines.provider.create(inputs))).message).toContain("differs in stopSignal");
        expect((await container.inspect()).Name).toBe(`/${name()}`);
        await container.remove({ force: true });
        await docker.getVolume(`${name()}-data`).remove();
    });

    it("given one that no machine could be, another resource's, or none, then the preview says so", async () => {
        expect(await refusal()).toEqual([
            expect.stringMatching(
                `^adopt: there is no container ${name()} on unix:\\S+; leave adopt out to have the machine made$`,
            ),
        ]);
        const odd = await legacy({
            User: "nobody",
            ExposedPorts: { "80/tcp": {} },
            HostConfig: {
                PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "0" }] },
                Binds: ["/tmp:/mine:ro"],
            },
        });
        expect(await refusal()).toEqual([
            `adopt: must be made as a virtual machine is (got ${name()}, made with --user, --publish, --volume with a folder ` +
                "of the host); leave adopt out to have the machine made",
        ]);
        await odd.remove({ force: true });
        const urn = machines.stack.urn("VirtualMachine", "other");
        const other = await legacy({ Labels: { "io.switchyard.urn": urn } });
        expect(await refusal()).toEqual([
            `adopt: must not be another resource's (got ${name()}, which is other's of stack ${machines.stack.name}, project ${machines.stack.project})`,
        ]);
        await other.remove({ force: true });
    });
});

describe("a machine that Pulumi has forgotten", () => {
    it("given that it is as declared, then the same container is taken back", async () => {
        const { id, inputs } = await machines.make(declared);
        const { State } = await docker.getContainer(id).inspect();
        const again = await machines.make({ ...declared, size: { memory: "64MiB" } });
        expect([again.id, again.inputs["name"]]).toEqual([id, inputs["name"]]);
        expect((await docker.getContainer(id).inspect()).State.StartedAt).toBe(State.StartedAt);
    });

    it("given that it was replaced before, then it is taken back under its name", async () => {
        const { id } = await machines.make(declared);
        const later = `${machines.stack.name}-${machines.name}-7`;
        await docker.getContainer(id).rename({ name: later });
        // A run looks once a second for what there is.
        await sleep(1_100);
        const other = await machines.check({ ...declared, environment: { MODE: "b" } });
        expect(other["name"]).toBe(`${machines.stack.name}-${machines.name}-1`);
        const again = await machines.make(declared);
        expect([again.id, again.inputs["name"]]).toEqual([id, later]);
    });

    it("given that it differs and serves nothing, then it is made anew", async () => {
        const { id } = await machines.make(declared);
        const again = await machines.make({ ...declared, environment: { MODE: "b" } });
        expect(again.id).not.toBe(id);
        await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    });
});
