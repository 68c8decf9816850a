import { describe, expect, it } from "vitest";
import { docker, IMAGE } from "./support/host";
import { failureOf, Machines, OBEDIENT } from "./support/machines";
import { ProviderProcess } from "./support/providerProcess";

const machines = new Machines();

describe("create", () => {
    it("when it runs, then the container is as declared and as previewed", async () => {
        const { id, inputs, properties } = await machines.make({
            environment: { TOKEN: "hunter2" },
            size: { cpus: 0.5, memory: "64m" },
            restart: "no",
            labels: { team: "web" },
        });
        const container = await docker.getContainer(inputs["name"]).inspect();
        const { IPAddress, Aliases } = container.NetworkSettings.Networks[machines.network]!;
        expect(properties).toEqual({ ...inputs, containerId: id, address: IPAddress });
        expect(inputs["size"]).toEqual({ cpus: 0.5, memory: "64MiB" });
        expect(Aliases).toContain(machines.name);
        expect(container).toMatchObject({
            Id: id,
            Config: {
                Hostname: machines.name,
                Image: IMAGE,
                Cmd: OBEDIENT,
                Env: expect.arrayContaining(["TOKEN=hunter2"]),
                Labels: { team: "web", "io.switchyard.urn": machines.stack.urn("VirtualMachine", machines.name) },
            },
            HostConfig: {
                NanoCpus: 5e8,
                Memory: 64 * 1024 ** 2,
                MemorySwap: 64 * 1024 ** 2,
                RestartPolicy: { Name: "no" },
            },
        });
        expect(await machines.provider.read(id, properties)).toEqual({ id, properties, inputs });
    });

    it("given state stopped, then it is made and does not run", async () => {
        const { id, properties } = await machines.make({ state: "stopped" });
        expect((await docker.getContainer(id).inspect()).State.Running).toBe(false);
        expect(properties).not.toHaveProperty("address");
    });

    it("when it ends at once, then it stays in state with exit code and last lines", async () => {
        const { inputs } = await machines.provider.check(
            machines.inputs({
                command: ["sh", "-c", "echo no database for $TOKEN >&2; exit 3"],
                restart: "no",
                environment: { TOKEN: "hush-hush" },
            }),
        );
        const { message, partial } = await failureOf(machines.provider.create(inputs));
        expect(message).toBe(
            `${inputs["name"]} is not ready: it ended with exit code 3; its last lines:\nno database for [environment.TOKEN]`,
        );
        expect(partial!.reasons).toEqual([message]);
        expect(partial!.properties).toEqual({ ...inputs, containerId: partial!.id });
        expect((await docker.getContainer(inputs["name"]).inspect()).Id).toBe(partial!.id);
    });

    it("given that nobody could tell its engine when it was checked, then the state learns it, also of a failure", async () => {
        const { __engine: engine, ...inputs } = await machines.check({
            command: ["sh", "-c", "exit 3"],
            readySeconds: 1,
        });
        expect(engine).toEqual({ id: expect.stringMatching(/./), name: expect.stringMatching(/./) });
        const created = (await failureOf(machines.provider.create(inputs))).partial!;
        expect(created.properties["__engine"]).toEqual(engine);
        expect(created.properties["__provider"]).toBe(inputs["__provider"]);
        const { __engine: _, ...before } = created.properties;
        const updated = (await failureOf(machines.provider.update(created.id, before, inputs))).partial!;
        expect(updated.properties["__engine"]).toEqual(engine);
        const stopped = await machines.provider.update(created.id, before, { ...inputs, state: "stopped" });
        expect(stopped["__engine"]).toEqual(engine);
    });

    it("when it ends again and again, then it is given the time to come up, and no more", async () => {
        const { inputs } = await machines.provider.check(
            machines.inputs({ command: ["sh", "-c", "exit 4"], readySeconds: 2 }),
        );
        const { message, partial } = await failureOf(machines.provider.create(inputs));
        expect(message).toMatch(
            /-1 is not ready after 2 s: it does not stay up \(exit code 4, restarted \d+ times\); it wrote nothing$/,
        );
        expect(partial!.id).not.toBe("");
    });

    it("when the command is not in the image, then the error says so, and a retry with the same inputs does too", async () => {
        const { inputs } = await machines.provider.check(machines.inputs({ command: ["/no/such/program"] }));
        const { message, partial } = await failureOf(machines.provider.create(inputs));
        expect(message).toMatch(/-1 does not start: .*\/no\/such\/program.*no such file or directory/);
        const again = await failureOf(machines.provider.update(partial!.id, partial!.properties, inputs));
        expect(again.message).toBe(message);
        expect(again.partial!.id).toBe(partial!.id);
    });

    it("given an image that nobody has, then the error says what to do", async () => {
        const { inputs } = await machines.provider.check(machines.inputs({ image: "localhost:1/no-such-image:1" }));
        const { message, partial } = await failureOf(machines.provider.create(inputs));
        expect(message).toMatch(
            /^image localhost:1\/no-such-image:1 is not on unix:\S+ and could not be pulled: .*; check its name, or build or load it there first$/,
        );
        expect(partial).toBeUndefined();
    });

    it("given an image with a health check, then it is waited for", async () => {
        const tag = `${machines.stack.name}-health:1`;
        const base = await docker.createContainer({ Image: IMAGE });
        await base.commit({
            repo: tag.split(":")[0],
            tag: "1",
            Healthcheck: { Test: ["CMD-SHELL", "test -e /healthy"], Interval: 200_000_000, Retries: 100 },
        } as object);
        await base.remove();
        try {
            const { inputs } = await machines.provider.check(machines.inputs({ image: tag, readySeconds: 2 }));
            const { message, partial } = await failureOf(machines.provider.create(inputs));
            expect(message).toMatch(/-1 is not ready after 2 s: its health check says starting/);
            const exec = await docker
                .getContainer(partial!.id)
                .exec({ Cmd: ["touch", "/healthy"], AttachStdout: true });
            (await exec.start({})).resume();
            const healed = await machines.provider.update(partial!.id, partial!.properties, {
                ...inputs,
                readySeconds: 30,
            });
            expect(healed["address"]).toMatch(/^10\./);
            await docker.getContainer(partial!.id).remove({ force: true });
        } finally {
            await docker.getImage(tag).remove();
        }
    });
});

describe("what killed runs leave", () => {
    it("given a container of that name made for this machine but otherwise, then it is removed and the name kept", async () => {
        const { id } = await machines.make({ environment: { MODE: "before" } });
        const { inputs } = await machines.provider.check(machines.inputs());
        const next = await ProviderProcess.start();
        const again = await next.create(inputs);
        await next.stop();
        expect(again.properties["name"]).toBe(inputs["name"]);
        await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    });

    it("given a later container of a machine that is not replaced any more, then that shows once, and goes", async () => {
        const { id, inputs, properties } = await machines.make();
        const leftover = async (generation: number) => {
            const { id } = await docker.createContainer({
                name: `${machines.stack.name}-${machines.name}-${generation}`,
                Image: IMAGE,
                Labels: (await docker.getContainer(String(properties["containerId"])).inspect()).Config.Labels,
            });
            return { id, shown: `${machines.stack.name}-${machines.name}-${generation} (${id.slice(0, 12)})` };
        };
        const two = await leftover(2);
        const next = await ProviderProcess.start();
        try {
            const shown = (await next.check(machines.inputs(), inputs)).inputs;
            expect(shown).toEqual({ ...inputs, leftBehind: [two.shown] });
            expect((await next.diff(id, properties, shown)).replaces).toEqual([]);
            const updated = await next.update(id, properties, shown);
            await expect(docker.getContainer(two.id).inspect()).rejects.toMatchObject({ statusCode: 404 });
            // What is known stays, so that nothing shows twice; and another one shows.
            await expect
                .poll(async () => (await next.check(machines.inputs(), shown)).inputs, { timeout: 30_000 })
                .toEqual(shown);
            const three = await leftover(3);
            await expect
                .poll(async () => (await next.check(machines.inputs(), shown)).inputs["leftBehind"], {
                    timeout: 30_000,
                })
                .toEqual([three.shown]);
            // When the machine itself goes from the program, so does what was to follow it.
            const last = await ProviderProcess.start();
            await last.delete(id, updated);
            await last.stop();
            await expect(docker.getContainer(three.id).inspect()).rejects.toMatchObject({ statusCode: 404 });
        } finally {
            await next.stop();
        }
    });

    it("given its successor, which the program declares, then the deletion of the old container leaves that alone", async () => {
        const old = await machines.make();
        const { inputs } = await machines.change(old, { environment: { VERSION: "2" } });
        const successor = await machines.provider.create(inputs);
        await machines.provider.delete(old.id, old.properties);
        expect((await docker.getContainer(successor.id).inspect()).State.Running).toBe(true);
    });

    it("given somebody else's container of that name, then it stays and the next number is taken", async () => {
        const { inputs } = await machines.provider.check(machines.inputs());
        const foreign = await docker.createContainer({ name: inputs["name"], Image: IMAGE });
        try {
            // A preview shows the name that will be made; here it came in between.
            expect((await machines.provider.check(machines.inputs())).inputs["name"]).toBe(
                `${machines.stack.name}-${machines.name}-2`,
            );
            const { id, properties } = await machines.provider.create(inputs);
            expect(properties["name"]).toBe(`${machines.stack.name}-${machines.name}-2`);
            // And it is what a refresh finds, and what an update keeps.
            expect((await machines.provider.read(id, properties)).inputs["name"]).toBe(
                `${machines.stack.name}-${machines.name}-2`,
            );
            expect(await machines.provider.update(id, properties, inputs)).toEqual(properties);
        } finally {
            await foreign.remove({ force: true });
        }
    });
});
