import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CloudServiceUnderTest, answerAt, freePort, setOf } from "./support/cloudService";
import { docker, removeEverythingOf } from "./support/host";
import { failureOf } from "./support/machines";
import type { Made } from "./support/made";
import { ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
const NAMES = ["web1", "web2"] as const;
type Name = (typeof NAMES)[number];
let east: CloudServiceUnderTest;
let port: number;
let machines: Record<Name, Made>;

beforeAll(async () => {
    const provider = await ProviderProcess.start();
    east = new CloudServiceUnderTest(provider, stack);
    port = await freePort();
    await east.start({ address: "127.0.0.1", ports: [`${port}:80`] });
    const [web1, web2] = await Promise.all(NAMES.map((name) => east.machine(name)));
    machines = { web1: web1!, web2: web2! };
    const loadBalancedSets = { http: setOf(Object.values(machines)) };
    await east.make("loadBalancer", "east", east.balancerInputs({ loadBalancedSets }));
    await provider.stop();
}, 300_000);
afterAll(() => removeEverythingOf(stack));

/** One run of Pulumi that replaces both machines, step by step. */
class Run {
    private constructor(
        private readonly provider: ProviderProcess,
        private readonly inputs: Record<Name, Properties>,
    ) {}

    static async of(properties: Properties): Promise<Run> {
        const provider = await ProviderProcess.start();
        const inputs: Record<string, Properties> = {};
        for (const name of NAMES) {
            const wanted = {
                replaceMode: "deleteFirst",
                ...properties,
                environment: { NAME: name, RUN: String(++runs) },
            };
            const program = stack.inputs("virtualMachine", name, east.machineInputs(name, wanted));
            const first = await provider.check(program, machines[name].inputs);
            await provider.diff(machines[name].id, machines[name].properties, first.inputs);
            inputs[name] = (await provider.check(program)).inputs;
        }
        return new Run(provider, inputs);
    }

    delete(name: Name): Promise<void> {
        return this.provider.delete(machines[name].id, machines[name].properties);
    }

    /** Both at once: who has gone, and what becomes of the other. */
    async deleteBoth(): Promise<{ gone: Name; waits: Name; other: Promise<void> }> {
        const deletes = NAMES.map((name) => ({ name, done: this.delete(name) }));
        for (const { done } of deletes) done.catch(() => undefined);
        const gone = await Promise.race(deletes.map(({ name, done }) => done.then(() => name)));
        const other = deletes.find(({ name }) => name !== gone)!;
        return { gone, waits: other.name, other: other.done };
    }

    async create(name: Name): Promise<void> {
        const inputs = this.inputs[name];
        machines[name] = { ...machines[name], inputs, ...(await this.provider.create(inputs)) };
    }

    /** The new machine is there, but is not what it should be. */
    async failToCreate(name: Name): Promise<string> {
        const inputs = this.inputs[name];
        const { message, partial } = await failureOf(this.provider.create(inputs));
        machines[name] = { ...machines[name], inputs, id: partial!.id, properties: partial!.properties };
        return message;
    }

    end(): Promise<void> {
        return this.provider.stop();
    }
}
let runs = 0;

const containerOf = (name: Name) => machines[name].properties["name"] as string;
const runsStill = async (name: Name) => (await docker.getContainer(containerOf(name)).inspect()).State.Running;

describe("machines of one set that go first", () => {
    it("given an image that is nowhere, then none of them goes", async () => {
        const run = await Run.of({ image: "localhost:1/no-such-image:1" });
        const { message } = await failureOf(run.delete("web1"));
        expect(message).toMatch(/^image localhost:1\/no-such-image:1 is not on .* and could not be pulled/);
        expect(await runsStill("web1")).toBe(true);
        await run.end();
    });

    it("when both are replaced at once, then one goes, and the other once that is healthy again", async () => {
        const run = await Run.of({});
        const { gone, waits, other } = await run.deleteBoth();
        expect(await answerAt(port)).toBe(waits);
        expect(await runsStill(waits)).toBe(true);
        await run.create(gone);
        await other;
        expect(await answerAt(port)).toBe(gone);
        await run.create(waits);
        await run.end();
    });

    it("when a new one never becomes healthy, then its creation fails, and the other stays and serves", async () => {
        const run = await Run.of({ command: ["sleep", "600"], readySeconds: 2 });
        const { gone, waits, other } = await run.deleteBoth();
        expect(await run.failToCreate(gone)).toMatch(
            new RegExp(
                `^${gone} \\(${containerOf(gone)}\\) runs but is not healthy after 2 s in load-balanced set http: `,
            ),
        );
        const { message } = await failureOf(other);
        expect(message).toMatch(
            new RegExp(
                `^${waits} \\(${containerOf(waits)}\\) stays as it is: ${gone} did not come back \\(${gone} .*not healthy`,
            ),
        );
        expect(await answerAt(port)).toBe(waits);
        await run.end();
    });

    it("given one that is away and not replaced, then the other waits for it in vain, and says so", async () => {
        const away = (await answerAt(port)) === "web1" ? "web2" : "web1";
        const serving = away === "web1" ? "web2" : "web1";
        const run = await Run.of({ readySeconds: 1, stopGraceSeconds: 0 });
        const { message } = await failureOf(run.delete(serving));
        expect(message).toMatch(
            new RegExp(
                `^${serving} \\(\\S+\\) stays as it is, because load-balanced set http does without ${away} \\(.+\\); bring that back first, or let more of a set's machines go at a time \\(maxUnavailable, now 1\\)$`,
            ),
        );
        expect(await answerAt(port)).toBe(serving);
        await run.end();
    });

    it("given maxUnavailable 2, then both go at once", async () => {
        const run = await Run.of({ maxUnavailable: 2 });
        await Promise.all(NAMES.map((name) => run.delete(name)));
        await Promise.all(NAMES.map((name) => run.create(name)));
        await expect.poll(() => answerAt(port), { timeout: 20_000 }).toMatch(/^web[12]$/);
        await run.end();
    });
});
