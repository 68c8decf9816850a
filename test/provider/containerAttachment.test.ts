import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { execute } from "../../provider/docker/exec";
import { connect } from "../../provider/docker/host";
import { runInNetworkOf } from "../../provider/docker/run";
import { CloudServiceUnderTest, answerAt, freePort, setOf } from "./support/cloudService";
import type { Made } from "./support/made";
import { Guests } from "./support/guests";
import { docker, removeEverythingOf } from "./support/host";
import { type ProviderError, ProviderProcess, type Properties } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
const guests = new Guests();
let provider: ProviderProcess;
let east: CloudServiceUnderTest;
let port: number;
/** A network whose name sorts before the private one's, as that of `bridge` mostly does, and one after it. */
let early: string;
let late: string;
let client: Client;

beforeAll(async () => {
    provider = await ProviderProcess.start();
    east = new CloudServiceUnderTest(provider, stack);
    port = await freePort();
    await east.start({ address: "127.0.0.1", ports: [`${port}:80`] });
    early = await guests.network(`${stack.name}-0-early`);
    late = await guests.network(`${stack.name}-2-late`);
    client = await Client.start();
}, 300_000);
afterAll(async () => {
    await provider.stop();
    await guests.removeAll();
    await removeEverythingOf(stack);
});

const failureOf = (action: Promise<unknown>) =>
    action.then(
        () => expect.fail("it should have failed"),
        (error: unknown) => error as ProviderError,
    );

let count = 0;
const fresh = () => `${stack.name}-guest${++count}`;

function attachment(container: string, properties: Properties = {}): Properties {
    const { privateNetwork: network, gateway } = east;
    return { alias: "legacy", container, network, gateway, ...properties };
}

const check = (container: string, properties: Properties = {}, olds?: Properties) =>
    provider.check(stack.inputs("containerAttachment", container, attachment(container, properties)), olds);

const attach = (container: string, properties: Properties = {}) =>
    east.make("containerAttachment", container, attachment(container, properties));

/** What the program says now, over what there is. */
async function change(made: Made, properties: Properties = {}): Promise<Made> {
    const { inputs, failures } = await check(made.name, properties, made.inputs);
    expect(failures).toEqual([]);
    return { ...made, inputs, properties: await provider.update(made.id, made.properties, inputs) };
}

async function refreshIsSilent({ id, inputs, properties }: Made) {
    expect(await provider.read(id, properties)).toEqual({ id, properties, inputs });
}

/** Serves one container on public port 80; a call with nothing serves nothing. */
let balancer: Made | undefined;
async function serve(container?: string) {
    const members = container ? { [container]: { container } } : {};
    const inputs = east.balancerInputs({ loadBalancedSets: container ? { http: setOf([], { members }) } : {} });
    balancer = balancer ? await east.change(balancer, inputs) : await east.make("loadBalancer", "east", inputs);
}

/** A client on the far side of the gateway, whose address is not one of the public network. */
class Client {
    static readonly address = "198.51.100.7";
    private constructor(private readonly id: string) {}

    static async start(): Promise<Client> {
        const { image, publicNetwork } = east.resources["east-gateway"]!.inputs as Record<string, string>;
        const container = await docker.createContainer({
            Image: image,
            Entrypoint: ["sleep", "600"],
            Labels: { "io.switchyard.project": stack.project, "io.switchyard.stack": stack.name },
            HostConfig: { NetworkMode: publicNetwork, CapAdd: ["NET_ADMIN"], Init: true },
        });
        await container.start();
        const { NetworkSettings } = await container.inspect();
        const via = NetworkSettings.Networks[publicNetwork!]!.IPAddress;
        await run(container.id, ["ip", "address", "add", `${Client.address}/32`, "dev", "eth0"]);
        await run(east.gateway, ["ip", "route", "add", Client.address, "via", via]);
        return new Client(container.id);
    }

    /** What the VIP's port 80 answers it; nothing when the answer does not come. */
    ask(): Promise<string> {
        const vip = east.resources["east-gateway"]!.inputs["virtualIp"] as string;
        const options = `bind=${Client.address},connect-timeout=3`;
        return run(this.id, ["timeout", "4", "socat", "-u", `TCP:${vip}:80,${options}`, "-"]);
    }
}

async function run(container: string, command: string[]): Promise<string> {
    return (await execute(await connect(undefined), container, command)).output;
}

/** Destination, gateway and mask of each route; interfaces change their names when a container restarts. */
async function routing(container: string): Promise<string[][]> {
    const [, ...lines] = (await run(container, ["cat", "/proc/net/route"])).split("\n");
    return lines.map((line) => line.trim().split(/\s+/)).map((columns) => [1, 2, 7].map((column) => columns[column]!));
}

async function networksOf(container: string): Promise<string[]> {
    return Object.keys((await docker.getContainer(container).inspect()).NetworkSettings.Networks);
}

describe("check", () => {
    it("given a container by name, then its id is known, and follows it", async () => {
        const name = fresh();
        const id = await guests.run(name, { NetworkMode: early });
        const { inputs, failures } = await check(name);
        expect(failures).toEqual([]);
        expect(inputs).toMatchObject({ containerId: id, attached: true, defaultRoute: "gateway" });
        await guests.remove(name);
        // Nothing to see is no change: a refresh tells that it is gone.
        expect((await check(name, {}, inputs)).inputs).toEqual(inputs);
        const next = await guests.run(name, { NetworkMode: early });
        const { inputs: followed } = await check(name, {}, inputs);
        expect(followed["containerId"]).toBe(next);
        expect(await provider.diff("id", inputs, followed)).toMatchObject({ replaces: [] });
    });

    it.each([
        ["the container", { container: UNKNOWN }, { containerId: UNKNOWN }],
        ["its id", { containerId: UNKNOWN }, {}],
        ["the cloud service", { network: UNKNOWN, gateway: UNKNOWN }, {}],
    ])("given that %s is still to be made, then that passes", async (_, unknown, more) => {
        const { inputs, failures } = await check("not-yet-made", unknown);
        expect(failures).toEqual([]);
        expect(inputs).toMatchObject({ ...unknown, ...more });
    });

    it.each([
        ["container", { container: "other" }],
        ["network", { network: "other" }],
        ["docker", { docker: { host: "ssh://elsewhere" } }],
    ])("when %s changes, then the attachment is replaced, the new one first", async (key, properties) => {
        const { inputs } = await check("one");
        const { inputs: news } = await check("one", properties, inputs);
        expect(await provider.diff("id", inputs, news)).toEqual({
            changes: 0,
            replaces: [key],
            deleteBeforeReplace: false,
        });
    });
});

describe("refusals", () => {
    const failuresOf = async (name: string) => (await check(name)).failures;

    it.each(["host", "none"])("given a container in network mode %s, then it is refused", async (mode) => {
        const name = fresh();
        await guests.run(name, { NetworkMode: mode });
        expect(await failuresOf(name)).toEqual([
            `container: must have a network of its own (got ${name}, made with network mode ${mode}); make it on a bridge network`,
        ]);
    });

    it("given one in another's network, then it is refused", async () => {
        const [name, other] = [fresh(), fresh()];
        const id = await guests.run(other, { NetworkMode: early });
        await guests.run(name, { NetworkMode: `container:${id}` });
        expect(await failuresOf(name)).toEqual([
            `container: must have a network of its own (got ${name}, made with network mode container:${id}); make it on a bridge network`,
        ]);
    });

    it("given an id, then the error tells the name", async () => {
        const name = fresh();
        const id = await guests.run(name, { NetworkMode: early });
        expect(await failuresOf(id)).toEqual([
            `container: must be the container's name (got ${id}; its name is ${name})`,
        ]);
    });

    it("given one that is on the private network already, then it says how to detach it", async () => {
        const name = fresh();
        await guests.run(name, { NetworkMode: east.privateNetwork });
        expect(await failuresOf(name)).toEqual([
            expect.stringMatching(
                `must not be on network ${east.privateNetwork} yet .*docker network disconnect ${east.privateNetwork} ${name}`,
            ),
        ]);
        await guests.remove(name);
    });

    it("given a virtual machine of Switchyard's, then it says whose", async () => {
        expect(await failuresOf(east.gateway)).toEqual([
            `container: must be made elsewhere (got ${east.gateway}, which Switchyard made for east-gateway of stack ${stack.name}, ` +
                `project ${stack.project}); a VirtualMachine of the program is given to endpoints and sets itself`,
        ]);
    });

    it("given one that is a machine of a cloud service already, then it says of whom", async () => {
        const name = fresh();
        await guests.run(name, { NetworkMode: early });
        await attach(name);
        const again = stack.inputs("containerAttachment", "again", attachment(name));
        expect((await provider.check(again)).failures).toEqual([
            `container: must be in one cloud service only, once (got ${name}, which ${name} of stack ${stack.name}, ` +
                `project ${stack.project} attached to ${east.privateNetwork}); ` +
                `if this is ${name} renamed, give it aliases: [{ name: "${name}" }]`,
        ]);
        await guests.remove(name);
    });

    it("given one whose ports Docker would move to the private network, then it stays off it", async () => {
        const name = fresh();
        await guests.run(name, { NetworkMode: late, PublishAllPorts: true });
        const [major = 0] = (await docker.version()).Version.split(".").map(Number);
        expect(await failuresOf(name)).toEqual(
            major >= 28
                ? []
                : [expect.stringMatching(`must not publish ports on a network .*\\(got ${name} on ${late}\\)`)],
        );
    });

    it("given none, or one that does not run, then nothing is attached", async () => {
        const missing = await check("no-such-container");
        expect((await failureOf(provider.create(missing.inputs))).message).toMatch(
            /^there is no container no-such-container on unix:\S+; make it first/,
        );
        const name = fresh();
        await guests.run(name, { NetworkMode: early });
        await docker.getContainer(name).stop();
        const { message, partial } = await failureOf(provider.create((await check(name)).inputs));
        expect(message).toBe(`container ${name} does not run; start it and run pulumi up again`);
        expect(partial).toBeUndefined();
        expect(await networksOf(name)).toEqual([early]);
    });
});

describe("a container that publishes a port of its own bridge", () => {
    let name: string;
    let made: Made;
    let routes: string[][];
    beforeAll(async () => {
        name = fresh();
        await guests.run(name, { NetworkMode: early, PortBindings: { "8080/tcp": [{ HostIp: "127.0.0.1" }] } });
        routes = await routing(name);
        made = await attach(name);
        await serve(name);
    });

    it("then clients reach it through the gateway, and it sees their addresses", async () => {
        expect(await client.ask()).toBe(`${name} ${Client.address}`);
        expect(made.properties["address"]).toMatch(/^10\.25/);
        await refreshIsSilent(made);
    });

    it("then clients of a published loopback port show as the gateway", async () => {
        expect(await answerAt(port)).toBe(`${name} ${east.resources["east-private"]!.properties["gatewayAddress"]}`);
    });

    it("then its own published port leads to it as before", async () => {
        const { NetworkSettings } = await docker.getContainer(name).inspect();
        const own = Number(NetworkSettings.Ports["8080/tcp"]![0]!.HostPort);
        expect(await answerAt(own)).toMatch(`${name} `);
    });

    it("then what it answers from its own bridge leaves there, and all else by the gateway", async () => {
        const { image } = east.resources["east-gateway"]!.inputs as { image: string };
        const { Networks } = (await docker.getContainer(name).inspect()).NetworkSettings;
        const { IPAddress, Gateway } = Networks[early]!;
        const routeFrom = async (...from: string[]) => {
            const command = ["ip -4 -o route get 192.0.2.1 $@", ...from] as const;
            return (await runInNetworkOf(await connect(undefined), name, image, command, {})).output;
        };
        expect(await routeFrom("from", IPAddress)).toMatch(` via ${Gateway} `);
        expect(await routeFrom()).toMatch(` via ${east.resources["east-private"]!.properties["gatewayAddress"]} `);
    });

    it("when it restarts, then a refresh shows the lost route, and an update sets it again", async () => {
        await docker.getContainer(name).restart({ t: 1 });
        const drifted = await provider.read(made.id, made.properties);
        expect(drifted.inputs).toEqual({ ...made.inputs, defaultRoute: "elsewhere" });
        made = await change({ ...made, inputs: drifted.inputs, properties: drifted.properties });
        await refreshIsSilent(made);
        await expect.poll(() => client.ask(), { timeout: 15_000 }).toBe(`${name} ${Client.address}`);
    });

    it("when somebody takes it off the network, then a refresh shows it, and an update attaches it again", async () => {
        await docker.getNetwork(east.privateNetwork).disconnect({ Container: name });
        const drifted = await provider.read(made.id, made.properties);
        expect(drifted.inputs).toEqual({ ...made.inputs, attached: false });
        made = await change({ ...made, inputs: drifted.inputs, properties: drifted.properties });
        await expect.poll(() => client.ask(), { timeout: 15_000 }).toBe(`${name} ${Client.address}`);
    });

    it("when its alias changes, then it is known by the new one, in place", async () => {
        made = await change(made, { alias: "renamed" });
        const { NetworkSettings } = await docker.getContainer(name).inspect();
        expect(NetworkSettings.Networks[east.privateNetwork]!.Aliases).toContain("renamed");
        expect(await run(east.gateway, ["getent", "hosts", "legacy"])).toBe("");
        await expect.poll(() => client.ask(), { timeout: 15_000 }).toBe(`${name} ${Client.address}`);
    });

    it("when it is made anew under its name, then the new one takes its place", async () => {
        await guests.remove(name);
        const id = await guests.run(name, { NetworkMode: early });
        made = await change(made, { alias: "renamed" });
        expect(made.properties["containerId"]).toBe(id);
        await expect.poll(() => client.ask(), { timeout: 15_000 }).toBe(`${name} ${Client.address}`);
    });

    /** What Pulumi asks about it when its container is about to be replaced. */
    const unknownContainer = () => ({ ...made.inputs, container: UNKNOWN, containerId: UNKNOWN });

    it("while it serves, then it is not detached", async () => {
        // In this run the program has declared it, so this is a preview of another name, and no more.
        await provider.diff(made.id, made.properties, unknownContainer());
        const { message } = await failureOf(provider.delete(made.id, made.properties));
        expect(message).toBe(
            `renamed (${name}) still serves in load-balanced set http; run a full pulumi up, without deleteBeforeReplace`,
        );
        expect(await networksOf(name)).toContain(east.privateNetwork);
    });

    it("when Pulumi must remove its container first, then it goes although it serves, and comes back", async () => {
        const run = await ProviderProcess.start();
        try {
            // Asked before the program declares it: who goes with the container?
            const { replaces } = await run.diff(made.id, made.properties, unknownContainer());
            expect(replaces).toEqual(["container"]);
            await run.delete(made.id, made.properties);
            expect(await networksOf(name)).toEqual([early]);
            await guests.remove(name);
            await guests.run(name, { NetworkMode: early });
            const again = stack.inputs("containerAttachment", name, attachment(name, { alias: "renamed" }));
            const { inputs, failures } = await run.check(again);
            expect(failures).toEqual([]);
            made = { ...made, inputs, ...(await run.create(inputs)) };
            await expect.poll(() => client.ask(), { timeout: 15_000 }).toBe(`${name} ${Client.address}`);
            expect((await failureOf(run.delete(made.id, made.properties))).message).toMatch(/still serves/);
        } finally {
            await run.stop();
        }
    });

    it("when deleted, then it runs on as it was before", async () => {
        await serve();
        await provider.delete(made.id, made.properties);
        expect(await networksOf(name)).toEqual([early]);
        expect((await docker.getContainer(name).inspect()).State.Running).toBe(true);
        expect(await routing(name)).toEqual(routes);
        // A second time, and of one that is gone, there is nothing to do.
        await provider.delete(made.id, made.properties);
        await guests.remove(name);
        await provider.delete(made.id, made.properties);
        expect((await provider.read(made.id, made.properties)).id).toBe("");
    });
});

describe("a container without published ports, on a network that sorts behind the private one", () => {
    it("when it restarts, then Docker itself leads it through the gateway, and it gets its own route back at the end", async () => {
        const name = fresh();
        await guests.run(name, { NetworkMode: late });
        const before = await routing(name);
        const made = await attach(name);
        await docker.getContainer(name).restart({ t: 1 });
        await refreshIsSilent(made);
        await serve(name);
        expect(await client.ask()).toBe(`${name} ${Client.address}`);
        await serve();
        await provider.delete(made.id, made.properties);
        expect(await routing(name)).toEqual(before);
    });
});

describe("what killed runs leave", () => {
    it("given that it is attached by a run that never told, then it is taken over", async () => {
        const name = fresh();
        await guests.run(name, { NetworkMode: early });
        const { inputs } = await check(name);
        await provider.create(inputs);
        const { properties, id } = await provider.create(inputs);
        expect(properties["address"]).toMatch(/^10\.25/);
        await provider.delete(id, properties);
    });

    it("given a helper that was never removed, then the next look at the routes removes it, and the deletion does", async () => {
        const name = fresh();
        await guests.run(name, { NetworkMode: early });
        const helpers = { label: [`io.switchyard.urn=${stack.urn("ContainerAttachment", name)}`] };
        const leave = () =>
            docker.createContainer({
                Image: "debian:trixie-slim",
                Labels: {
                    "io.switchyard.project": stack.project,
                    "io.switchyard.stack": stack.name,
                    "io.switchyard.type": "ContainerAttachment",
                    "io.switchyard.urn": stack.urn("ContainerAttachment", name),
                },
            });
        await leave();
        const { id, properties } = await provider.create((await check(name)).inputs);
        expect(await docker.listContainers({ all: true, filters: helpers })).toEqual([]);
        await docker.getContainer(name).stop({ t: 0 });
        await leave();
        await provider.delete(id, properties);
        expect(await docker.listContainers({ all: true, filters: helpers })).toEqual([]);
    });

    it("when the private network was removed while it was stopped, then a refresh shows it, and it can be started again", async () => {
        const name = fresh();
        await guests.run(name, { NetworkMode: early });
        const { id, properties } = await provider.create((await check(name)).inputs);
        const old = east.resources["east-private"]!;
        const gateway = docker.getContainer(east.gateway);
        await Promise.all([docker.getContainer(name).stop({ t: 0 }), gateway.stop({ t: 1 })]);
        await docker.getNetwork(old.id).remove();
        await gateway.remove({ force: true });
        const { inputs: drifted } = await provider.read(id, properties);
        expect(drifted).toMatchObject({ attached: false });

        const again = await provider.create(old.inputs);
        east.resources["east-private"] = { ...old, ...again };
        const { inputs } = await check(name, {}, drifted);
        const { message } = await failureOf(provider.update(id, drifted, inputs));
        expect(message).toBe(`container ${name} does not run; start it and run pulumi up again`);
        await docker.getContainer(name).start();
        expect(await networksOf(name)).toEqual([early, east.privateNetwork].sort());
        await provider.delete(id, properties);
    });

    it("when the private network goes, last of all, then it is detached, and stays", async () => {
        const name = fresh();
        await guests.run(name, { NetworkMode: early });
        const gateway = east.resources["east-gateway"]!;
        await provider.create(gateway.inputs);
        const { id, properties } = await provider.create((await check(name)).inputs);
        const network = east.resources["east-private"]!;
        await provider.delete(network.id, network.properties);
        expect(await networksOf(name)).toEqual([early]);
        await provider.delete(id, properties);
    });
});
