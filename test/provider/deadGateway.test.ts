import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentBundle } from "../../provider/package";
import { answerAt, type CloudServiceUnderTest, GatewayUnderTest, setOf } from "./support/cloudService";
import type { EngineLog } from "./support/engine";
import { docker } from "./support/host";
import { failureOf, run } from "./support/machines";
import type { Made } from "./support/made";
import { ProviderProcess } from "./support/providerProcess";

const tested = new GatewayUnderTest();
const { stack } = tested;
let engine: EngineLog;
let provider: ProviderProcess;
let east: CloudServiceUnderTest;
let port: number;
let web: Made;
let balancer: Made;

beforeAll(async () => {
    await tested.start();
    ({ engine, provider, east, port } = tested);
    await serve();
}, 300_000);
afterAll(() => tested.remove());

async function serve(): Promise<void> {
    web = await east.machine("web1");
    balancer = await east.make(
        "loadBalancer",
        "east",
        east.balancerInputs({ loadBalancedSets: { http: setOf([web]) } }),
    );
}

const remove = ({ id, properties }: Made) => provider.delete(id, properties);
const bundleThatRuns = async () => {
    const { id, properties } = east.resources["east-agent"]!;
    return (await provider.read(id, properties)).properties["bundle"] as string;
};

/** Why neither balancer nor machine goes. A run that has spoken to the agent before has a connection still. */
async function refusedByNextRun(): Promise<string[]> {
    const next = await ProviderProcess.start();
    const failures = [balancer, web].map(({ id, properties }) => failureOf(next.delete(id, properties)));
    const messages = (await Promise.all(failures)).map(({ message }) => message);
    await next.stop();
    return messages;
}

/** While the gateway does not run. */
async function whileStopped(act: () => Promise<void>): Promise<void> {
    const gateway = docker.getContainer(east.gateway);
    await gateway.stop({ t: 5 });
    await act();
    await gateway.start();
    await expect.poll(bundleThatRuns, { timeout: 20_000 }).toBe(agentBundle("gateway").hash);
}

describe("a gateway whose agent does not answer", () => {
    it("when its programs rest, then what serves is not taken away, and serves on", async () => {
        const gateway = docker.getContainer(east.gateway);
        await gateway.pause();
        const refusals = await refusedByNextRun();
        expect(await answerAt(port)).toBe("web1");
        await gateway.unpause();
        for (const message of refusals)
            expect(message).toMatch(/^gateway \S+ does not run \(.*paused.*\); .*, or stop it \(docker stop \S+\)/);
    });

    it("when the agent alone is silent, then likewise", async () => {
        await run(east.gateway, "rm", "/run/switchyard/agent.sock");
        for (const message of await refusedByNextRun())
            expect(message).toBe(
                `gateway ${east.gateway} is not ready after 3 s: the agent of gateway ${east.gateway} does not answer: ` +
                    "it has not started yet; run pulumi up --refresh to install the agent again, " +
                    `or stop it (docker stop ${east.gateway}): it then serves nothing`,
            );
        expect(await answerAt(port)).toBe("web1");
        await run(east.gateway, "sh", "-c", "kill -KILL $(cut -d' ' -f1 /run/switchyard/agent)");
        await expect.poll(bundleThatRuns, { timeout: 20_000 }).toBe(agentBundle("gateway").hash);
    });

    it("when stopped, then what another load balancer applied is left to it", async () => {
        await whileStopped(() => provider.delete(`${balancer.id}-before`, balancer.properties));
        expect(await answerAt(port)).toBe("web1");
    });

    it("when stopped, then all can be deleted, and started again it serves nothing", async () => {
        await whileStopped(async () => {
            await remove(balancer);
            await remove(web);
        });
        expect(await answerAt(port)).toBeUndefined();
        const { inputs, properties } = await provider.read(balancer.id, balancer.properties);
        expect(inputs).toMatchObject({ endpoints: {}, loadBalancedSets: {} });
        expect(properties["revision"]).toBe((balancer.properties["revision"] as number) + 1);
        await serve();
        expect(await answerAt(port)).toBe("web1");
    });
});

describe("a gateway that is replaced", () => {
    it("given a broken agent of another package, then the new one stands, and is cured by its agent", async () => {
        const broken = "echo 'process.exit(1)' > broken.js && rm -f previous && ln -sf broken.js current";
        await run(east.gateway, "sh", "-c", `cd /var/lib/switchyard/agent && ${broken}`);
        const gateway = east.resources["east-gateway"]!;
        await remove(gateway);
        engine.lines.length = 0;
        east.resources["east-gateway"] = { ...gateway, ...(await provider.create(gateway.inputs)) };
        await expect
            .poll(() => engine.lines.filter(({ ephemeral }) => !ephemeral))
            .toEqual([
                expect.objectContaining({
                    message: expect.stringMatching(
                        /^gateway \S+ is not ready after 10 s: .* with the agent of this package/,
                    ),
                }),
            ]);
        const agent = east.resources["east-agent"]!;
        await provider.update(agent.id, agent.properties, agent.inputs);
        expect(await answerAt(port)).toBe("web1");
    });

    it("given one that runs otherwise and that Pulumi does not know, then a preview says what its replacement interrupts", async () => {
        const { key, name, inputs } = east.resources["east-gateway"]!;
        const { name: _name, state: _state, publish, ...declared } = inputs;
        const preview = await ProviderProcess.start({ engine: engine.address });
        engine.lines.length = 0;
        const same = await preview.check(stack.inputs(key, name, { ...declared, publish }));
        // Taken back as it runs.
        expect(engine.lines).toEqual([]);
        const other = await preview.check(stack.inputs(key, name, declared));
        await preview.stop();
        expect([same.failures, other.failures]).toEqual([[], []]);
        expect(engine.lines.map(({ message }) => message)).toEqual([
            expect.stringMatching(
                `^${east.gateway} \\(\\S+\\) is replaced: about a second without service; .* \\(it runs on unix:\\S+, and Pulumi does not know of it\\)$`,
            ),
        ]);
    });
});

describe("a machine that makes room", () => {
    it("given another container that was to be replaced, then this one, which serves, stays", async () => {
        const inputs = { ...web.inputs, replaceMode: "deleteFirst" };
        await provider.diff("another", { ...web.properties, replaceMode: "deleteFirst" }, inputs);
        expect((await failureOf(remove(web))).message).toMatch(
            /^web1 \(\S+\) still serves in load-balanced set http; /,
        );
        expect(await answerAt(port)).toBe("web1");
    });
});
