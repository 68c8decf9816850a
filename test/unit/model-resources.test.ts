import { describe, expect, test } from "vitest";
import { defaultProbe, endpoint, loadBalancedSet } from "../../model/resources/endpoint";
import { gateway } from "../../model/resources/gateway";
import { loadBalancer } from "../../model/resources/loadBalancer";
import { formatMemory, parseMemory } from "../../model/resources/memory";
import { privateNetwork, publicNetwork } from "../../model/resources/network";
import { publish } from "../../model/resources/publish";
import { virtualMachine } from "../../model/resources/virtualMachine";
import { UNKNOWN } from "../../model/schema/unknown";
import { problems } from "./support/problems";

describe("a virtual machine's inputs", () => {
    const machine = { alias: "web1", network: "dev-1-east-1", gateway: "dev-east", image: "nginx" };

    test("are complete with defaults", () => {
        expect(virtualMachine.parse(machine)).toEqual({
            ...machine,
            environment: {},
            size: {},
            restart: "unless-stopped",
            state: "running",
            labels: {},
            readySeconds: 60,
        });
    });

    test.each([
        { size: UNKNOWN },
        { size: { memory: UNKNOWN, cpus: UNKNOWN } },
        { environment: UNKNOWN },
        { environment: { TOKEN: UNKNOWN } },
        { command: ["serve", UNKNOWN] },
        { labels: { owner: UNKNOWN }, image: UNKNOWN, network: UNKNOWN, gateway: UNKNOWN },
        { docker: { host: UNKNOWN } },
    ])("may be unknown: %j", (change) => {
        expect(virtualMachine.parse({ ...machine, ...change })).toMatchObject(change);
    });

    test.each([
        [{ image: "" }, 'image: must name an image (got "")'],
        [{ image: undefined }, "image: is required"],
        [
            { alias: "web 1" },
            "alias: must be usable as a host name: at most 63 letters, digits, '-' and '_', starting and ending with a letter or digit (got \"web 1\")",
        ],
        [{ command: "serve" }, 'command: must be an array (got "serve")'],
        [{ command: ["serve", 80] }, "command[1]: must be a string (got 80)"],
        [{ environment: { PORT: 80 } }, "environment.PORT: must be a string (got 80)"],
        [
            { environment: { "A=B": "" } },
            'environment: has a variable named "A=B"; names must not be empty or hold "="',
        ],
        [{ environment: { "": "" } }, 'environment: has a variable named ""; names must not be empty or hold "="'],
        [
            { labels: { "io.switchyard.stack": "x" } },
            'labels["io.switchyard.stack"]: must not start with io.switchyard., which is Switchyard\'s (got "x")',
        ],
        [{ labels: { "": "x" } }, "labels: has a label without a name"],
        [{ size: { cpus: 0 } }, "size.cpus: must be between 0.01 and 1024 (got 0)"],
        [
            { size: { memory: "lots" } },
            'size.memory: must be an amount of memory such as "512MiB" or "2GiB", or a number of bytes (got "lots")',
        ],
        [{ size: { memory: "1MiB" } }, 'size.memory: must be at least 6MiB (got "1MiB")'],
        [{ size: { memory: true } }, "size.memory: must be a string or a number (got true)"],
        [{ restart: "never" }, 'restart: must be one of "unless-stopped", "always", "on-failure", "no" (got "never")'],
        [{ state: "paused" }, 'state: must be one of "running", "stopped" (got "paused")'],
        [{ readySeconds: 0 }, "readySeconds: must be between 1 and 3600 (got 0)"],
        [
            { docker: { host: "localhost" } },
            'docker.host: must be the address of a Docker host, such as unix:///var/run/docker.sock, tcp://192.0.2.10:2376 or ssh://user@host (got "localhost")',
        ],
        [{ enviroment: {} }, 'has unknown property "enviroment"'],
    ])("refuse %j", (change, message) => {
        expect(problems(virtualMachine, { ...machine, ...change })).toEqual([message]);
    });

    test("keep their secrets to themselves", () => {
        const given = { ...machine, environment: { PASSWORD: 123456 } };
        expect(problems(virtualMachine, given, ["environment"])).toEqual(["environment.PASSWORD: must be a string"]);
    });
});

describe("an amount of memory", () => {
    test.each([
        ["512MiB", "512MiB"],
        ["512m", "512MiB"],
        ["512 MB", "512MiB"],
        [536870912, "512MiB"],
        ["1024m", "1GiB"],
        ["1.5g", "1536MiB"],
        ["2TB", "2TiB"],
        ["6291457", "6291457B"],
        ["10000 bytes", "10000B"],
    ])("%j is %s", (given, canonical) => {
        expect(formatMemory(parseMemory(given)!)).toBe(canonical);
        expect(formatMemory(parseMemory(canonical)!)).toBe(canonical);
    });

    test.each(["", "m", "-1m", "1x", "1 mm", "1e3", -1, 1.5, Number.NaN, null, undefined, {}])(
        "%j is none",
        (given) => {
            expect(parseMemory(given)).toBeUndefined();
        },
    );
});

describe("published ports", () => {
    const parsed = (ports: unknown[]) => publish.parse({ ports }).ports;

    test("have one spelling and one order, however the program lists them", () => {
        expect(parsed(["5000-5010/udp", 443, "8080:80"])).toEqual([
            "443:443/tcp",
            "8080:80/tcp",
            "5000-5010:5000-5010/udp",
        ]);
        expect(parsed(["8080:80", "5000-5010:5000-5010/udp", "443/TCP"])).toEqual(
            parsed(["5000-5010/udp", 443, "8080:80"]),
        );
        expect(publish.parse({ ports: [80] }).address).toBe("0.0.0.0");
    });

    test("stay as they are when they are read again", () => {
        const once = publish.parse({ address: "127.0.0.1", ports: ["6000-6010:5000-5010/udp", 80] });
        expect(publish.parse(once)).toEqual(once);
    });

    test("may be unknown", () => {
        expect(publish.parse({ ports: UNKNOWN }).ports).toBe(UNKNOWN);
        expect(parsed([UNKNOWN, 80])).toContain(UNKNOWN);
    });

    const form = 'must be a port such as 80, "8080:80" (host port:public port) or "5000-5010/udp"';
    test.each([
        [{ ports: ["http"] }, `ports[0]: ${form} (got "http")`],
        [{ ports: [null] }, `ports[0]: ${form} (got null)`],
        [{ ports: ["80:"] }, `ports[0]: ${form} (got "80:")`],
        [{ ports: ["127.0.0.1:80:80"] }, `ports[0]: ${form} (got "127.0.0.1:80:80")`],
        [{ ports: [0] }, "ports[0]: must name ports between 1 and 65535 (got 0)"],
        [{ ports: ["80:65536"] }, 'ports[0]: must name ports between 1 and 65535 (got "80:65536")'],
        [{ ports: ["90-80"] }, 'ports[0]: must name a range that ends after it starts (got "90-80")'],
        [{ ports: ["1-2:5-9"] }, 'ports[0]: must name as many host ports as public ports (got "1-2:5-9")'],
        [{ ports: [80, "80:8080"] }, 'ports[1]: shares a host port with 80:80/tcp (got "80:8080")'],
        [{ ports: ["10-20", "15:1"] }, 'ports[1]: shares a host port with 10-20:10-20/tcp (got "15:1")'],
        [{ address: "localhost", ports: [] }, 'address: must be an IPv4 address such as 192.0.2.10 (got "localhost")'],
        [{}, "ports: is required"],
    ])("refuse %j", (given, message) => {
        expect(problems(publish, given)).toEqual([message]);
    });

    test("may use one host port for tcp and for udp", () => {
        expect(problems(publish, { ports: ["53/tcp", "53/udp"] })).toEqual([]);
    });
});

describe("an endpoint's inputs", () => {
    const ssh = { protocol: "tcp", publicPort: 2201, virtualMachine: "web1", container: "dev-web1-1" };

    test.each([
        [{ publicPort: 0 }, "publicPort: must be between 1 and 65535 (got 0)"],
        [{ privatePort: "22" }, 'privatePort: must be a number (got "22")'],
        [{ virtualMachine: "" }, 'virtualMachine: must name a virtual machine (got "")'],
        [{ protocol: undefined }, 'protocol: must be one of "tcp", "udp"'],
    ])("refuse %j", (change, message) => {
        expect(problems(endpoint, { ...ssh, ...change })).toEqual([message]);
    });

    test("need neither a private port nor known machines", () => {
        expect(problems(endpoint, ssh)).toEqual([]);
        expect(problems(endpoint, { ...ssh, container: UNKNOWN, publicPort: UNKNOWN })).toEqual([]);
    });
});

describe("a load-balanced set's inputs", () => {
    const http = { protocol: "tcp", publicPort: 80, virtualMachines: { web1: "dev-web1-1" } };

    test("have a probe of their own only where one can answer", () => {
        expect(defaultProbe("tcp")).toEqual({ protocol: "tcp" });
        expect(defaultProbe("udp")).toEqual({ protocol: "none" });
        expect(problems(loadBalancedSet, http)).toEqual([]);
        expect(problems(loadBalancedSet, { ...http, protocol: "udp" })).toEqual([]);
        expect(problems(loadBalancedSet, { ...http, protocol: "udp", probe: { protocol: "tcp" } })).toEqual([
            'probe: must name the port to ask, because the set is udp: { protocol: "tcp", port: … }',
        ]);
    });

    test.each([
        { virtualMachines: UNKNOWN },
        { virtualMachines: { web1: UNKNOWN } },
        { probe: UNKNOWN, protocol: UNKNOWN },
        { protocol: "udp", probe: { protocol: UNKNOWN } },
    ])("may be unknown: %j", (change) => {
        expect(problems(loadBalancedSet, { ...http, ...change })).toEqual([]);
    });
});

describe("a load balancer's inputs", () => {
    const balancer = { gateway: "dev-east", privateNetwork: "dev-1-east-1" };
    const http = {
        protocol: "tcp",
        publicPort: 80,
        privatePort: 8080,
        probe: { protocol: "http" },
        members: { web1: { container: "dev-web1-1" } },
    };

    test("have defaults at every depth, and leave positions to be worked out", () => {
        expect(loadBalancer.parse({ ...balancer, loadBalancedSets: { http } })).toEqual({
            ...balancer,
            endpoints: {},
            loadBalancedSets: {
                http: {
                    ...http,
                    allDown: "reject",
                    drainSeconds: 30,
                    probe: { protocol: "http", path: "/", intervalSeconds: 15, healthyThreshold: 1 },
                },
            },
            waitSeconds: 120,
        });
    });

    test("may be unknown at every depth", () => {
        for (const sets of [
            UNKNOWN,
            { http: UNKNOWN, other: UNKNOWN },
            { http: { ...http, probe: UNKNOWN, members: UNKNOWN } },
            { http: { ...http, members: { web1: UNKNOWN, web2: { container: UNKNOWN } } } },
        ])
            expect(problems(loadBalancer, { ...balancer, endpoints: UNKNOWN, loadBalancedSets: sets })).toEqual([]);
    });

    test.each([
        [
            { again: http },
            "loadBalancedSets.again.publicPort: tcp 80 already belongs to load-balanced set http (got 80)",
        ],
        [
            { dns: { ...http, protocol: "udp" } },
            'loadBalancedSets.dns.probe: must name the port to ask, because the set is udp: { protocol: "http", port: … }',
        ],
        [
            { "my set": { ...http, publicPort: 81, probe: { protocol: "http", path: "x" } } },
            'loadBalancedSets["my set"].probe.path: must start with "/" (got "x")',
        ],
        [
            { other: { ...http, publicPort: 81, members: { web1: { container: "a", position: 1 } } } },
            'loadBalancedSets.other.members.web1: has unknown property "position"',
        ],
    ])("refuse beside a set http: %j", (sets, message) => {
        expect(problems(loadBalancer, { ...balancer, loadBalancedSets: { http, ...sets } })).toEqual([message]);
    });
});

describe("networks and gateways", () => {
    const inputs = {
        image: "switchyard-runtime:0123456789ab",
        volume: "dev-east",
        publicNetwork: "dev-0-public-1",
        publicSubnet: "10.224.7.0/24",
        privateNetwork: "dev-1-east-1",
        privateSubnet: "10.80.1.0/24",
        privateGateway: "10.80.1.1",
    };

    test.each([
        [
            { virtualIp: "10.224.8.1" },
            'virtualIp: must be a host address of the public network 10.224.7.0/24 (got "10.224.8.1")',
        ],
        [
            { virtualIp: "10.224.7.255" },
            'virtualIp: must be a host address of the public network 10.224.7.0/24 (got "10.224.7.255")',
        ],
        [
            { privateGateway: "10.80.2.1" },
            'privateGateway: must be an address of the private network 10.80.1.0/24 (got "10.80.2.1")',
        ],
        [
            { privateSubnet: "10.224.0.0/16", privateGateway: "10.224.0.1" },
            'privateSubnet: must not overlap the public network 10.224.7.0/24 (got "10.224.0.0/16")',
        ],
        [{ publish: { ports: [0] } }, "publish.ports[0]: must name ports between 1 and 65535 (got 0)"],
    ])("refuse a gateway with %j", (change, message) => {
        expect(problems(gateway, { ...inputs, ...change })).toEqual([message]);
    });

    test.each([
        { publicSubnet: UNKNOWN, virtualIp: "10.1.1.1" },
        { virtualIp: UNKNOWN, publish: UNKNOWN },
        { privateSubnet: UNKNOWN, privateGateway: "10.1.1.1" },
        { privateGateway: UNKNOWN },
    ])("take a gateway with %j", (change) => {
        expect(problems(gateway, { ...inputs, ...change })).toEqual([]);
    });

    test.each([
        ["10.80.1.77/24", []],
        ["10.80.1.0", ['addressSpace: must be a range of IPv4 addresses such as 10.80.1.0/24 (got "10.80.1.0")']],
        ["10.80.1.0/30", ['addressSpace: must have a prefix length between 8 and 29 (got "10.80.1.0/30")']],
        ["10.0.0.0/7", ['addressSpace: must have a prefix length between 8 and 29 (got "10.0.0.0/7")']],
    ])("answer an address space of %s with %j", (addressSpace, messages) => {
        expect(problems(publicNetwork, { addressSpace })).toEqual(messages);
        expect(problems(privateNetwork, { addressSpace, sortsAfter: "dev-0-public-1" })).toEqual(messages);
    });

    test("write an address space without host bits", () => {
        expect(publicNetwork.parse({ addressSpace: "10.80.1.77/24" }).addressSpace).toBe("10.80.1.0/24");
    });
});
