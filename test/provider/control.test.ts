import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_CONFIGURATION } from "../../model/balancer/configuration";
import { AgentClient, AgentRefusal } from "../../provider/control/agent";
import { GATEWAY } from "../../provider/control/runtimes";
import { NoAgent } from "../../provider/control/stream";
import { buildImage } from "../../provider/docker/build";
import { connect, type Host } from "../../provider/docker/host";
import { runtimeImageContext } from "../../provider/package";
import { fakeAgent } from "./support/fakeAgent";
import { docker, IMAGE, removeEverythingOf } from "./support/host";
import { TestStack } from "./support/resources";

const stack = new TestStack();
let host: Host;
let image: string;
const clients: { close(): void }[] = [];
beforeAll(async () => {
    host = await connect(undefined);
    const context = runtimeImageContext("gateway");
    image = context.name;
    await buildImage(host, context, { "io.switchyard.type": "RuntimeImage" }, () => undefined);
}, 300_000);
afterEach(async () => {
    clients.splice(0).forEach((client) => client.close());
    await removeEverythingOf(stack);
});
afterAll(() => removeEverythingOf(stack));

let count = 0;
async function container(options: { Image?: string; Entrypoint: string[] }): Promise<string> {
    const name = `${stack.name}-gateway-${++count}`;
    const made = await docker.createContainer({
        name,
        Image: image,
        Labels: { "io.switchyard.project": stack.project, "io.switchyard.stack": stack.name },
        HostConfig: { NetworkMode: "none" },
        ...options,
    });
    await made.start();
    return name;
}

function client(name: string) {
    const made = new AgentClient(host, GATEWAY, name);
    clients.push(made);
    return made;
}

/** An agent's client, once the agent answers. */
async function clientOf(handler: string): Promise<{ name: string; client: ReturnType<typeof client> }> {
    const name = await container({ Entrypoint: ["node", "-e", fakeAgent(handler)] });
    const made = client(name);
    await expect.poll(() => made.post("/v1/ready").then(() => "up", String), { timeout: 20_000 }).toBe("up");
    return { name, client: made };
}

const failureOf = (action: Promise<unknown>) =>
    action.then(
        () => expect.fail("it should have failed"),
        (error: unknown) => error as Error,
    );
const request = { configuration: EMPTY_CONFIGURATION, basedOn: 0, waitSeconds: 1 };
const CONFIGURATION = `response.end(JSON.stringify({ revision: 3, configuration: { endpoints: {}, loadBalancedSets: {} } }))`;

describe("a gateway that cannot be spoken to", () => {
    it("given no such container, then that is said", async () => {
        const error = await failureOf(client("no-such-gateway").status());
        expect(error).toMatchObject({ kind: "gone" });
        expect(error.message).toMatch(
            /^gateway no-such-gateway does not exist on unix:\S+; run pulumi up --refresh to make it again$/,
        );
    });

    it("given a stopped or paused one, then that is said", async () => {
        const name = await container({ Entrypoint: ["sleep", "600"] });
        await docker.getContainer(name).pause();
        expect((await failureOf(client(name).status())).message).toMatch(
            /^gateway \S+ does not run \(.*paused.*\); run pulumi up --refresh to start it$/,
        );
        await docker.getContainer(name).kill();
        const error = await failureOf(client(name).status());
        expect(error).toMatchObject({ kind: "stopped" });
        expect(error.message).toMatch(/^gateway \S+ does not run; run pulumi up --refresh to start it$/);
    });

    it("given no agent in it, then that is said", async () => {
        const error = await failureOf(client(await container({ Entrypoint: ["sleep", "600"] })).status());
        expect(error).toMatchObject({ kind: "silent" });
        expect(error.message).toMatch(/^the agent of gateway \S+ does not answer: it has not started yet$/);
    });

    it("given an image without socat, then that is said", async () => {
        const error = await failureOf(client(await container({ Image: IMAGE, Entrypoint: ["sleep", "600"] })).status());
        expect(error).toBeInstanceOf(NoAgent);
        expect(error.message).toMatch(/does not answer: socat is not in its image \(.*\)$/s);
    });

    it("given something else that answers, then it does not pass for an agent", async () => {
        const { client: other } = await clientOf(`response.end("{}")`);
        expect((await failureOf(other.status())).message).toContain("bundle");
    });
});

describe("speaking to an agent", () => {
    it("when it refuses, then its problems are the message", async () => {
        const { client } = await clientOf(`
            response.statusCode = request.method === "PUT" ? 409 : 200;
            response.end(JSON.stringify({ problems: ["another apply runs", "try again"] }))`);
        const error = await failureOf(client.apply(request, () => undefined));
        expect(error).toBeInstanceOf(AgentRefusal);
        expect(error).toMatchObject({ status: 409, message: "another apply runs\ntry again" });
    });

    it("when an apply takes its time, then each line arrives when it is said", async () => {
        const { client } = await clientOf(`
            if (request.method !== "PUT") return response.end();
            send({ event: "progress", message: "one" });
            setTimeout(() => send({ event: "progress", message: "two" }), 700);
            setTimeout(() => { send({ event: "applied", revision: 7 }); response.end() }, 800);`);
        const at: Record<string, number> = {};
        expect(await client.apply(request, (message) => (at[message] = Date.now()))).toBe(7);
        expect(at["two"]! - at["one"]!).toBeGreaterThan(400);
    });

    it("when an apply fails, or ends without a word, then it throws", async () => {
        const failing = await clientOf(`send({ event: "failed", problems: ["web1 is not healthy"] }); response.end()`);
        expect((await failureOf(failing.client.apply(request, () => undefined))).message).toBe("web1 is not healthy");
        const ending = await clientOf(`response.end()`);
        expect((await failureOf(ending.client.apply(request, () => undefined))).message).toMatch(
            /ended before it had applied the configuration$/,
        );
    });

    it("when a configuration is large, then it arrives whole, both ways", async () => {
        const { client } = await clientOf(`
            if (request.method !== "PUT") return response.end();
            send({ event: "progress", message: body.length + " " + "x".repeat(2000000) });
            send({ event: "applied", revision: JSON.parse(body).basedOn });
            response.end();`);
        const endpoints = Object.fromEntries(
            Array.from({ length: 20_000 }, (_, n) => [
                `endpoint-${n}`,
                {
                    protocol: "tcp" as const,
                    publicPort: n + 1,
                    privatePort: 80,
                    container: `machine-with-a-long-name-${n}`,
                },
            ]),
        );
        const large = { ...request, basedOn: 41, configuration: { endpoints, loadBalancedSets: {} } };
        let told = "";
        expect(await client.apply(large, (message) => (told = message))).toBe(41);
        expect(told).toHaveLength(String(JSON.stringify(large).length).length + 1 + 2_000_000);
        expect(told.split(" ")[0]).toBe(String(JSON.stringify(large).length));
    });

    it("when the gateway was restarted, then the kept connection is made anew without a word", async () => {
        const { name, client } = await clientOf(CONFIGURATION);
        expect((await client.configuration()).revision).toBe(3);
        await docker.getContainer(name).restart({ t: 2 });
        await expect
            .poll(() => client.configuration().then(({ revision }) => revision, String), { timeout: 20_000 })
            .toBe(3);
    });

    it("when the gateway is killed in the middle of an apply, then the error says so at once", async () => {
        const { name, client } = await clientOf(
            `if (request.method !== "PUT") return response.end(); send({ event: "progress", message: "waiting" })`,
        );
        const started = Date.now();
        const error = await failureOf(
            client.apply(
                request,
                () =>
                    void docker
                        .getContainer(name)
                        .kill()
                        .catch(() => undefined),
            ),
        );
        expect(error.message).toMatch(
            /^the agent of gateway \S+ (does not answer|broke off in the middle of its answer)/,
        );
        expect(Date.now() - started).toBeLessThan(10_000);
    });
});
