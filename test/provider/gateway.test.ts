import net from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../model/schema/unknown";
import { type CloudServiceUnderTest, GatewayUnderTest, answerAt, setOf } from "./support/cloudService";
import type { EngineLog } from "./support/engine";
import type { Made } from "./support/made";
import { docker, IMAGE } from "./support/host";
import { failureOf } from "./support/machines";
import { ProviderProcess, type Properties } from "./support/providerProcess";

const tested = new GatewayUnderTest();
const { stack } = tested;
const { public: publicSpace, private: privateSpace } = stack.addressSpaces;
let engine: EngineLog;
let provider: ProviderProcess;
let east: CloudServiceUnderTest;
let port: number;

beforeAll(async () => {
    await tested.start();
    ({ engine, provider, east, port } = tested);
}, 300_000);
afterAll(() => tested.remove());

async function refreshIsSilent({ id, inputs, properties }: Made) {
    expect(await provider.read(id, properties)).toEqual({ id, properties, inputs });
}

describe("Gateway, checked", () => {
    const inputs = (properties: Properties = {}) =>
        stack.inputs("gateway", "other", {
            image: "switchyard-runtime:1",
            volume: "v",
            publicNetwork: "p",
            publicSubnet: "10.230.0.0/24",
            privateNetwork: "q",
            privateSubnet: "10.80.0.0/24",
            privateGateway: "10.80.0.1",
            internalVirtualIp: "10.80.0.253",
            ...properties,
        });

    it("given no virtual IP, then one of the public network is known at preview, the same every time", async () => {
        const first = await provider.check(inputs());
        expect(first.inputs["virtualIp"]).toMatch(/^10\.230\.0\.\d+$/);
        expect((await provider.check(inputs())).inputs).toEqual(first.inputs);
        expect((await provider.check(inputs({ publicSubnet: UNKNOWN }))).inputs["virtualIp"]).toBe(UNKNOWN);
    });

    it("given ports in any spelling and order, then they are canonical", async () => {
        const { inputs: checked } = await provider.check(
            inputs({ publish: { ports: ["5000-5010/udp", "8443:443", 80, "1000:80/TCP"] } }),
        );
        expect(checked["publish"]).toEqual({
            address: "0.0.0.0",
            ports: ["80:80/tcp", "1000:80/tcp", "8443:443/tcp", "5000-5010:5000-5010/udp"],
        });
    });

    it.each([
        { publish: { ports: ["80:80/tcp", UNKNOWN] } },
        { publish: { ports: UNKNOWN } },
        { publish: UNKNOWN },
        { privateNetwork: UNKNOWN, privateSubnet: UNKNOWN, privateGateway: UNKNOWN, internalVirtualIp: UNKNOWN },
        { virtualIp: UNKNOWN },
    ])("given %j, then the unknown is let through", async (unknown) => {
        const { inputs: checked, failures } = await provider.check(inputs(unknown));
        expect(failures).toEqual([]);
        expect(checked).toMatchObject(unknown);
    });

    it("given addresses that do not fit together, then each has its sentence", async () => {
        const { failures } = await provider.check(
            inputs({ virtualIp: "10.231.0.1", privateSubnet: "10.230.0.128/25", privateGateway: "10.80.0.1" }),
        );
        expect(failures).toEqual([
            'virtualIp: must be a host address of the public network 10.230.0.0/24 (got "10.231.0.1")',
            'privateGateway: must be an address of the private network 10.230.0.128/25 (got "10.80.0.1")',
            'internalVirtualIp: must be an address of the private network 10.230.0.128/25 (got "10.80.0.253")',
            'privateSubnet: must not overlap the public network 10.230.0.0/24 (got "10.230.0.128/25")',
        ]);
    });

    it("when anything that Docker fixes at creation changes, then it is replaced, the old one first, and a line says what that means", async () => {
        const { inputs: olds } = await provider.check(inputs());
        const { inputs: news } = await provider.check(inputs({ publish: { ports: [80] }, image: UNKNOWN }), olds);
        engine.lines.length = 0;
        expect(await provider.diff("id", olds, news)).toEqual({
            changes: 0,
            replaces: ["image", "publish"],
            deleteBeforeReplace: true,
        });
        await expect
            .poll(() => engine.lines)
            .toEqual([
                {
                    urn: news["__urn"],
                    message: expect.stringMatching(
                        /^\S+-other \(10\.230\.0\.\d+\) is replaced: about a second without service; /,
                    ),
                    ephemeral: false,
                },
            ]);
    });
});

describe("a gateway", () => {
    it("when created, then its container may do nothing but carry packets", async () => {
        const { id, inputs, properties } = east.resources["east-gateway"]!;
        const { HostConfig, NetworkSettings, Config } = await docker.getContainer(east.gateway).inspect();
        expect(HostConfig).toMatchObject({
            CapDrop: ["ALL"],
            CapAdd: ["NET_ADMIN"],
            ReadonlyRootfs: true,
            SecurityOpt: ["no-new-privileges"],
            RestartPolicy: { Name: "always" },
        });
        expect(Config.Labels["io.switchyard.type"]).toBe("Gateway");
        expect(Object.keys(NetworkSettings.Networks).sort()).toEqual(
            [inputs["publicNetwork"], east.privateNetwork].sort(),
        );
        expect(NetworkSettings.Networks[inputs["publicNetwork"]]!.IPAddress).toBe(inputs["virtualIp"]);
        expect(properties["publishedAddresses"]).toEqual([
            { address: "127.0.0.1", port, publicPort: 80, protocol: "tcp" },
        ]);
        expect(properties["containerId"]).toBe(id);
    });

    it("when refreshed, then nothing has changed, nor has its image or agent", async () => {
        for (const name of ["east-gateway", "east-agent", "east-image", "east-state", "public", "east-private"]) {
            await refreshIsSilent(east.resources[name]!);
        }
    });

    it("given a host port that a program has, then a preview says so, before a gateway is taken away", async () => {
        const server = net.createServer().listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port: taken } = server.address() as net.AddressInfo;
        try {
            const { failures } = await checkOther({ publish: { address: "127.0.0.1", ports: [`${taken}:80`] } });
            expect(failures).toEqual([
                expect.stringMatching(
                    new RegExp(
                        `^publish: 127.0.0.1:${taken}/tcp of unix:\\S+ is in use already, by another program; ` +
                            "free it or publish another port$",
                    ),
                ),
            ]);
        } finally {
            server.close();
        }
    });

    it("given an address to publish at that the host lacks, then a preview says so once", async () => {
        const publish = { address: "203.0.113.9", ports: ["80", "53/udp"] };
        expect((await checkOther({ publish })).failures).toEqual([
            "publish.address: must be an address of the Docker host, or 0.0.0.0 (got 203.0.113.9)",
        ]);
    });

    it.each([
        ["somebody's container", {}, ""],
        [
            "another stack",
            { "io.switchyard.stack": "theirs", "io.switchyard.project": "shop" },
            " of stack theirs, project shop",
        ],
    ])(
        "given a port and an address that %s has, then a preview names it",
        async (_, Labels: Record<string, string>, whose) => {
            const name = `${stack.name}-holder`;
            const holder = await docker.createContainer({
                name,
                Image: IMAGE,
                Cmd: ["sleep", "60"],
                Labels,
                ExposedPorts: { "53/udp": {} },
                HostConfig: {
                    NetworkMode: `${stack.name}-0-public-1`,
                    PortBindings: { "53/udp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
                },
            });
            try {
                await holder.start();
                const { Ports, Networks } = (await holder.inspect()).NetworkSettings;
                const taken = Ports["53/udp"]![0]!.HostPort;
                const virtualIp = Object.values(Networks)[0]!.IPAddress;
                const { failures } = await checkOther({ virtualIp, publish: { ports: [`${taken}:53/udp`] } });
                expect(failures).toEqual([
                    `virtualIp: must be free on network ${stack.name}-0-public-1 (got ${virtualIp}, which container ${name}${whose} has)`,
                    expect.stringMatching(
                        `^publish: 0.0.0.0:${taken}/udp of .* is in use already, by container ${name}${whose};`,
                    ),
                ]);
            } finally {
                await holder.remove({ force: true });
            }
        },
    );

    it("given a host port of the stack's own, which may be on its way out, then making it fails and leaves nothing", async () => {
        const inputs = await otherGateway({ publish: { address: "127.0.0.1", ports: [`${port}:80`] } });
        const { message } = await failureOf(provider.create(inputs));
        expect(message).toMatch(
            new RegExp(
                `^publish: 127.0.0.1:${port} of unix:\\S+ is in use already, by container ${stack.name}-\\S+; free it`,
            ),
        );
        await expect(docker.getContainer(`${stack.name}-other`).inspect()).rejects.toMatchObject({ statusCode: 404 });
    });

    it("given a name that another's container has, then a preview names its owner", async () => {
        const labels = { "io.switchyard.project": "shop", "io.switchyard.stack": stack.name };
        const stranger = await docker.createContainer({ name: `${stack.name}-other`, Image: IMAGE, Labels: labels });
        try {
            const { failures } = await checkOther({});
            expect(failures).toEqual([
                expect.stringMatching(
                    `^container ${stack.name}-other exists on unix:\\S+ and is stack ${stack.name}'s of project shop; ` +
                        "give the resource or the stack another name$",
                ),
            ]);
        } finally {
            await stranger.remove();
        }
    });

    it("given no published ports, then it is as if there were no publish", async () => {
        const { inputs } = await checkOther({ publish: { ports: [] } });
        expect(inputs).not.toHaveProperty("publish");
    });

    it("given a virtual IP that is taken, then the error says by whom", async () => {
        const virtualIp = east.resources["east-gateway"]!.inputs["virtualIp"] as string;
        const { message } = await failureOf(provider.create(await otherGateway({ virtualIp })));
        expect(message).toBe(
            `virtualIp ${virtualIp} is taken on network ${stack.name}-0-public-1 by ${east.gateway}; choose another virtualIp`,
        );
        const own = publicSpace.replace("0/24", "1");
        expect((await failureOf(provider.create(await otherGateway({ virtualIp: own })))).message).toBe(
            `virtualIp ${own} is taken on network ${stack.name}-0-public-1 by the network itself; choose another virtualIp`,
        );
    });

    it("given a network whose address space Docker chose, then the error says what it needs", async () => {
        const network = await docker.createNetwork({ Name: `${stack.name}-0-chosen` });
        try {
            const { IPAM } = (await network.inspect()) as { IPAM: { Config: { Subnet: string }[] } };
            const publicSubnet = IPAM.Config[0]!.Subnet;
            const virtualIp = publicSubnet.replace(/\d+\/\d+$/, "9");
            const inputs = await otherGateway({ publicNetwork: `${stack.name}-0-chosen`, publicSubnet, virtualIp });
            expect((await failureOf(provider.create(inputs))).message).toMatch(
                `network ${stack.name}-0-chosen got its address space from Docker, which gives no fixed addresses there; make it with a subnet`,
            );
        } finally {
            await network.remove();
        }
    });

    /** Of a program that declares nothing else: what that has in common with another it would hear of at once. */
    async function checkOther(properties: Properties) {
        const run = await ProviderProcess.start();
        const { inputs } = east.resources["east-gateway"]!;
        return run
            .check(
                stack.inputs("gateway", "other", {
                    image: inputs["image"],
                    volume: inputs["volume"],
                    publicNetwork: inputs["publicNetwork"],
                    publicSubnet: publicSpace,
                    privateNetwork: inputs["privateNetwork"],
                    privateSubnet: privateSpace,
                    privateGateway: inputs["privateGateway"],
                    internalVirtualIp: inputs["internalVirtualIp"],
                    ...properties,
                }),
            )
            .finally(() => run.stop());
    }

    async function otherGateway(properties: Properties): Promise<Properties> {
        const { inputs, failures } = await checkOther(properties);
        expect(failures).toEqual([]);
        return inputs;
    }
});

describe("a load balancer, from first to last", () => {
    let web: Made[];
    let balancer: Made;

    it("when created, then clients of the published port reach the machines", async () => {
        web = await Promise.all(["web1", "web2", "web3"].map((name) => east.machine(name)));
        balancer = await east.make(
            "loadBalancer",
            "east",
            east.balancerInputs({ loadBalancedSets: { http: setOf(web) } }),
        );
        const positions = Object.values(balancer.inputs["loadBalancedSets"].http.members as Record<string, Properties>);
        expect(positions.map(({ position }) => position)).toEqual([0, 1, 2]);
        expect(["web1", "web2", "web3"]).toContain(await answerAt(port));
        await refreshIsSilent(balancer);
    });

    it("when a member in the middle leaves, then the others keep their positions, and it is served no more", async () => {
        const wholeShare = { weight: 1, adminState: "auto", priority: 1 };
        const before = balancer.properties["revision"] as number;
        balancer = await east.change(
            balancer,
            east.balancerInputs({ loadBalancedSets: { http: setOf([web[0]!, web[2]!]) } }),
        );
        expect(balancer.properties["loadBalancedSets"].http.members).toEqual({
            web1: { container: `${stack.name}-web1-1`, state: "running", position: 0, ...wholeShare },
            web3: { container: `${stack.name}-web3-1`, state: "running", position: 2, ...wholeShare },
        });
        expect(balancer.properties["revision"]).toBeGreaterThan(before);
        await refreshIsSilent(balancer);
        await provider.delete(web[1]!.id, web[1]!.properties);
    });

    it("when a machine that serves is to be deleted, then it refuses and says where it serves", async () => {
        const { message } = await failureOf(provider.delete(web[0]!.id, web[0]!.properties));
        expect(message).toBe(
            `web1 (${stack.name}-web1-1) still serves in load-balanced set http; run a full pulumi up, without deleteBeforeReplace (replaceMode: "deleteFirst" makes room for a machine's replacement)`,
        );
    });

    it("when the machine's own container serves and Pulumi has forgotten it, then it is taken back; one that differs stays and the next number is taken", async () => {
        const other = await ProviderProcess.start();
        const { inputs } = web[0]!;
        expect(await other.create(inputs)).toMatchObject({
            id: web[0]!.id,
            properties: { name: `${stack.name}-web1-1` },
        });
        const { id, properties } = await other.create({ ...inputs, environment: { MODE: "new" } });
        expect([id === web[0]!.id, properties["name"]]).toEqual([false, `${stack.name}-web1-2`]);
        await other.delete(id, properties);
        await other.stop();
    });

    it("when new members never become healthy, then one message says why, and the old ones serve on", async () => {
        const mute = await east.machine("mute", { command: ["sh", "-c", "trap 'exit 0' TERM; sleep 600 & wait"] });
        const wanted = stack.inputs(
            "loadBalancer",
            "east",
            east.balancerInputs({ waitSeconds: 2, loadBalancedSets: { http: setOf([mute]) } }),
        );
        const { inputs } = await provider.check(wanted, balancer.inputs);
        const { message, partial } = await failureOf(provider.update(balancer.id, balancer.properties, inputs));
        expect(message).toMatch(
            new RegExp(
                `^gateway ${east.gateway} did not apply the configuration; revision \\d+ still serves:\\n- .*mute.*refused`,
                "s",
            ),
        );
        expect(partial).toBeUndefined();
        expect(["web1", "web3"]).toContain(await answerAt(port));
        await refreshIsSilent(balancer);
        await provider.delete(mute.id, mute.properties);
    });

    it("when two apply at once, then one wins and the other gets a clear error", async () => {
        const inputs = slow({ ...balancer.inputs, waitSeconds: 4 });
        const other = await ProviderProcess.start();
        const failures = await Promise.all(
            [provider, other].map((process) => failureOf(process.update(balancer.id, balancer.properties, inputs))),
        );
        await other.stop();
        const [refused, tried] = failures
            .map(({ message }) => message)
            .sort((a, b) => Number(/nobody/.test(a)) - Number(/nobody/.test(b)));
        expect(refused).toMatch(
            /still serves:\n- another apply is running since \S+ \(\d+ s\); try again when it has ended$/,
        );
        expect(tried).toMatch(/still serves:\n- .*nobody/);
    });

    /** With a member that nobody knows the apply lasts as long as it may. */
    function slow(inputs: Properties): Properties {
        const { http } = inputs["loadBalancedSets"] as Record<string, Properties>;
        const members = { ...http!["members"], nobody: { container: `${stack.name}-nobody-1`, position: 5 } };
        return { ...inputs, loadBalancedSets: { http: { ...http, members } } };
    }

    it("when a machine is stopped by its state, then no client notices", async () => {
        const stopped = await east.change(web[2]!, east.machineInputs("web3", { state: "stopped" }));
        for (let n = 0; n < 10; n++) expect(await answerAt(port)).toBe("web1");
        web[2] = await east.change(stopped, east.machineInputs("web3"));
    });

    it("when it is replaced, then the deletion of the old one does not take the new one's configuration away", async () => {
        const replacement = await provider.create(balancer.inputs);
        await provider.delete(balancer.id, balancer.properties);
        expect(["web1", "web3"]).toContain(await answerAt(port));
        balancer = { ...balancer, ...replacement };
        await refreshIsSilent(balancer);
    });

    it("when somebody stops the gateway, then a refresh shows it, and an update has it serve again", async () => {
        const { id, inputs, properties } = east.resources["east-gateway"]!;
        await docker.getContainer(id).stop({ t: 5 });
        const drifted = await provider.read(id, properties);
        expect(drifted.inputs).toEqual({ ...inputs, state: "stopped" });
        // What stands behind it cannot be asked, and is not forgotten.
        await refreshIsSilent(east.resources["east-agent"]!);
        expect((await provider.read(balancer.id, balancer.properties)).inputs).toEqual(balancer.inputs);
        expect(await provider.update(id, drifted.properties, inputs)).toEqual(properties);
        expect(["web1", "web3"]).toContain(await answerAt(port));
    });

    it("when the agent is not the package's, then a refresh shows it, and an update installs it", async () => {
        const agent = east.resources["east-agent"]!;
        const { gateway } = agent.inputs;
        await run(gateway, [
            "sh",
            "-c",
            "cd /var/lib/switchyard/agent && cp current other.js && switchyard-agent use other",
        ]);
        const drifted = await provider.read(agent.id, agent.properties);
        expect(drifted.inputs).toEqual({ ...agent.inputs, bundle: "other" });
        expect(await provider.update(agent.id, drifted.properties, agent.inputs)).toEqual(agent.properties);
        await refreshIsSilent(agent);
        expect(["web1", "web3"]).toContain(await answerAt(port));
    });

    it("when somebody removes the agent's file while it runs, then a refresh shows it, and an update brings it back", async () => {
        const agent = east.resources["east-agent"]!;
        await run(agent.inputs["gateway"] as string, ["sh", "-c", "rm /var/lib/switchyard/agent/*.js"]);
        const drifted = await provider.read(agent.id, agent.properties);
        expect(drifted.inputs).toEqual({ ...agent.inputs, bundle: "" });
        await provider.update(agent.id, drifted.properties, agent.inputs);
        await refreshIsSilent(agent);
    });

    it("when the gateway is replaced, then the new one serves what the old one did, and is waited for", async () => {
        const { id, inputs, properties } = east.resources["east-gateway"]!;
        await provider.delete(id, properties);
        const again = await provider.create(inputs);
        east.resources["east-gateway"] = { ...east.resources["east-gateway"]!, ...again };
        expect(again.id).not.toBe(id);
        expect(["web1", "web3"]).toContain(await answerAt(port));
        await refreshIsSilent(balancer);
    });

    it("when Pulumi has forgotten the gateway, then it is taken back as it runs; one off its network is made anew", async () => {
        const { id, inputs, properties } = east.resources["east-gateway"]!;
        expect(await provider.create(inputs)).toEqual({ id, properties });
        await docker.getNetwork(east.privateNetwork).disconnect({ Container: id });
        const again = await provider.create(inputs);
        expect(again.id).not.toBe(id);
        expect(["web1", "web3"]).toContain(await answerAt(port));
        east.resources["east-gateway"] = { ...east.resources["east-gateway"]!, ...again };
    });

    it("when another gateway was left under that name, then it is removed and made anew", async () => {
        const { id, inputs, properties } = east.resources["east-gateway"]!;
        const { publish: _, ...others } = inputs;
        expect((await provider.create(others)).id).not.toBe(id);
        east.resources["east-gateway"] = { ...east.resources["east-gateway"]!, ...(await provider.create(inputs)) };
        expect(east.resources["east-gateway"].properties["publishedAddresses"]).toEqual(
            properties["publishedAddresses"],
        );
        expect(["web1", "web3"]).toContain(await answerAt(port));
    });

    it("when deleted, then nothing is served, and the machines let themselves be deleted", async () => {
        await provider.delete(balancer.id, balancer.properties);
        expect(await answerAt(port)).toBeUndefined();
        expect((await provider.read(balancer.id, balancer.properties)).inputs["loadBalancedSets"]).toEqual({});
        await provider.delete(web[0]!.id, web[0]!.properties);
    });

    it("when the gateway is gone, then so is the load balancer, and nothing objects to a delete", async () => {
        const { id, properties } = east.resources["east-gateway"]!;
        await provider.delete(id, properties);
        expect((await provider.read(balancer.id, balancer.properties)).id).toBe("");
        const agent = east.resources["east-agent"]!;
        expect((await provider.read(agent.id, agent.properties)).id).toBe("");
        await provider.delete(balancer.id, balancer.properties);
        await provider.delete(agent.id, agent.properties);
        await provider.delete(web[2]!.id, web[2]!.properties);
        const { message } = await failureOf(provider.update(balancer.id, balancer.properties, balancer.inputs));
        expect(message).toMatch(/^gateway \S+-east-gateway does not exist on unix:/);
    });
});

async function run(container: string, command: string[]): Promise<void> {
    const exec = await docker.getContainer(container).exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    stream.resume();
    await once(stream, "end");
    expect((await exec.inspect()).ExitCode).toBe(0);
}
