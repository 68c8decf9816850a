import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import * as switchyard from "../../sdk";
import { register } from "./support/program";
import { refusalOf } from "./support/refusal";

interface Parts {
    service: switchyard.CloudService;
    web: switchyard.VirtualMachine[];
    stranger: switchyard.VirtualMachine;
    set(name: string, args?: Partial<switchyard.LoadBalancedSetArgs>): switchyard.LoadBalancedSet;
    endpoint(name: string, args?: Partial<switchyard.EndpointArgs>, parent?: pulumi.Resource): switchyard.Endpoint;
    balancer(endpoints: unknown): switchyard.LoadBalancer;
}

function parts(): Parts {
    const image = "nginx";
    const service = new switchyard.CloudService("east");
    const west = new switchyard.CloudService("west");
    const web = [1, 2].map((n) => new switchyard.VirtualMachine(`web${n}`, { cloudService: service, image }));
    const stranger = new switchyard.VirtualMachine("web9", { cloudService: west, image });
    const port = { protocol: "tcp", publicPort: 80 } as const;
    return {
        service,
        web,
        stranger,
        set: (name, args) => new switchyard.LoadBalancedSet(name, { ...port, virtualMachines: web, ...args }),
        endpoint: (name, args, parent) =>
            new switchyard.Endpoint(name, { ...port, virtualMachine: web[0]!, ...args }, { parent }),
        balancer: (endpoints) =>
            new switchyard.LoadBalancer("east", {
                cloudService: service,
                endpoints: endpoints as switchyard.Endpoint[],
            }),
    };
}

const refusal = (statement: (parts: Parts) => unknown) => refusalOf(parts, statement);

const anything = (value: unknown) => value as never;

describe("a program's mistakes, found before anything is registered", () => {
    it.each<[string, (parts: Parts) => unknown, string[]]>([
        [
            "rules of an ACL without an order of their own",
            ({ endpoint }) =>
                endpoint("http", {
                    acl: [
                        { order: 5, action: "deny", remoteSubnet: "10.0.0.0/8" },
                        { order: 5, action: "permit", remoteSubnet: "10.1.0.0/16" },
                        { order: 65_536, action: "deny", remoteSubnet: "10.0.0.0/8" },
                        { order: anything("7"), action: "deny", remoteSubnet: "10.0.0.0/8" },
                        anything("10.0.0.0/8"),
                    ],
                }),
            [
                "acl[1].order: already belongs to acl[0] (got 5)",
                "acl[2].order: must be a whole number between 0 and 65535 (got 65536)",
                'acl[3].order: must be a whole number between 0 and 65535 (got "7")',
                'acl[4]: must be a rule (got "10.0.0.0/8")',
            ],
        ],
        [
            "an ACL that is no list, of a set without machines",
            ({ set }) => set("http", { virtualMachines: [], acl: anything({ 1: "deny" }) }),
            [
                "virtualMachines: must have at least one virtual machine (got [])",
                "acl: must be a list of rules (got an object)",
            ],
        ],
        [
            "a set without machines",
            ({ set }) => set("http", { virtualMachines: [] }),
            ["virtualMachines: must have at least one virtual machine (got [])"],
        ],
        [
            "a set with a machine of another cloud service",
            ({ set, web, stranger }) => set("http", { virtualMachines: [...web, stranger] }),
            [
                "virtualMachines[2]: must be a virtual machine of cloud service east, as web1 is " +
                    "(got web9 of cloud service west)",
            ],
        ],
        [
            "a set that lists a machine twice, and a stranger: both are told",
            ({ set, web, stranger }) => set("http", { virtualMachines: [web[0]!, web[0]!, stranger] }),
            [
                "virtualMachines[2]: must be a virtual machine of cloud service east, as web1 is " +
                    "(got web9 of cloud service west)",
                "virtualMachines[1]: each has a name of its own (got web1 again, after [0])",
            ],
        ],
        [
            "a set with things that are no machines",
            ({ set, service }) => set("http", { virtualMachines: anything([service, "web1", undefined]) }),
            [
                "virtualMachines[0]: must be a VirtualMachine (got a CloudService)",
                'virtualMachines[1]: must be a VirtualMachine (got "web1")',
                "virtualMachines[2]: is required",
            ],
        ],
        [
            "a set with shares of what is no machine",
            ({ set, service, web }) =>
                set("http", { virtualMachines: anything([{ virtualMachine: service }, { weight: 2 }, web[0]]) }),
            [
                "virtualMachines[0].virtualMachine: must be a VirtualMachine (got a CloudService)",
                "virtualMachines[1]: must be a VirtualMachine (got an object)",
            ],
        ],
        [
            "a set that lists a machine twice, once with its share",
            ({ set, web }) => set("http", { virtualMachines: [web[0]!, { virtualMachine: web[0]!, weight: 2 }] }),
            ["virtualMachines[1]: each has a name of its own (got web1 again, after [0])"],
        ],
        [
            "a set of an Output",
            ({ set, web }) => set("http", { virtualMachines: anything(pulumi.output(web)) }),
            ["virtualMachines: must be a list of VirtualMachines (got an Output)"],
        ],
        [
            "an endpoint without a machine",
            ({ endpoint }) => endpoint("ssh", { virtualMachine: anything(undefined) }),
            ["virtualMachine: is required"],
        ],
        [
            "a machine without cloud service and image",
            () => new switchyard.VirtualMachine("web", anything({})),
            ["cloudService: is required", "image: is required"],
        ],
        [
            "a machine whose image is some other resource",
            ({ service }) => new switchyard.VirtualMachine("web", { cloudService: service, image: anything(service) }),
            ["image: must be a reference, a GalleryImage, a docker.Image or a docker.RemoteImage (got a CloudService)"],
        ],
        [
            "a machine whose disk is some other resource",
            ({ service }) =>
                new switchyard.VirtualMachine("web", {
                    cloudService: service,
                    image: "nginx",
                    disks: { "/a": anything(service), "/b": { volume: anything(service) }, "/c": "fine" },
                }),
            [
                'disks["/a"]: must be a volume\'s name, a docker.Volume, or { volume, readOnly } (got a CloudService)',
                'disks["/b"]: must be a volume\'s name, a docker.Volume, or { volume, readOnly } (got a CloudService)',
            ],
        ],
        [
            "a machine whose disks are an Output",
            ({ service }) =>
                new switchyard.VirtualMachine("web", {
                    cloudService: service,
                    image: "nginx",
                    disks: anything(pulumi.output({ "/a": "vol" })),
                }),
            ["disks: must be a map of disks (got an Output)"],
        ],
        [
            "a machine from a container, without cloud service and container",
            () => switchyard.VirtualMachine.fromContainer("old", anything({})),
            ["cloudService: is required", "container: is required"],
        ],
        [
            "a machine from a container that is a machine already",
            ({ service, web }) =>
                switchyard.VirtualMachine.fromContainer("old", { cloudService: service, container: anything(web[0]) }),
            ["container: must be a container's name or a docker.Container (got a VirtualMachine)"],
        ],
        [
            "a machine from a container that is a number, of a cloud service that is a name",
            () =>
                switchyard.VirtualMachine.fromContainer("old", {
                    cloudService: anything("east"),
                    container: anything(7),
                }),
            [
                'cloudService: must be a CloudService (got "east")',
                "container: must be a container's name or a docker.Container (got 7)",
            ],
        ],
        [
            "a load balancer without endpoints",
            ({ balancer }) => balancer([]),
            ["endpoints: must have at least one Endpoint, EndpointPool or LoadBalancedSet (got [])"],
        ],
        [
            "a load balancer with a machine instead of an endpoint",
            ({ balancer, web }) => balancer([web[0]]),
            ["endpoints[0]: must be an Endpoint, an EndpointPool or a LoadBalancedSet (got a VirtualMachine)"],
        ],
        [
            "a load balancer with an endpoint of another cloud service",
            ({ balancer, endpoint, set, stranger }) =>
                balancer([set("http"), endpoint("ssh", { virtualMachine: stranger })]),
            [
                "endpoints[1]: must lead to virtual machines of cloud service east " +
                    "(got endpoint ssh of cloud service west)",
            ],
        ],
        [
            "a load balancer with two endpoints of one logical name",
            ({ balancer, endpoint, service }) => balancer([endpoint("ssh"), endpoint("ssh", {}, service)]),
            ["endpoints[1]: each has a name of its own (got endpoint ssh again, after [0])"],
        ],
        [
            "an endpoint named as one of a pool's",
            ({ balancer, endpoint, web }) => {
                const pool = new switchyard.EndpointPool("ssh", {
                    protocol: "tcp",
                    publicPorts: "2201-2209",
                    privatePort: 22,
                    virtualMachines: web,
                });
                balancer([pool, endpoint("ssh/web1", { publicPort: 81 })]);
            },
            ["endpoints[1]: must not be named as an endpoint of a pool (got endpoint ssh/web1)"],
        ],
        [
            "a second load balancer for a cloud service",
            ({ balancer, endpoint, service }) => {
                balancer([endpoint("ssh")]);
                const web = endpoint("web", { publicPort: 81 });
                new switchyard.LoadBalancer("other", { cloudService: service, endpoints: [web] });
            },
            [
                "cloudService: must have one load balancer (got cloud service east, whose load balancer is east: list these endpoints there)",
            ],
        ],
        [
            "a Docker host that is known too late to name the default public network",
            () => new switchyard.CloudService("far", { docker: { host: pulumi.output("ssh://far.example") } }),
            [
                "publicNetwork: is required when docker.host is an Output: the default network is named after the host " +
                    "(give a plain docker.host or a publicNetwork)",
            ],
        ],
    ])("%s", async (_what, statement, problems) => {
        expect((await refusal(statement)).problems).toEqual(problems);
    });

    it("are told on the row of the resource, which is never registered", async () => {
        const { urn, registered } = await refusal(({ balancer }) => balancer([]));
        expect(urn).toBe("urn:pulumi:dev::project::pulumi-nodejs:dynamic/switchyard:LoadBalancer::east");
        expect(registered).not.toHaveProperty("LoadBalancer east");
    });
});

describe("resources", () => {
    it("of another copy of the package are recognised", async () => {
        await register(() => {
            const { service, web, set, endpoint } = parts();
            // Another copy has other classes, but says the same of its resources.
            const foreign = Object.defineProperties({}, Object.getOwnPropertyDescriptors(web[0]));
            expect(foreign).not.toBeInstanceOf(switchyard.VirtualMachine);
            expect(switchyard.VirtualMachine.isInstance(foreign)).toBe(true);
            expect(() => set("http", { virtualMachines: [anything(foreign)] })).not.toThrow();
            expect(switchyard.CloudService.isInstance(service)).toBe(true);
            expect(switchyard.Endpoint.isInstance(endpoint("ssh"))).toBe(true);
            expect(switchyard.Endpoint.isInstance(service)).toBe(false);
            expect(switchyard.LoadBalancedSet.isInstance(undefined)).toBe(false);
        });
    });

    it("may share a logical name when they are of different kinds", async () => {
        const registered = await register(() => {
            const { set, endpoint, balancer } = parts();
            balancer([set("web"), endpoint("web", { publicPort: 81 })]);
        });
        expect(Object.keys(registered["LoadBalancer east"]!.inputs.endpoints)).toEqual(["web"]);
        expect(Object.keys(registered["LoadBalancer east"]!.inputs.loadBalancedSets)).toEqual(["web"]);
    });
});
