import { replaced, updated, type Program, type Resource } from "../../support/changes";

export const tcp = { protocol: "tcp", privatePort: 8080 };
export const both = ["@web1", "@web2"];
const image = "<image>";
const east = { cloudService: "@east", image };

/** `east` has a resource for each kind of change, `west` and `north` are changed themselves. */
export const program: Program = {
    lan: { type: "PublicNetwork", args: {} },
    found: { type: "PublicNetwork", args: { existing: "<net>" } },
    picture: { type: "GalleryImage", args: { image: "echo" } },
    east: {
        type: "CloudService",
        args: { addressSpace: "<inner>.0/24", publish: { address: "127.0.0.1", ports: ["<east>:80"] } },
    },
    web1: { type: "VirtualMachine", args: east },
    web2: { type: "VirtualMachine", args: east },
    http: {
        type: "LoadBalancedSet",
        args: {
            ...tcp,
            publicPort: 80,
            virtualMachines: both,
            probe: { protocol: "http", intervalSeconds: 0.5 },
            drainSeconds: 1,
        },
    },
    twin: { type: "LoadBalancedSet", args: { ...tcp, publicPort: 81, virtualMachines: both, drainSeconds: 0 } },
    inside: { type: "LoadBalancedSet", args: { ...tcp, publicPort: 82, virtualMachines: both, drainSeconds: 0 } },
    // Probed in vain; its machine is up whatever the probe says.
    secure: {
        type: "LoadBalancedSet",
        args: {
            ...tcp,
            publicPort: 87,
            virtualMachines: [{ virtualMachine: "@web1", adminState: "up" }],
            probe: { protocol: "https", verify: false, intervalSeconds: 60 },
            drainSeconds: 0,
        },
    },
    one: { type: "Endpoint", args: { protocol: "tcp", virtualMachine: "@web1", publicPort: 83 } },
    other: { type: "Endpoint", args: { ...tcp, virtualMachine: "@web1", publicPort: 84 } },
    each: { type: "EndpointPool", args: { ...tcp, publicPorts: "9001-9009", virtualMachines: both } },
    balancer: {
        type: "LoadBalancer",
        args: { cloudService: "@east", endpoints: ["@http", "@twin", "@inside", "@secure", "@one", "@other", "@each"] },
    },
    fixed: { type: "VirtualMachine", args: east },
    live: { type: "VirtualMachine", args: east },
    keeper: { type: "VirtualMachine", args: { ...east, environment: { TOKEN: "hush-one" } } },
    peer: { type: "VirtualMachine", args: east },
    fed: { type: "VirtualMachine", args: east },
    guest: { type: "fromContainer", args: { cloudService: "@east", container: "<guest>" } },
    west: { type: "CloudService", args: {} },
    w1: { type: "VirtualMachine", args: { cloudService: "@west", image } },
    w80: { type: "Endpoint", args: { ...tcp, virtualMachine: "@w1", publicPort: 80 } },
    westward: { type: "LoadBalancer", args: { cloudService: "@west", endpoints: ["@w80"] } },
    north: {
        type: "CloudService",
        args: { publicNetwork: "@lan", publish: { address: "127.0.0.1", ports: ["<north>:80"] } },
    },
};

const declared = (type: string, list: string, name: string, alike: string[] = [name]): Resource => ({
    name,
    shows: (_property, paths) => ({
        [`${type} ${name}`]: updated(...paths),
        "LoadBalancer balancer": updated(
            ...alike.flatMap((key) =>
                paths.map((path) => `${list}${key.includes("/") ? `["${key}"]` : `.${key}`}.${path}`),
            ),
        ),
    }),
});
export const only = (type: string, name: string): Resource => ({
    name,
    shows: (_property, paths) => ({ [`${type} ${name}`]: updated(...paths) }),
});
export const http = declared("LoadBalancedSet", "loadBalancedSets", "http");
export const twin = declared("LoadBalancedSet", "loadBalancedSets", "twin");
export const inside = declared("LoadBalancedSet", "loadBalancedSets", "inside");
/** With a secret in it, a probe is one as a whole to those who apply it. */
export const secure: Resource = {
    name: "secure",
    shows: (_property, paths) => ({
        "LoadBalancedSet secure": updated(...paths),
        "LoadBalancer balancer": updated("loadBalancedSets.secure.probe"),
    }),
};
export const one = declared("Endpoint", "endpoints", "one");
export const each = declared("EndpointPool", "endpoints", "each", ["each/web1", "each/web2"]);
export const balancer = only("LoadBalancer", "balancer");
export const live = only("VirtualMachine", "live");
export const fixed: Resource = {
    name: "fixed",
    shows: (property, paths) => ({ "VirtualMachine fixed": replaced([property], ...paths) }),
};

export const everybody = { order: 200, action: "permit", remoteSubnet: "0.0.0.0/0" };
export const office = { order: 100, action: "permit", remoteSubnet: "0.0.0.0/1", description: "the office" };
export const acl = [office, everybody];
export const described = [{ ...office, description: "half" }, everybody];
