// Every optional input of machines, endpoints and sets once; what may come late is known only after `first` where the file
// beside it, named after the stack, says so.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");
const traffic = require("./traffic");

const shape = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));
const secret = (part) => pulumi.secret(`${shape.secret}-${part}`);

const service = new switchyard.CloudService("service", {
    addressSpace: shape.addressSpace,
    location: "westus",
    advertisedAddress: "192.0.2.80",
});
const first = new switchyard.VirtualMachine("first", { cloudService: service, image: shape.image });

/** As it is, or an Output that a preview does not know while `first` is not made. */
const late = (value) => (shape.late ? first.containerId.apply(() => value) : value);

/** Says what it should keep to itself, and ends. */
const failing = [
    "sh",
    "-c",
    'echo "$TOKEN" "$1"; cat /etc/token; echo; exit 1',
    "sh",
    pulumi.interpolate`--token=${secret("command")}`,
];

const db = new switchyard.VirtualMachine("db", {
    cloudService: service,
    image: late(shape.image),
    command: shape.fails ? failing : late(["nginx", late("-g"), "daemon off;"]),
    environment: { MODE: late("test"), TOKEN: secret("environment") },
    userData: {
        "/etc/token": { content: secret("file"), mode: late("600") },
        "/etc/plain": late("plain"),
        "/etc/text": secret("text"),
    },
    disks: {
        "/data": { volume: late(`${pulumi.getStack()}-data`), readOnly: late(true) },
        "/more": late(`${pulumi.getStack()}-data`),
    },
    devices: { "/dev/mine": late("/dev/null"), "/dev/yours": { device: late("/dev/null"), permissions: late("rw") } },
    capabilities: [late("net_admin"), "CAP_SYS_TIME"],
    hostname: late("db.contoso.example"),
    privateAddress: late(shape.privateAddress),
    size: late({ cpus: 0.5, memory: "512m" }),
    healthCheck: { command: [late("true"), secret("check")], intervalSeconds: late(1), retries: late(4) },
    logs: { maxSize: late("1024k"), maxFiles: late(2) },
    restart: late("on-failure"),
    stopSignal: late("SIGQUIT"),
    stopGraceSeconds: late(5),
    state: late("running"),
    labels: { team: late("storefront"), code: secret("label") },
    readySeconds: shape.fails ? 3 : late(45),
    replaceMode: late("deleteFirst"),
    maxUnavailable: late(1),
});
const small = new switchyard.VirtualMachine("small", {
    cloudService: service,
    image: shape.image,
    size: { cpus: late(0.25), memory: late(256 * 1024 ** 2) },
    logs: late("host"),
    healthCheck: late("none"),
    userData: late({}),
    devices: late({}),
    capabilities: late([]),
});
const named = new switchyard.VirtualMachine("named", {
    cloudService: service,
    image: shape.image,
    size: "Large",
    stopGraceSeconds: 0,
    capabilities: [],
    disks: {},
    userData: { "/etc/a": "b" },
});
const guest = switchyard.VirtualMachine.fromContainer("guest", {
    cloudService: service,
    container: late(shape.guest),
    alias: late("visitor"),
});
const access = () => ({
    acl: [
        { order: 200, action: late("permit"), remoteSubnet: late("203.0.113.77/24"), description: late("office") },
        { order: 100, action: "deny", remoteSubnet: "203.0.113.66" },
    ],
    idleTimeoutMinutes: late(5),
    maxConnections: late(50),
    maxConnectionRatePerSource: { perMinute: late(6), burst: late(3) },
});
const ssh = new switchyard.Endpoint("ssh", {
    virtualMachine: guest,
    protocol: late("tcp"),
    publicPort: late("5000-5010"),
    privatePort: late("6000-6010"),
    ...access(),
});
const bare = new switchyard.Endpoint("bare", { virtualMachine: small, protocol: "udp", publicPort: late(53), acl: [] });
const pool = new switchyard.EndpointPool("pool", {
    virtualMachines: [named, small, guest],
    protocol: late("tcp"),
    publicPorts: late("2201-2210"),
    privatePort: late(22),
    ...access(),
    maxConnectionRatePerSource: { perSecond: late(6) },
});
const http = new switchyard.LoadBalancedSet("http", {
    protocol: late("tcp"),
    publicPort: late(80),
    privatePort: late(8080),
    virtualMachines: [
        { virtualMachine: db, weight: late(3), adminState: late("auto"), priority: late(2) },
        { virtualMachine: small, weight: late(0) },
        named,
    ],
    probe: {
        protocol: "http",
        port: late(8080),
        path: late("/healthz"),
        headers: { Host: late("www.contoso.com"), Authorization: secret("header") },
        expectedStatus: [late("200-299"), 304, late(301)],
        body: { contains: late("ok") },
        intervalSeconds: late(0.5),
        timeoutSeconds: late(0.5),
        unhealthyThreshold: late(2),
        healthyThreshold: late(1),
    },
    allDown: late("allUp"),
    passiveDetection: late(false),
    drainSeconds: late(0),
    distribution: late("sourceIP"),
    sourcePrefixLength: late(24),
    affinityGroup: late("session"),
    resetOnDown: late(true),
    ...access(),
});
const https = new switchyard.LoadBalancedSet("https", {
    protocol: "tcp",
    publicPort: 443,
    internal: late(true),
    virtualMachines: [{ virtualMachine: named, adminState: late("up") }],
    probe: late({
        protocol: "https",
        verify: late(true),
        serverName: late("www.contoso.com"),
        ca: late(shape.certificate),
        // Where it is recorded, it has no key that somebody might take for a secret.
        ...(shape.key && { clientCertificate: late(shape.certificate), clientKey: shape.key }),
    }),
});
const dns = new switchyard.LoadBalancedSet("dns", {
    protocol: "udp",
    publicPort: late("7000-7003"),
    virtualMachines: [named],
    acl: [],
    maxConnectionRatePerSource: late({ perMinute: 6 }),
});
new switchyard.LoadBalancer("service", {
    cloudService: service,
    endpoints: [ssh, bare, pool, http, https, dns],
    waitSeconds: late(60),
});
// Its build takes a while.
if (shape.gallery) {
    const image = new switchyard.GalleryImage("debian", { image: "debian" });
    new switchyard.VirtualMachine("tools", { cloudService: service, image });
}
traffic.serve(service, late);
