import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { virtualMachine } from "../../model/resources/virtualMachine";
import { parseUrn } from "../../model/names";
import * as switchyard from "../../sdk";
import { register, valueOf } from "./support/program";
import { refusals } from "./support/schemas";

function quickstart() {
    const service = new switchyard.CloudService("contoso", {
        addressSpace: "10.80.1.0/24",
        publish: { address: "127.0.0.1", ports: [80, "8443:443"] },
    });
    const web = [1, 2, 3].map(
        (n) => new switchyard.VirtualMachine(`web${n}`, { cloudService: service, image: "nginx:1.29" }),
    );
    const http = new switchyard.LoadBalancedSet("http", {
        protocol: "tcp",
        publicPort: 80,
        privatePort: 8080,
        virtualMachines: web,
        probe: { protocol: "http", path: "/healthz" },
    });
    const ssh = new switchyard.Endpoint("ssh", {
        virtualMachine: web[0]!,
        protocol: "tcp",
        publicPort: 2201,
        privatePort: 22,
    });
    const balancer = new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [http, ssh] });
    return { service, web, http, ssh, balancer };
}

describe("what a program registers", () => {
    it("is a component with the parts of a gateway, and one resource for each statement", async () => {
        const registered = await register(quickstart);
        expect(Object.keys(registered).sort()).toEqual([
            "BalancerAgent contoso-agent",
            "CloudService contoso",
            "Endpoint ssh",
            "Gateway contoso-gateway",
            "LoadBalancedSet http",
            "LoadBalancer contoso",
            "PrivateNetwork contoso-private",
            "PublicNetwork public",
            "RuntimeImage contoso-image",
            "RuntimeVolume contoso-state",
            "VirtualMachine web1",
            "VirtualMachine web2",
            "VirtualMachine web3",
        ]);
    });

    it("are inputs that the provider's schemas accept", async () => {
        expect(refusals(await register(quickstart))).toEqual({});
    });

    it("names its provider by a constant text, and itself by its URN", async () => {
        const registered = await register(quickstart);
        const dynamic = Object.values(registered).filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
        expect(dynamic).toHaveLength(12);
        for (const { type, name, inputs } of dynamic) {
            const kind = type.split(":").pop()!;
            const key = kind[0]!.toLowerCase() + kind.slice(1);
            expect(type).toBe(`pulumi-nodejs:dynamic/switchyard:${kind}`);
            expect(inputs.__provider).toBe(`exports.handler = () => require("pulumi-switchyard/provider/v1").${key};`);
            expect(parseUrn(inputs.__urn)).toEqual({ project: "project", stack: "dev", name });
        }
        expect(registered["Gateway contoso-gateway"]!.urn).toBe(
            "urn:pulumi:dev::project::switchyard:index:CloudService$" +
                "pulumi-nodejs:dynamic/switchyard:Gateway::contoso-gateway",
        );
    });

    it("hands each part of the gateway what it needs of the others", async () => {
        const registered = await register(quickstart);
        expect(inputsOf(registered, "PrivateNetwork contoso-private")).toEqual({
            addressSpace: "10.80.1.0/24",
            sortsAfter: "dev-0-public-1",
        });
        expect(inputsOf(registered, "Gateway contoso-gateway")).toEqual({
            image: "switchyard-runtime:000000000000",
            volume: "dev-contoso-state",
            publicNetwork: "dev-0-public-1",
            publicSubnet: "10.224.0.0/24",
            privateNetwork: "dev-1-contoso-private-1",
            privateSubnet: "10.80.1.0/24",
            privateGateway: "10.80.1.1",
            internalVirtualIp: "10.80.1.253",
            publish: { address: "127.0.0.1", ports: [80, "8443:443"] },
        });
        expect(inputsOf(registered, "BalancerAgent contoso-agent")).toEqual({ gateway: "dev-contoso-gateway" });
        expect(inputsOf(registered, "VirtualMachine web1")).toEqual({
            alias: "web1",
            image: "nginx:1.29",
            network: "dev-1-contoso-private-1",
            gateway: "dev-contoso-gateway",
        });
    });

    it("gives the load balancer its configuration resolved, as maps from names", async () => {
        const registered = await register(quickstart);
        expect(inputsOf(registered, "LoadBalancer contoso")).toEqual({
            gateway: "dev-contoso-gateway",
            privateNetwork: "dev-1-contoso-private-1",
            endpoints: { ssh: { protocol: "tcp", publicPort: 2201, privatePort: 22, container: "dev-web1-1" } },
            loadBalancedSets: {
                http: {
                    protocol: "tcp",
                    publicPort: 80,
                    privatePort: 8080,
                    probe: { protocol: "http", path: "/healthz" },
                    allDown: "reject",
                    passiveDetection: true,
                    drainSeconds: 30,
                    distribution: "fiveTuple",
                    resetOnDown: false,
                    members: {
                        web1: { container: "dev-web1-1", state: "running" },
                        web2: { container: "dev-web2-1", state: "running" },
                        web3: { container: "dev-web3-1", state: "running" },
                    },
                },
            },
        });
    });

    it("resolves a pool to one endpoint for each machine", async () => {
        const registered = await register(() => {
            const service = new switchyard.CloudService("contoso");
            const web = ["web1", "web2"].map(
                (name) => new switchyard.VirtualMachine(name, { cloudService: service, image: "nginx" }),
            );
            const ssh = new switchyard.EndpointPool("ssh", {
                protocol: "tcp",
                publicPorts: "2201-2209",
                privatePort: 22,
                virtualMachines: web,
                acl: [{ order: 1, action: "permit", remoteSubnet: "203.0.113.0/24" }],
                maxConnections: 10,
            });
            new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [ssh] });
        });
        const access = { acl: { 1: { action: "permit", remoteSubnet: "203.0.113.0/24" } }, maxConnections: 10 };
        expect(inputsOf(registered, "EndpointPool ssh")).toEqual({
            protocol: "tcp",
            publicPorts: "2201-2209",
            privatePort: 22,
            ...access,
            virtualMachines: { web1: "dev-web1-1", web2: "dev-web2-1" },
        });
        const port = { protocol: "tcp", privatePort: 22, ...access };
        expect(inputsOf(registered, "LoadBalancer contoso").endpoints).toEqual({
            "ssh/web1": { ...port, publicPort: 2201, container: "dev-web1-1" },
            "ssh/web2": { ...port, publicPort: 2202, container: "dev-web2-1" },
        });
    });

    it.each([false, true])(
        "hands on each machine's share, and nothing that is not given (preview: %s)",
        async (preview) => {
            const registered = await register(
                () => {
                    const service = new switchyard.CloudService("contoso");
                    const [a, b] = ["a", "b"].map(
                        (name) => new switchyard.VirtualMachine(name, { cloudService: service, image: "nginx" }),
                    );
                    const virtualMachines = [a!, { virtualMachine: b!, weight: 0, priority: 2 }];
                    const http = new switchyard.LoadBalancedSet("http", {
                        protocol: "tcp",
                        publicPort: 80,
                        virtualMachines,
                    });
                    new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [http] });
                },
                { preview },
            );
            expect(inputsOf(registered, "LoadBalancedSet http").virtualMachines).toEqual({
                a: { container: "dev-a-1" },
                b: { container: "dev-b-1", weight: 0, priority: 2 },
            });
            const { members, ...settings } = inputsOf(registered, "LoadBalancer contoso").loadBalancedSets.http;
            expect(members.b).toEqual({ container: "dev-b-1", state: "running", weight: 0, priority: 2 });
            expect(settings).not.toHaveProperty("sourcePrefixLength");
            expect(settings).not.toHaveProperty("affinityGroup");
        },
    );
    it("hands who may connect, and how much, to the load balancer as given, rules by their order", async () => {
        const access = {
            idleTimeoutMinutes: pulumi.output(10),
            maxConnections: 500,
            maxConnectionRatePerSource: { perMinute: 6, burst: 3 },
        };
        const rules = [
            { order: 200, action: "permit", remoteSubnet: "203.0.113.0/24", description: "office" },
            { order: 100, action: "deny", remoteSubnet: pulumi.output("203.0.113.66") },
        ] as const;
        const registered = await register(() => {
            const service = new switchyard.CloudService("contoso");
            const web = new switchyard.VirtualMachine("web", { cloudService: service, image: "nginx" });
            const port = { protocol: "tcp", publicPort: 80, acl: rules, ...access } as const;
            const http = new switchyard.LoadBalancedSet("http", { ...port, virtualMachines: [web] });
            const ssh = new switchyard.Endpoint("ssh", { ...port, publicPort: 22, virtualMachine: web });
            new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [http, ssh] });
        });
        const resolved = {
            idleTimeoutMinutes: 10,
            maxConnections: 500,
            maxConnectionRatePerSource: { perMinute: 6, burst: 3 },
            acl: {
                100: { action: "deny", remoteSubnet: "203.0.113.66" },
                200: { action: "permit", remoteSubnet: "203.0.113.0/24", description: "office" },
            },
        };
        expect(inputsOf(registered, "LoadBalancedSet http")).toMatchObject(resolved);
        expect(inputsOf(registered, "Endpoint ssh")).toMatchObject(resolved);
        expect(inputsOf(registered, "LoadBalancer contoso")).toMatchObject({
            endpoints: { ssh: resolved },
            loadBalancedSets: { http: resolved },
        });
    });

    it("says nothing of what a program does not limit, so that a preview knows the load balancer's inputs whole", async () => {
        const registered = await register(quickstart, { preview: true });
        const { endpoints, loadBalancedSets } = inputsOf(registered, "LoadBalancer contoso");
        for (const property of ["acl", "idleTimeoutMinutes", "maxConnections", "maxConnectionRatePerSource"])
            for (const settings of [endpoints.ssh, loadBalancedSets.http])
                expect(settings).not.toHaveProperty(property);
    });

    it("keeps resources out of the component's own inputs", async () => {
        const registered = await register(() => {
            const lan = new switchyard.PublicNetwork("lan", { existing: "lan" });
            new switchyard.CloudService("contoso", { publicNetwork: lan, virtualIp: "10.224.0.40" });
        });
        expect(registered["CloudService contoso"]!.inputs).toEqual({ virtualIp: "10.224.0.40" });
    });

    it("is reached from outside by its VIP, or by the address that it advertises", async () => {
        const addresses: pulumi.Output<string>[] = [];
        const registered = await register(() => {
            const east = new switchyard.CloudService("east", {
                location: "eastus",
                advertisedAddress: pulumi.output("203.0.113.10"),
            });
            addresses.push(east.advertisedAddress, new switchyard.CloudService("west").advertisedAddress);
        });
        expect(registered["CloudService east"]!.inputs).toEqual({
            advertisedAddress: "203.0.113.10",
            location: "eastus",
        });
        expect(registered["CloudService west"]!.inputs).toEqual({});
        expect(await Promise.all(addresses.map(valueOf))).toEqual(["203.0.113.10", "10.224.0.9"]);
    });

    it("passes the Docker host on to everything that the cloud service holds", async () => {
        const docker = { host: "ssh://admin@east.example" };
        const registered = await register(() => {
            const service = new switchyard.CloudService("contoso", { docker });
            const web = new switchyard.VirtualMachine("web", { cloudService: service, image: "nginx" });
            const http = new switchyard.Endpoint("http", { virtualMachine: web, protocol: "tcp", publicPort: 80 });
            new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [http] });
        });
        for (const [key, { inputs }] of Object.entries(registered)) {
            if (key === "Endpoint http") expect(inputs, key).not.toHaveProperty("docker");
            else expect(inputs.docker, key).toEqual(docker);
        }
    });
});

describe("a virtual machine", () => {
    class Volume extends pulumi.CustomResource {
        declare readonly name: pulumi.Output<string>;
        declare readonly mountpoint: pulumi.Output<string>;
        constructor(name: string) {
            super("docker:index/volume:Volume", name, { name: `${name}-1234`, mountpoint: undefined });
        }
    }

    it("passes on all that it is given, with disks by the names of their volumes", async () => {
        const given = {
            command: ["serve"],
            environment: { A: "b" },
            userData: { "/etc/app": { content: "x", mode: "0600" } },
            devices: { "/dev/net/tun": "/dev/net/tun" },
            capabilities: ["NET_ADMIN"],
            hostname: "db.example",
            size: "Small",
            healthCheck: "none",
            logs: { maxFiles: 5 },
            restart: "always",
            stopSignal: "SIGQUIT",
            stopGraceSeconds: 5,
            state: "stopped",
            labels: { team: "web" },
            readySeconds: 9,
            replaceMode: "deleteFirst",
            maxUnavailable: 2,
        } as const;
        const registered = await register(() => {
            const volume = new Volume("data");
            const disks = {
                "/named": "vol",
                "/output": pulumi.output("out"),
                "/resource": volume,
                "/args": { volume, readOnly: true },
            };
            const service = new switchyard.CloudService("contoso");
            const args = { ...given, command: ["serve"], capabilities: ["NET_ADMIN"] };
            new switchyard.VirtualMachine("db", { cloudService: service, image: "postgres", disks, ...args });
        });
        const inputs = inputsOf(registered, "VirtualMachine db");
        expect(inputs).toEqual({
            ...given,
            disks: {
                "/named": "vol",
                "/output": "out",
                "/resource": "data-1234",
                "/args": { volume: "data-1234", readOnly: true },
            },
            alias: "db",
            image: "postgres",
            network: "dev-1-contoso-private-1",
            gateway: "dev-contoso-gateway",
        });
        expect(() => virtualMachine.parse(inputs)).not.toThrow();
    });

    it("with a private address says of which network it must be", async () => {
        const registered = await register(() => {
            const service = new switchyard.CloudService("contoso");
            new switchyard.VirtualMachine("db", {
                cloudService: service,
                image: "postgres",
                privateAddress: "10.80.1.200",
            });
        });
        expect(inputsOf(registered, "VirtualMachine db")).toMatchObject({
            privateAddress: "10.80.1.200",
            addressSpace: "10.80.1.0/24",
            gatewayAddress: "10.80.1.1",
            internalVirtualIp: "10.80.1.253",
        });
    });

    it("can be described by the named sizes", () => {
        expect({ ...switchyard.sizes.Medium, cpus: 1.5 }).toEqual({ cpus: 1.5, memory: "3584MiB" });
        for (const size of Object.values(switchyard.sizes)) expect(virtualMachine.shape.size.parse(size)).toEqual(size);
    });
});

describe("the public network", () => {
    it("is one for all cloud services of a stack on one Docker host", async () => {
        const registered = await register(() => {
            new switchyard.CloudService("a");
            new switchyard.CloudService("b");
            new switchyard.CloudService("far", { docker: { host: "ssh://far.example" } });
        });
        expect(Object.keys(registered).filter((key) => key.startsWith("PublicNetwork"))).toEqual([
            "PublicNetwork public",
            "PublicNetwork public-ssh://far.example",
        ]);
    });

    it("is a new one in each run of a program within one process", async () => {
        const program = () => void new switchyard.CloudService("a");
        const first = await register(program);
        const second = await register(program, { stack: "other" });
        expect(first["PublicNetwork public"]!.urn).toBe(
            "urn:pulumi:dev::project::pulumi-nodejs:dynamic/switchyard:PublicNetwork::public",
        );
        expect(second["PublicNetwork public"]!.urn).toBe(
            "urn:pulumi:other::project::pulumi-nodejs:dynamic/switchyard:PublicNetwork::public",
        );
    });

    it("is not made when every cloud service names one, by name or by a docker.Network", async () => {
        class Network extends pulumi.CustomResource {
            declare readonly name: pulumi.Output<string>;
        }
        const registered = await register(() => {
            const network = new Network("docker:index/network:Network", "lan", { name: "lan-1234" });
            new switchyard.CloudService("a", { publicNetwork: network });
            new switchyard.CloudService("b", { publicNetwork: pulumi.output("lan-name") });
        });
        expect(inputsOf(registered, "PublicNetwork a-public")).toEqual({ existing: "lan-1234" });
        expect(inputsOf(registered, "PublicNetwork b-public")).toEqual({ existing: "lan-name" });
        expect(registered).not.toHaveProperty("PublicNetwork public");
        expect(inputsOf(registered, "Gateway a-gateway").publicNetwork).toBe("lan-1234");
    });
});

describe("a virtual machine's image", () => {
    class DockerImage extends pulumi.CustomResource {
        declare readonly imageName: pulumi.Output<string>;
        declare readonly imageId: pulumi.Output<string>;
    }

    it.each([
        ["a reference", () => "nginx:1.29", "nginx:1.29"],
        ["an Output", () => pulumi.output("nginx:1.30"), "nginx:1.30"],
        [
            "a docker.Image",
            () => new DockerImage("docker:index/image:Image", "built", { imageName: "registry/web:7" }),
            "registry/web:7",
        ],
        [
            "a docker.RemoteImage",
            () => new DockerImage("docker:index/remoteImage:RemoteImage", "pulled", { imageId: "sha256:77" }),
            "sha256:77",
        ],
    ])("may be %s", async (_what, image, reference) => {
        const registered = await register(() => {
            const service = new switchyard.CloudService("contoso");
            new switchyard.VirtualMachine("web", { cloudService: service, image: image() });
        });
        expect(inputsOf(registered, "VirtualMachine web").image).toBe(reference);
    });
});

describe("a container made elsewhere", () => {
    class DockerContainer extends pulumi.CustomResource {
        declare readonly name: pulumi.Output<string>;
        declare readonly image: pulumi.Output<string>;
        constructor(name: string) {
            super("docker:index/container:Container", name, { name: `${name}-1234`, image: "legacy:7" });
        }
    }
    const attached = { network: "dev-1-contoso-private-1", gateway: "dev-contoso-gateway" };

    it.each([
        ["a name", () => "legacy-1", { container: "legacy-1" }],
        ["an Output", () => pulumi.output("legacy-2"), { container: "legacy-2" }],
        [
            "a docker.Container, whose id tells it from the one before",
            () => new DockerContainer("legacy"),
            { container: "legacy-1234", containerId: "id of legacy" },
        ],
    ])("may be %s", async (_what, container, reference) => {
        const registered = await register(() => {
            const service = new switchyard.CloudService("contoso", { docker: { host: "ssh://east" } });
            switchyard.VirtualMachine.fromContainer("old", { cloudService: service, container: container() });
        });
        const docker = { host: "ssh://east" };
        expect(inputsOf(registered, "ContainerAttachment old")).toEqual({
            ...attached,
            ...reference,
            alias: "old",
            docker,
        });
        expect(registered["ContainerAttachment old"]!.inputs.__provider).toBe(
            'exports.handler = () => require("pulumi-switchyard/provider/v1").containerAttachment;',
        );
    });

    it("is a virtual machine to endpoints and sets", async () => {
        let machine!: switchyard.VirtualMachine;
        const registered = await register(() => {
            const service = new switchyard.CloudService("contoso");
            const web = new switchyard.VirtualMachine("web", { cloudService: service, image: "nginx" });
            machine = switchyard.VirtualMachine.fromContainer("old", {
                cloudService: service,
                container: "legacy-1",
                alias: "legacy",
            });
            const port = { protocol: "tcp", privatePort: 8080 } as const;
            const http = new switchyard.LoadBalancedSet("http", {
                ...port,
                publicPort: 80,
                virtualMachines: [web, machine],
            });
            const one = new switchyard.Endpoint("one", { ...port, publicPort: 81, virtualMachine: machine });
            new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [http, one] });
        });
        expect(inputsOf(registered, "ContainerAttachment old").alias).toBe("legacy");
        const { endpoints, loadBalancedSets } = inputsOf(registered, "LoadBalancer contoso");
        expect(endpoints.one.container).toBe("legacy-1");
        expect(loadBalancedSets.http.members).toEqual({
            web: { container: "dev-web-1", state: "running" },
            old: { container: "legacy-1", state: "running" },
        });
        expect(switchyard.VirtualMachine.isInstance(machine)).toBe(true);
        expect(await valueOf(machine.containerName)).toBe("legacy-1");
    });
});

describe("outputs", () => {
    it("are what a program shows its users", async () => {
        let program!: ReturnType<typeof quickstart>;
        await register(() => void (program = quickstart()));
        expect(await valueOf(program.service.name)).toBe("contoso");
        expect(await valueOf(program.service.virtualIp)).toBe("10.224.0.9");
        expect(await valueOf(program.service.privateNetwork)).toBe("dev-1-contoso-private-1");
        expect(await valueOf(program.service.gateway)).toBe("dev-contoso-gateway");
        expect(await valueOf(program.service.publishedAddresses)).toEqual([]);
        expect(await valueOf(program.web[0]!.containerName)).toBe("dev-web1-1");
        expect(await valueOf(program.web[0]!.address)).toBe("10.64.0.5");
        expect(await valueOf(program.http.probe)).toEqual({ protocol: "http", path: "/healthz" });
        expect(await valueOf(program.balancer.revision)).toBe(1);
    });

    it("of a secret input stay secret, and leave the rest readable", async () => {
        let machine!: switchyard.VirtualMachine;
        const registered = await register(() => {
            const service = new switchyard.CloudService("contoso");
            const environment = { LOG_LEVEL: "info", API_KEY: pulumi.secret("hush") };
            machine = new switchyard.VirtualMachine("web", { cloudService: service, image: "nginx", environment });
            const http = new switchyard.Endpoint("http", { virtualMachine: machine, protocol: "tcp", publicPort: 80 });
            new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [http] });
        });
        // The mocks mark the whole property, where the engine marks the one key.
        const { environment, ...others } = inputsOf(registered, "VirtualMachine web");
        expect(environment[SECRET_MARK]).toBeDefined();
        expect(environment.value).toEqual({ LOG_LEVEL: "info", API_KEY: "hush" });
        expect(JSON.stringify(others)).not.toContain(SECRET_MARK);
        expect(await pulumi.isSecret(machine.containerName)).toBe(false);
        expect(JSON.stringify(inputsOf(registered, "LoadBalancer contoso"))).not.toContain("hush");
    });

    it.each([
        ["given as such", (probe: object) => probe],
        ["given later", (probe: object) => pulumi.output(probe)],
    ])("of a probe with a key are secret, %s", async (_how, given) => {
        const probe = given({ protocol: "https", clientCertificate: "public", clientKey: "hush" });
        let http!: switchyard.LoadBalancedSet;
        const registered = await register(() => {
            const service = new switchyard.CloudService("contoso");
            const web = new switchyard.VirtualMachine("web", { cloudService: service, image: "nginx" });
            const set = { protocol: "tcp" as const, publicPort: 443, virtualMachines: [web] };
            http = new switchyard.LoadBalancedSet("http", { ...set, probe: probe as switchyard.ProbeArgs });
            new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [http] });
        });
        const holders = ["LoadBalancedSet http", "LoadBalancer contoso"].map((key) => inputsOf(registered, key));
        expect(holders[0]!.probe[SECRET_MARK]).toBeDefined();
        expect(holders[0]!.probe.value).toEqual({ protocol: "https", clientCertificate: "public", clientKey: "hush" });
        expect(await pulumi.isSecret(http.probe)).toBe(true);
        expect(holders[1]!.loadBalancedSets[SECRET_MARK]).toBeDefined();
    });

    it("that a preview does not know yet leave its neighbours known", async () => {
        const unknown = new (pulumi.Output as any)(
            [],
            Promise.resolve(undefined),
            Promise.resolve(false),
            Promise.resolve(false),
            Promise.resolve([]),
        ) as pulumi.Output<number>;
        const registered = await register(
            () => {
                const service = new switchyard.CloudService("contoso");
                const web = new switchyard.VirtualMachine("web", { cloudService: service, image: "nginx" });
                const http = new switchyard.LoadBalancedSet("http", {
                    protocol: "tcp",
                    publicPort: unknown,
                    virtualMachines: [web],
                });
                new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [http] });
            },
            { preview: true },
        );
        const { publicPort, members } = inputsOf(registered, "LoadBalancer contoso").loadBalancedSets.http;
        expect(publicPort).not.toBe(80);
        expect(members).toEqual({ web: { container: "dev-web-1", state: "running" } });
    });
});

/** Key of what Pulumi puts around a secret. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

function inputsOf(registered: Awaited<ReturnType<typeof register>>, key: string): Record<string, any> {
    const { __provider, __urn, ...inputs } = registered[key]!.inputs;
    return inputs;
}
