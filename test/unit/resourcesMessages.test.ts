import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { containerAttachment } from "../../model/resources/containerAttachment";
import { endpoint, loadBalancedSet } from "../../model/resources/endpoint";
import { endpointPool } from "../../model/resources/endpointPool";
import { balancerAgent, gateway } from "../../model/resources/gateway";
import { loadBalancer } from "../../model/resources/loadBalancer";
import { privateNetwork, publicNetwork } from "../../model/resources/network";
import { virtualMachine } from "../../model/resources/virtualMachine";
import { describeProblems } from "../../model/schema/problems";

/** Every sentence that a wrong input gets, as a user reads it. */
function problems(schema: z.ZodType, input: unknown): string[] {
    const parsed = schema.safeParse(input, { reportInput: true });
    return parsed.success ? [] : describeProblems(parsed.error, input);
}

type Row = [wrong: object, ...sentences: string[]];

function table(name: string, schema: z.ZodType, good: object, rows: Row[]): void {
    describe(name, () => {
        it("given good inputs, then nothing is refused", () => expect(problems(schema, good)).toEqual([]));
        it.each(rows)("given %j", (wrong, ...sentences) => {
            expect(problems(schema, { ...good, ...wrong })).toEqual(sentences);
        });
    });
}

const DOCKER_NAME = "must start with a letter or digit and hold only letters, digits, '_', '.' and '-'";
const HOST_NAME =
    "must be usable as a host name: at most 63 letters, digits, '-' and '_', starting and ending with a letter or digit";
const DOCKER_HOST =
    "must be the address of a Docker host, such as unix:///var/run/docker.sock, tcp://192.0.2.10:2376 or ssh://user@host";
const SIZES = 'must be one of "ExtraSmall", "Small", "Medium", "Large", "ExtraLarge", or { cpus, memory }';
const PORT = 'must be a port between 1 and 65535, or a range such as "5000-5010"';
const PORTS = 'must be a port such as 80, "8080:80" (host port:public port) or "5000-5010/udp"';

table("PublicNetwork", publicNetwork, { addressSpace: "10.224.1.0/24" }, [
    [
        { addressSpace: "10.224.1.0" },
        'addressSpace: must be a range of IPv4 addresses such as 10.80.1.0/24 (got "10.224.1.0")',
    ],
    [{ addressSpace: "10.0.0.0/4" }, 'addressSpace: must have a prefix length between 8 and 29 (got "10.0.0.0/4")'],
    [{ addressSpace: "10.0.0.0/30" }, 'addressSpace: must have a prefix length between 8 and 29 (got "10.0.0.0/30")'],
    [{ addressSpace: 10 }, "addressSpace: must be a string (got 10)"],
    [
        { existing: "lan" },
        'addressSpace: must not be given for an existing network, which has its own (got "10.224.1.0/24")',
    ],
    [{ existing: "my lan", addressSpace: undefined }, `existing: ${DOCKER_NAME} (got "my lan")`],
    [{ docker: { host: "localhost" } }, `docker.host: ${DOCKER_HOST} (got "localhost")`],
    [
        { docker: { hots: "ssh://h" } },
        'docker: has unknown property "hots"; did you mean "host"? (others: caMaterial, certMaterial, certPath, context, keyMaterial, sshOpts)',
    ],
    [{ docker: "ssh://h" }, 'docker: must be a map of properties (got "ssh://h")'],
]);

table("PrivateNetwork", privateNetwork, { sortsAfter: "public" }, [
    [{ sortsAfter: undefined }, "sortsAfter: is required"],
    [{ gatewayAddress: "10.1.2" }, 'gatewayAddress: must be an IPv4 address such as 192.0.2.10 (got "10.1.2")'],
    [{ gatewayAddress: "10.1.2.03" }, 'gatewayAddress: must be an IPv4 address such as 192.0.2.10 (got "10.1.2.03")'],
]);

const goodGateway = {
    image: "switchyard-runtime:1",
    volume: "v",
    publicNetwork: "p",
    publicSubnet: "10.224.1.0/24",
    privateNetwork: "q",
    privateSubnet: "10.80.1.0/24",
    privateGateway: "10.80.1.1",
    internalVirtualIp: "10.80.1.253",
};
table("Gateway", gateway, goodGateway, [
    [{ image: "" }, 'image: must name an image (got "")'],
    [
        { virtualIp: "10.224.1.0" },
        'virtualIp: must be a host address of the public network 10.224.1.0/24 (got "10.224.1.0")',
    ],
    [
        { virtualIp: "10.224.1.255" },
        'virtualIp: must be a host address of the public network 10.224.1.0/24 (got "10.224.1.255")',
    ],
    [{ publish: { ports: [0] } }, "publish.ports[0]: must name ports between 1 and 65535 (got 0)"],
    [{ publish: { ports: [80, "65536"] } }, 'publish.ports[1]: must name ports between 1 and 65535 (got "65536")'],
    [{ publish: { ports: [80.5] } }, `publish.ports[0]: ${PORTS} (got 80.5)`],
    [{ publish: { ports: ["http"] } }, `publish.ports[0]: ${PORTS} (got "http")`],
    [{ publish: { ports: ["80/sctp"] } }, `publish.ports[0]: ${PORTS} (got "80/sctp")`],
    [{ publish: { ports: [true] } }, `publish.ports[0]: ${PORTS} (got true)`],
    [{ publish: { ports: ["90-80"] } }, 'publish.ports[0]: must name a range that ends after it starts (got "90-80")'],
    [
        { publish: { ports: ["80-81:90-92"] } },
        'publish.ports[0]: must name as many host ports as public ports (got "80-81:90-92")',
    ],
    [
        { publish: { ports: ["80", "79-81:179-181"] } },
        'publish.ports[1]: shares a host port with 80:80/tcp (got "79-81:179-181")',
    ],
    [
        { publish: { ports: [80], address: "localhost" } },
        'publish.address: must be an IPv4 address such as 192.0.2.10 (got "localhost")',
    ],
    [{ publish: {} }, "publish.ports: is required"],
]);

table("BalancerAgent", balancerAgent, { gateway: "g" }, [[{ gateway: "-g" }, `gateway: ${DOCKER_NAME} (got "-g")`]]);

table("VirtualMachine", virtualMachine, { alias: "web1", network: "n", gateway: "g", image: "i" }, [
    [{ alias: "web 1" }, `alias: ${HOST_NAME} (got "web 1")`],
    [{ alias: "a".repeat(64) }, `alias: ${HOST_NAME} (got "${"a".repeat(64)}")`],
    [{ image: undefined }, "image: is required"],
    [{ command: "sleep 1" }, 'command: must be a list (got "sleep 1")'],
    [{ command: ["sleep", 1] }, "command[1]: must be a string (got 1)"],
    [{ environment: { PORT: 80 } }, "environment.PORT: must be a string (got 80)"],
    [{ environment: { "A=B": "c" } }, 'environment: has a variable named "A=B"; names must not be empty or hold "="'],
    [{ environment: { "": "c" } }, 'environment: has a variable named ""; names must not be empty or hold "="'],
    [{ size: { cpus: 0 } }, "size.cpus: must be between 0.01 and 1024 (got 0)"],
    [{ size: { cpus: "1" } }, 'size.cpus: must be a number (got "1")'],
    [
        { size: { memory: "lots" } },
        'size.memory: must be an amount of memory such as "512MiB" or "2GiB", or a number of bytes (got "lots")',
    ],
    [{ size: { memory: 512 } }, "size.memory: must be at least 6MiB (got 512)"],
    [{ size: { memory: true } }, "size.memory: must be a string or a number (got true)"],
    [{ size: { disk: 1 } }, 'size: has unknown property "disk" (allowed: cpus, memory)'],
    [{ size: "Tiny" }, `size: ${SIZES} (got "Tiny")`],
    [{ size: null }, `size: ${SIZES} (got null)`],
    [{ size: 2 }, `size: ${SIZES} (got 2)`],
    [
        { restart: "sometimes" },
        'restart: must be one of "unless-stopped", "always", "on-failure", "no" (got "sometimes")',
    ],
    [{ state: "paused" }, 'state: must be one of "running", "stopped" (got "paused")'],
    [
        { labels: { "io.switchyard.urn": "x" } },
        'labels["io.switchyard.urn"]: must not start with io.switchyard., which is Switchyard\'s (got "x")',
    ],
    [{ labels: { "": "x" } }, "labels: has a label without a name"],
    [{ readySeconds: 0 }, "readySeconds: must be between 1 and 3600 (got 0)"],
]);

const PATHS = 'paths must start with "/", name something, and hold no empty, "." or ".." part';
const CHECK = { command: ["true"] };
const PLACE = { addressSpace: "10.80.1.0/24", gatewayAddress: "10.80.1.1", internalVirtualIp: "10.80.1.253" };
const SIGNAL = 'must be a signal that asks a program to end, such as "SIGTERM", "SIGQUIT" or "SIGRTMIN+3"';

table("VirtualMachine's parts", virtualMachine, { alias: "web1", network: "n", gateway: "g", image: "i" }, [
    [
        { hostname: "db..example" },
        `hostname: must be a host name such as db or db.contoso.example: letters, digits, '-' and '_', and dots between (got "db..example")`,
    ],
    [{ hostname: "a.".repeat(32) + "ab" }, `hostname: must have at most 64 characters (got "${"a.".repeat(32)}ab")`],
    [{ privateAddress: "10.80.1" }, 'privateAddress: must be an IPv4 address such as 192.0.2.10 (got "10.80.1")'],
    ...["10.80.2.9", "10.80.1.0", "10.80.1.255"].map((privateAddress): Row => [
        { ...PLACE, privateAddress },
        `privateAddress: must be a host address of the cloud service's address space 10.80.1.0/24 (got "${privateAddress}")`,
    ]),
    [
        { ...PLACE, privateAddress: "10.80.1.300" },
        'privateAddress: must be an IPv4 address such as 192.0.2.10 (got "10.80.1.300")',
    ],
    [{ ...PLACE, privateAddress: "10.80.1.1" }, 'privateAddress: must not be the gateway\'s address (got "10.80.1.1")'],
    [
        { ...PLACE, privateAddress: "10.80.1.253" },
        'privateAddress: must not be the cloud service\'s internal virtual IP (got "10.80.1.253")',
    ],
    [
        { ...PLACE, privateAddress: "10.80.1.254" },
        'privateAddress: must not be the last of the address space, which Docker keeps for itself (got "10.80.1.254")',
    ],
    [
        { ...PLACE, privateAddress: "10.80.1.9", replaceMode: "createFirst" },
        'replaceMode: must not be "createFirst" with a privateAddress, which two machines cannot have at once; leave it out or say "deleteFirst" (got "createFirst")',
    ],
    [{ maxUnavailable: 0 }, "maxUnavailable: must be between 1 and 1000 (got 0)"],
    [{ replaceMode: "both" }, 'replaceMode: must be one of "createFirst", "deleteFirst" (got "both")'],
    [{ disks: { data: "vol" } }, `disks: has a path "data"; ${PATHS}`],
    ...["/", "/data/", "/data/../etc", "/./data"].map((path): Row => [
        { disks: { [path]: "vol" } },
        `disks: has a path "${path}"; ${PATHS}`,
    ]),
    [{ disks: { "/data": "/srv/data" } }, `disks["/data"]: ${DOCKER_NAME} (got "/srv/data")`],
    [{ disks: { "/data": 1 } }, 'disks["/data"]: must name a Docker volume, or be { volume, readOnly } (got 1)'],
    [{ disks: { "/data": { volume: "v", readOnly: 1 } } }, 'disks["/data"].readOnly: must be a boolean (got 1)'],
    [{ disks: { "/data": { readOnly: true } } }, 'disks["/data"].volume: is required'],
    [
        { disks: { "/data": { volume: "v", size: 1 } } },
        'disks["/data"]: has unknown property "size" (allowed: readOnly)',
    ],
    [{ disks: ["vol"] }, 'disks: must be a map of properties (got ["vol"])'],
    [
        { disks: { "/d": "v" }, devices: { "/d": "/dev/null" } },
        'devices["/d"]: must not be where a disk is (got "/dev/null")',
    ],
    [
        { userData: { "/a": "x", "/a/b": "y" } },
        'userData["/a/b"]: must not be in /a, which is a file of userData itself (got "y")',
    ],
    [
        { userData: { "/dev/a": "x" } },
        'userData["/dev/a"]: must not be in /dev, which is made anew when the machine starts (got "x")',
    ],
    [{ disks: { "/d": "v" }, userData: { "/d": "x" } }, 'userData["/d"]: must not take the place of disk /d (got "x")'],
    [
        { disks: { "/d/e": "v" }, userData: { "/d": "x" } },
        'userData["/d"]: must not take the place of disk /d/e (got "x")',
    ],
    [
        {
            disks: { "/d": "v", "/d/e": { volume: "v", readOnly: true } },
            userData: { "/d/e/f": "x", "/d/f": "y", "/d/ef": "z" },
        },
        'userData["/d/e/f"]: must not be on disk /d/e, which the machine may only read (got "x")',
    ],
    [
        {
            disks: { "/d": { volume: "v", readOnly: true }, "/d/e": "v" },
            userData: { "/d/e/f": "x", "/development": "y" },
        },
    ],
    [{ userData: { "etc/app": "x" } }, `userData: has a path "etc/app"; ${PATHS}`],
    [{ userData: { "/etc/hosts": "x" } }, "userData: must not hold /etc/hosts, which Docker writes"],
    [
        { userData: { "/f": { content: "x", mode: "rw" } } },
        'userData["/f"].mode: must be an octal mode such as "0600" (got "rw")',
    ],
    [{ userData: { "/f": { content: "x", mode: 600 } } }, 'userData["/f"].mode: must be a string (got 600)'],
    [{ userData: { "/f": { mode: "0600" } } }, 'userData["/f"].content: is required'],
    [{ userData: { "/f": true } }, 'userData["/f"]: must be the content of a file, or { content, mode } (got true)'],
    [{ devices: { tun: "/dev/net/tun" } }, `devices: has a path "tun"; ${PATHS}`],
    [
        { devices: { "/dev/net/tun": "tun" } },
        'devices["/dev/net/tun"]: must be a device of the host such as "/dev/net/tun" (got "tun")',
    ],
    [
        { devices: { "/dev/x": { device: "/dev/x", permissions: "wr" } } },
        'devices["/dev/x"].permissions: must be "r", "w", "m" or some of them, in this order (got "wr")',
    ],
    [
        { devices: { "/dev/x": { device: "/dev/x", permissions: "" } } },
        'devices["/dev/x"].permissions: must be "r", "w", "m" or some of them, in this order (got "")',
    ],
    ...["ALL", "NET", ""].map((name): Row => [
        { capabilities: ["NET_ADMIN", name] },
        `capabilities[1]: must be one capability of Linux, such as "NET_ADMIN" (got "${name}")`,
    ]),
    [{ capabilities: "NET_ADMIN" }, 'capabilities: must be a list (got "NET_ADMIN")'],
    [{ stopSignal: "TERM" }, `stopSignal: ${SIGNAL} (got "TERM")`],
    [{ stopSignal: "SIGSTOP" }, `stopSignal: ${SIGNAL} (got "SIGSTOP")`],
    [{ stopSignal: "SIGRTMIN+16" }, `stopSignal: ${SIGNAL} (got "SIGRTMIN+16")`],
    [{ stopGraceSeconds: 4000 }, "stopGraceSeconds: must be between 0 and 3600 (got 4000)"],
    [{ stopGraceSeconds: 1.5 }, "stopGraceSeconds: must be a whole number (got 1.5)"],
    [{ logs: "none" }, 'logs: must be "host" or { maxSize, maxFiles } (got "none")'],
    [{ logs: 10 }, 'logs: must be "host" or { maxSize, maxFiles } (got 10)'],
    [{ logs: { maxSize: "big" } }, 'logs.maxSize: must be a size such as "10MiB", or a number of bytes (got "big")'],
    [{ logs: { maxSize: 1000 } }, "logs.maxSize: must be at least 64KiB (got 1000)"],
    [{ logs: { maxFiles: 0 } }, "logs.maxFiles: must be between 1 and 1000 (got 0)"],
    [{ healthCheck: "off" }, 'healthCheck: must be "none" or { command, … } (got "off")'],
    [{ healthCheck: false }, 'healthCheck: must be "none" or { command, … } (got false)'],
    [{ healthCheck: {} }, "healthCheck.command: is required"],
    [{ healthCheck: { command: [] } }, "healthCheck.command: must hold a program and its arguments (got [])"],
    [{ healthCheck: { ...CHECK, retries: 0 } }, "healthCheck.retries: must be between 1 and 100 (got 0)"],
    ...(["intervalSeconds", "timeoutSeconds"] as const).map((key): Row => [
        { healthCheck: { ...CHECK, [key]: 0 } },
        `healthCheck.${key}: must be between 0.1 and 3600 (got 0)`,
    ]),
    [{ healthCheck: { ...CHECK, startSeconds: -1 } }, "healthCheck.startSeconds: must be between 0 and 3600 (got -1)"],
]);

table("Endpoint", endpoint, { protocol: "tcp", publicPort: 22, virtualMachine: "web1", container: "dev-web1-1" }, [
    [{ protocol: "http" }, 'protocol: must be one of "tcp", "udp" (got "http")'],
    [{ publicPort: undefined }, "publicPort: is required"],
    [{ publicPort: 70_000 }, `publicPort: ${PORT} (got 70000)`],
    [{ publicPort: "http" }, `publicPort: ${PORT} (got "http")`],
    [{ publicPort: "90-80" }, `publicPort: ${PORT} (got "90-80")`],
    [{ publicPort: "65000-66000" }, `publicPort: ${PORT} (got "65000-66000")`],
    [{ publicPort: Infinity }, `publicPort: ${PORT} (got Infinity)`],
    [{ privatePort: 0 }, `privatePort: ${PORT} (got 0)`],
    [
        { publicPort: "5000-5010", privatePort: 22 },
        "privatePort: must name as many ports as publicPort 5000-5010, which has 11 (got 22)",
    ],
    [{ virtualMachine: "" }, 'virtualMachine: must name a virtual machine (got "")'],
]);

const pooled = { web1: "dev-web1-1", web2: "dev-web2-1" };
table(
    "EndpointPool",
    endpointPool,
    { protocol: "tcp", publicPorts: "2201-2250", privatePort: 22, virtualMachines: pooled },
    [
        [{ publicPorts: 2201 }, "publicPorts: must have a port for each of the 2 virtual machines (got 2201)"],
        [{ publicPorts: "2201-" }, `publicPorts: ${PORT} (got "2201-")`],
        [{ privatePort: "22-23" }, 'privatePort: must be a number (got "22-23")'],
        [
            { publicPort: 80 },
            'has unknown property "publicPort" (allowed: acl, idleTimeoutMinutes, maxConnectionRatePerSource, maxConnections)',
        ],
    ],
);

const goodSet = { protocol: "tcp", publicPort: 80, virtualMachines: { web1: { container: "dev-web1-1" } } };
table("LoadBalancedSet", loadBalancedSet, goodSet, [
    [{ probe: { protocol: "icmp" } }, 'probe.protocol: must be one of "none", "tcp", "http", "https" (got "icmp")'],
    [{ probe: { protocol: "http", path: "x" } }, 'probe.path: must start with "/" (got "x")'],
    [
        { probe: { protocol: "tcp", intervalSeconds: 2, timeoutSeconds: 3 } },
        "probe.timeoutSeconds: must not exceed intervalSeconds (2) (got 3)",
    ],
    [
        { probe: { protocol: "tcp", path: "/" } },
        'probe: has unknown property "path" (allowed: healthyThreshold, intervalSeconds, longestHoldDownSeconds, port, ' +
            "timeoutSeconds, unhealthyThreshold)",
    ],
    [
        { protocol: "udp", probe: { protocol: "tcp" } },
        'probe: must name the port to ask, because the set is udp: { protocol: "tcp", port: … }',
    ],
    [{ allDown: "ignore" }, 'allDown: must be one of "reject", "allUp" (got "ignore")'],
    [{ drainSeconds: -1 }, "drainSeconds: must be between 0 and 3600 (got -1)"],
    [{ virtualMachines: { web1: 1 } }, "virtualMachines.web1: must be a map of properties (got 1)"],
    [
        { virtualMachines: { web1: { container: "dev-web1-1", weight: 1001 } } },
        "virtualMachines.web1.weight: must be between 0 and 1000 (got 1001)",
    ],
    [
        { virtualMachines: { web1: { container: "dev-web1-1", weight: 0.5 } } },
        "virtualMachines.web1.weight: must be a whole number (got 0.5)",
    ],
    [
        { virtualMachines: { web1: { container: "dev-web1-1", adminState: "drain" } } },
        'virtualMachines.web1.adminState: must be one of "auto", "up", "down" (got "drain")',
    ],
    [
        { virtualMachines: { web1: { container: "dev-web1-1", priority: 0 } } },
        "virtualMachines.web1.priority: must be between 1 and 1000 (got 0)",
    ],
    [
        { distribution: "random" },
        'distribution: must be one of "fiveTuple", "sourceIP", "sourceIPProtocol" (got "random")',
    ],
    [{ sourcePrefixLength: 24 }, 'sourcePrefixLength: needs distribution "sourceIP" or "sourceIPProtocol" (got 24)'],
    [{ distribution: "sourceIP", sourcePrefixLength: 33 }, "sourcePrefixLength: must be between 1 and 32 (got 33)"],
    [
        { distribution: "fiveTuple", affinityGroup: "session" },
        'affinityGroup: needs distribution "sourceIP" or "sourceIPProtocol" (got "session")',
    ],
    [{ distribution: "sourceIP", affinityGroup: "" }, 'affinityGroup: must not be empty (got "")'],
    [{ resetOnDown: "yes" }, 'resetOnDown: must be a boolean (got "yes")'],
    [{ virtualMachines: ["dev-web1-1"] }, 'virtualMachines: must be a map of properties (got ["dev-web1-1"])'],
]);

const served = { protocol: "tcp", publicPort: 80, privatePort: 8080 };
const aSet = { ...served, probe: { protocol: "tcp" }, members: { web1: { container: "dev-web1-1" } } };
table("LoadBalancer", loadBalancer, { gateway: "g", privateNetwork: "n", loadBalancedSets: { http: aSet } }, [
    [
        { endpoints: { web: { ...served, container: "dev-web1-1" } } },
        "loadBalancedSets.http.publicPort: tcp 80 already belongs to endpoint web (got 80)",
    ],
    [{ waitSeconds: 4000 }, "waitSeconds: must be between 0 and 3600 (got 4000)"],
    [{ metrics: { port: 0 } }, "metrics.port: must be between 1 and 65535 (got 0)"],
    [{ metrics: { path: "/metrics" } }, 'metrics: has unknown property "path" (allowed: port)'],
    [{ metrics: true }, "metrics: must be a map of properties (got true)"],
    [
        { loadBalancedSets: { http: { ...aSet, members: { web1: { container: "dev-web1-1", weigth: 2 } } } } },
        'loadBalancedSets.http.members.web1: has unknown property "weigth"; did you mean "weight"? ' +
            "(others: adminState, position, priority, state)",
    ],
    [{ loadBalancedSets: { http: { ...aSet, probe: undefined } } }, "loadBalancedSets.http.probe: is required"],
]);

table("ContainerAttachment", containerAttachment, { alias: "old", container: "legacy-1", network: "n", gateway: "g" }, [
    [{ alias: "my old" }, `alias: ${HOST_NAME} (got "my old")`],
    [{ container: "/legacy" }, `container: ${DOCKER_NAME} (got "/legacy")`],
    [{ container: undefined }, "container: is required"],
    [{ containerId: "" }, 'containerId: must name a container (got "")'],
    [{ image: "nginx" }, 'has unknown property "image" (allowed: containerId, docker)'],
]);
