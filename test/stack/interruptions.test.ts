import type { Stack } from "@pulumi/pulumi/automation";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { removeAll } from "./support/cleanUp";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { failuresOf, loaded } from "./support/load";
import { Project, Steps, stepsOf } from "./support/project";
import { Run } from "./support/run";
import { ask, freePort, underLoad } from "./support/traffic";

const PATIENCE = { timeout: 120_000, interval: 50 };

/** One service whose updates are interrupted at every moment, and what the next `up` makes of it. */
describe("an interrupted update", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    let shape: Record<string, unknown> & { port: number };
    let run: Run | undefined;

    beforeAll(async () => {
        images = new Images();
        project = new Project(inject("installation"), "service");
        stack = await project.stack("cut");
        shape = {
            machines: ["web1", "web2"],
            token: "x",
            intervalSeconds: 1,
            drainSeconds: 20,
            waitSeconds: 60,
            port: await freePort(),
        };
        declare({ image: images.version("a") });
        await stack.up();
        expect(await ask(shape.port)).toBe("a");
    });

    afterEach(() => {
        run?.kill();
        run = undefined;
    });

    afterAll(() => removeAll(project, images));

    function declare(changes: Partial<typeof shape>): void {
        shape = { ...shape, ...changes };
        project.declare(stack, shape);
    }

    const containers = () => objectsOf(project.name, stack.name).container;
    const machines = () => containers().filter((name) => !name.endsWith("-gateway"));
    /** Those of an update: the others serve. */
    const newest = () =>
        machines().filter((name, _, all) => all.every((other) => generation(other) <= generation(name)));

    /** While requests are sent that all are to be answered, by one of these versions. */
    async function serving<T>(versions: string[], action: () => Promise<T>): Promise<T> {
        const { result, failures, answers } = await underLoad(shape.port, action);
        expect(failures).toEqual([]);
        expect(versions).toEqual(expect.arrayContaining(Object.keys(answers)));
        return result;
    }

    /** An update in which both machines are made, and do not become ready. */
    async function whileMade(): Promise<Run> {
        run = new Run(project, stack);
        await expect.poll(() => startingMachines(), PATIENCE).toHaveLength(2);
        await run.says(/web2 creating replacement/);
        return run;
    }

    /** An update whose machines are ready, and not healthy. */
    async function whileProved(): Promise<Run> {
        run = new Run(project, stack);
        await run.says(/LoadBalancer service updating.*waiting for web/);
        return run;
    }

    const startingMachines = () => {
        const text = docker(
            "ps",
            "--filter",
            `label=io.switchyard.project=${project.name}`,
            "--filter",
            "health=starting",
            "--format",
            "{{.Names}}",
        );
        return text.split("\n").filter(Boolean);
    };
    const makeWell = () => newest().forEach((name) => docker("exec", name, "touch", "/tmp/well"));

    async function preview(): Promise<Steps["byResource"]> {
        const steps = new Steps();
        await stack.preview({ onEvent: steps.onEvent });
        return steps.byResource;
    }

    /** The next `up` with this version: it serves, and nothing else is left. */
    async function heals(version: string, from: string): Promise<void> {
        await serving([from, version], () => stack.up());
        expect(await ask(shape.port)).toBe(version);
        expect(machines()).toHaveLength(2);
    }

    const pending = async () =>
        ((await stack.exportStack()).deployment as { pending_operations?: unknown[] }).pending_operations ?? [];

    it("with one Ctrl-C while machines are made: they are finished, and the next up goes on", async () => {
        declare({ image: images.waiting("b", "ready") });
        await serving(["a"], async () => {
            const run = await whileMade();
            run.interrupt();
            makeWell();
            await run.ended();
        });
        expect(await pending()).toEqual([]);
        expect(machines()).toHaveLength(4);
        await heals("b", "a");
    });

    it("with two Ctrl-C while machines are made: what is left behind is shown, and goes with the next up", async () => {
        const before = shape["image"];
        declare({ image: images.waiting("c", "ready") });
        await serving(["b"], async () => {
            const run = await whileMade();
            await run.interruptAtOnce();
            await run.providerEnded();
        });
        expect(machines()).toHaveLength(4);
        expect(await pending()).toHaveLength(2);
        declare({ image: before });
        const change = { op: "update", changes: ["leftBehind"] };
        expect(await preview()).toMatchObject({ "VirtualMachine web1": change, "VirtualMachine web2": change });
        await heals("b", "b");
        expect(await preview()).toEqual({});
        await stack.refresh({ clearPendingCreates: true });
        expect(await pending()).toEqual([]);
        expect(await preview()).toEqual({});
    });

    it("with the CLI killed while machines are made: its provider ends too, and the next up goes on", async () => {
        declare({ image: images.waiting("d", "ready") });
        await serving(["b"], async () => {
            const run = await whileMade();
            run.kill();
            await run.providerEnded();
        });
        await expect(stack.up()).rejects.toThrow(/pulumi cancel/);
        await stack.cancel();
        declare({ image: images.version("e") });
        await heals("e", "b");
    });

    it("with its provider killed while machines are made: the next up goes on", async () => {
        declare({ image: images.waiting("f", "ready") });
        await serving(["e"], async () => {
            const run = await whileMade();
            run.killProvider();
            await run.ended();
        });
        declare({ image: images.version("g") });
        await heals("g", "e");
    });

    it("with the CLI killed while new machines prove themselves: they never serve, also not later", async () => {
        const before = shape["image"];
        declare({ image: images.waiting("h", "healthy") });
        await serving(["g"], async () => {
            const run = await whileProved();
            run.kill();
            await run.providerEnded();
            makeWell();
        });
        await stack.cancel();
        declare({ image: before });
        await heals("g", "g");
    });

    it("with its provider killed while new machines prove themselves: the next up serves from them", async () => {
        declare({ image: images.waiting("i", "healthy") });
        await serving(["g"], async () => {
            const run = await whileProved();
            run.killProvider();
            await run.ended();
        });
        makeWell();
        await heals("i", "g");
    });

    it("with the CLI killed while old machines drain: the new ones serve, and the old ones go with the next up", async () => {
        declare({ image: images.version("j") });
        const held = connect(shape.port, "127.0.0.1");
        await serving(["i", "j"], async () => {
            run = new Run(project, stack);
            await run.says(/LoadBalancer service updating/);
            await expect.poll(() => ask(shape.port), { timeout: 120_000, interval: 10 }).toBe("j");
            run.kill();
            await run.providerEnded();
        });
        held.destroy();
        await stack.cancel();
        await heals("j", "j");
    });

    it.each(["CLI", "provider"])(
        "with the %s killed while old machines are deleted: the next up deletes them",
        async (what) => {
            const [from, to] = what === "CLI" ? ["j", "k"] : ["k", "l"];
            declare({ image: images.version(to) });
            await serving([from, to], async () => {
                run = new Run(project, stack);
                await run.says(/deleting original/);
                if (what === "CLI") run.kill();
                else run.killProvider();
                await run.providerEnded();
                await run.ended();
            });
            if (what === "CLI") await stack.cancel();
            await heals(to, to);
            expect(await preview()).toEqual({});
        },
    );

    it("leaves nothing behind when all is destroyed in the middle of it", async () => {
        declare({ image: images.waiting("m", "ready") });
        const run = await whileMade();
        await run.interruptAtOnce();
        await run.providerEnded();
        await stack.destroy();
        expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
    });
});

/** Two name servers, updated one after the other, of which each is asked all the time. */
describe("an interrupted update of name servers", () => {
    let project: Project;
    let stack: Stack;
    let run: Run | undefined;
    let version = 0;

    const answer = () => `192.0.2.${version}`;
    const second = () => objectsOf(project.name).container.find((name) => name.endsWith("-ns2"))!;
    const agent = (signal: "pause" | "continue") =>
        docker("exec", second(), "s6-svc", signal === "pause" ? "-p" : "-c", "/run/service/agent");

    beforeAll(async () => {
        project = new Project(inject("installation"), "described");
        stack = await project.stack("names");
        declareNext();
        await stack.up();
    });
    afterEach(() => {
        run?.kill();
        run = undefined;
    });
    afterAll(() => project.remove());

    function declareNext(): void {
        version++;
        project.declare(stack, {
            policies: {
                contoso: {
                    method: "RoundRobin",
                    prefix: "contoso",
                    ttlSeconds: 1,
                    endpoints: { a: { address: answer(), alwaysServe: true } },
                },
            },
            dns: { domain: "trafficmanager.example", servers: { ns1: {}, ns2: {} } },
        });
    }

    /** What each server answers meanwhile, which is never nothing. */
    async function answering(action: () => Promise<void>): Promise<string[][]> {
        const servers = Object.values<string>((await stack.outputs())["nameServers"]!.value);
        const answers: string[][] = [];
        const asked = servers.reduce(
            (inner, server) => async () => {
                // A busy machine gets a second chance to answer.
                const dns = { name: "contoso.trafficmanager.example", servers: [server, server] };
                const { report } = await loaded({ dns }, inner);
                expect(failuresOf(report)).toEqual([]);
                answers.push(Object.keys(report.queries!.answers));
            },
            action,
        );
        await asked();
        return answers;
    }

    const endings: [string, (run: Run) => Promise<unknown>][] = [
        ["one Ctrl-C", async (run) => run.interrupt()],
        ["two Ctrl-C", (run) => run.interruptAtOnce()],
        ["the CLI killed", async (run) => run.kill()],
        ["its provider killed", async (run) => run.killProvider()],
    ];

    it.each(endings)(
        "with %s while the second waits: all answer, and the next up brings them together",
        async (ending, end) => {
            const before = answer();
            declareNext();
            const during = await answering(async () => {
                agent("pause");
                try {
                    run = new Run(project, stack);
                    await run.says(/DnsConfiguration dns-ns2-configuration updating/);
                    await end(run);
                } finally {
                    agent("continue");
                }
                await run.providerEnded();
                await run.ended();
            });
            for (const answers of during) expect([before, answer()]).toEqual(expect.arrayContaining(answers));
            expect(during.flat()).toContain(answer());
            if (ending === "the CLI killed") await stack.cancel();
            const between = answer();
            declareNext();
            const after = await answering(async () => void (await stack.up()));
            for (const answers of after) expect([before, between, answer()]).toEqual(expect.arrayContaining(answers));
            expect(await answering(async () => {})).toEqual([[answer()], [answer()]]);
        },
    );

    it("leaves nothing to do, and nothing behind", async () => {
        expect(await stepsOf(stack, "preview")).toEqual({});
        await stack.destroy();
        expect(Object.values(objectsOf(project.name)).flat()).toEqual([]);
    });
});

function generation(container: string): number {
    return Number(/-(\d+)$/.exec(container)![1]);
}
