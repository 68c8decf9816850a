import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { Machines } from "./support/machines";
import { ProviderProcess } from "./support/providerProcess";

const machines = new Machines();

describe("check", () => {
    it("given only what is required, then defaults and name are known at preview", async () => {
        expect((await machines.provider.check(machines.inputs())).inputs).toEqual({
            __engine: { id: expect.any(String), name: expect.any(String) },
            ...machines.inputs(),
            environment: {},
            labels: {},
            size: {},
            restart: "unless-stopped",
            state: "running",
            readySeconds: 60,
            name: `${machines.stack.name}-${machines.name}-1`,
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
        const { inputs, failures } = await machines.provider.check(machines.inputs(unknown));
        expect(failures).toEqual([]);
        expect(inputs).toMatchObject(unknown);
    });

    it("given a secret where it does not belong, then no message repeats it", async () => {
        const { failures } = await machines.provider.check(
            machines.inputs({
                environment: { TOKEN: ["hunter2"], "A=B": "hunter2" },
                command: ["run", { token: "hunter2" }],
            }),
        );
        expect(failures).toEqual(["command[1]: must be a string", "environment.TOKEN: must be a string"]);
    });
});

describe("generations", () => {
    it("when nothing that replaces changes, then the name stays", async () => {
        const { inputs } = await machines.provider.check(machines.inputs());
        const again = await machines.provider.check(machines.inputs({ size: { cpus: 1 } }), {
            ...inputs,
            name: `${machines.stack.name}-${machines.name}-7`,
        });
        expect(again.inputs["name"]).toBe(`${machines.stack.name}-${machines.name}-7`);
    });

    it("when the image changes, then both checks of a run say the next generation, in preview and update alike", async () => {
        const olds = {
            ...(await machines.provider.check(machines.inputs())).inputs,
            name: `${machines.stack.name}-${machines.name}-7`,
        };
        for (const phase of ["preview", "update"]) {
            const run = await ProviderProcess.start();
            const wanted = machines.inputs({ image: "debian:other" });
            const first = await run.check(wanted, olds);
            const { replaces } = await run.diff("id", olds, first.inputs);
            const second = await run.check(wanted);
            await run.stop();
            expect({ phase, replaces, names: [first.inputs["name"], second.inputs["name"]] }).toEqual({
                phase,
                replaces: ["image"],
                names: [`${machines.stack.name}-${machines.name}-8`, `${machines.stack.name}-${machines.name}-8`],
            });
        }
    });

    it("when Pulumi replaces an unchanged machine, then the second check knows the first", async () => {
        const olds = {
            ...(await machines.provider.check(machines.inputs())).inputs,
            name: `${machines.stack.name}-${machines.name}-4`,
        };
        expect((await machines.provider.check(machines.inputs(), olds)).inputs["name"]).toBe(
            `${machines.stack.name}-${machines.name}-4`,
        );
        expect((await machines.provider.check(machines.inputs())).inputs["name"]).toBe(
            `${machines.stack.name}-${machines.name}-5`,
        );
    });

    it("when the machine really has another name than planned, then the next one follows that", async () => {
        const olds = (await machines.provider.check(machines.inputs())).inputs;
        const wanted = machines.inputs({ image: "debian:other" });
        const first = await machines.provider.check(wanted, olds);
        await machines.provider.diff(
            "id",
            { ...olds, name: `${machines.stack.name}-${machines.name}-3` },
            first.inputs,
        );
        expect((await machines.provider.check(wanted)).inputs["name"]).toBe(
            `${machines.stack.name}-${machines.name}-4`,
        );
    });
});
