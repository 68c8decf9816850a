// What @pulumi/docker makes, in every place that takes it. The file beside it, named after the stack, says what changes.
const { readFileSync } = require("node:fs");
const docker = require("@pulumi/docker");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const stack = pulumi.getStack();
const shape = JSON.parse(readFileSync(`${stack}.json`, "utf8"));

const provider = new docker.Provider("host", { host: shape.host });
const there = { provider };
const built = new docker.Image("web", { imageName: `${stack}:web`, build: { context: "web" }, skipPush: true }, there);
const pulled = new docker.RemoteImage("api", { name: shape.api }, there);
const data = new docker.Volume("data", { name: `${stack}-volume` }, there);
const vips = new docker.Network("vips", { ipamConfigs: [{ subnet: shape.vips }] }, there);

const service = new switchyard.CloudService("service", {
    docker: provider,
    publicNetwork: vips,
    publish: { address: "127.0.0.1", ports: [80, 81, 82].map((port, index) => `${shape.port + index}:${port}`) },
});
const set = (name, publicPort, virtualMachines) =>
    new switchyard.LoadBalancedSet(name, {
        protocol: "tcp",
        publicPort,
        privatePort: 8080,
        virtualMachines,
        // A busy machine is slow to answer, and no member is to go down for that.
        probe: { protocol: "http", path: "/healthz", intervalSeconds: 0.5, unhealthyThreshold: 60 },
        drainSeconds: 2,
    });

const web = ["web1", "web2"].map(
    (name) => new switchyard.VirtualMachine(name, { cloudService: service, image: built, disks: { "/data": data } }),
);
const api = new switchyard.VirtualMachine("api", { cloudService: service, image: pulled });

const legacy = (name, args, options) => {
    const { imageId } = new docker.RemoteImage(name, { name: shape.legacy[name], keepLocally: true }, there);
    const container = new docker.Container(name, { image: imageId, ...args }, { ...there, ...options });
    return switchyard.VirtualMachine.fromContainer(name, { cloudService: service, container });
};
// The plugin removes a container before it makes the one that replaces it, unless the program says otherwise; two at a
// time then need two names, which it gives those that the program leaves unnamed.
const first = legacy("goes-first", { name: `${stack}-goes-first` });
const second = legacy("goes-last", {}, { deleteBeforeReplace: false });

const endpoints = [set("web", 80, web), set("api", 81, [api]), set("legacy", 82, [first, second])];
new switchyard.LoadBalancer("service", { cloudService: service, endpoints, waitSeconds: 60 });
