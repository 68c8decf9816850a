import { describe, expect, test } from "vitest";
import { defaultProbe, endpoint, loadBalancedSet } from "../../model/resources/endpoint";
import { gateway } from "../../model/resources/gateway";
import { loadBalancer } from "../../model/resources/loadBalancer";
import { publicNetwork } from "../../model/resources/network";
import { publish } from "../../model/resources/publish";
import { virtualMachine } from "../../model/resources/virtualMachine";
import { UNKNOWN } from "../../model/schema/unknown";
import { problems } from "./support/problems";

// What resources accept and make of it; what they refuse, and the words for it, is in resourcesMessages.test.ts.

const machine = { alias: "web1", network: "dev-1-east-1", gateway: "dev-east", image: "nginx" };
const ssh = { protocol: "tcp", publicPort: 2201, virtualMachine: "web1", container: "dev-web1-1" };
const declaredSet = { protocol: "tcp", publicPort: 80, virtualMachines: { web1: { container: "dev-web1-1" } } };
const http = {
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
    probe: { protocol: "http" },
    members: { web1: { container: "dev-web1-1" } },
};
const balancer = { gateway: "dev-east", privateNetwork: "dev-1-east-1" };
const inputsOfGateway = {
    image: "switchyard-runtime:0123456789ab",
    volume: "dev-east",
    publicNetwork: "dev-0-public-1",
    publicSubnet: "10.224.7.0/24",
    privateNetwork: "dev-1-east-1",
    privateSubnet: "10.80.1.0/24",
    privateGateway: "10.80.1.1",
    internalVirtualIp: "10.80.1.253",
};

describe("defaults", () => {
    test("complete a virtual machine", () => {
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

    test("complete the parts of a virtual machine that are there", () => {
        const { disks, devices, healthCheck, logs } = virtualMachine.parse({
            ...machine,
            disks: { "/data": "data", "/more": { volume: "more" } },
            devices: { "/dev/net/tun": "/dev/net/tun" },
            healthCheck: { command: ["true"] },
            logs: {},
        });
        expect(disks).toEqual({
            "/data": { volume: "data", readOnly: false },
            "/more": { volume: "more", readOnly: false },
        });
        expect(devices).toEqual({ "/dev/net/tun": { device: "/dev/net/tun", permissions: "rwm" } });
        expect(healthCheck).toEqual({
            command: ["true"],
            intervalSeconds: 30,
            timeoutSeconds: 30,
            retries: 3,
            startSeconds: 0,
        });
        expect(logs).toEqual({ maxSize: "10MiB", maxFiles: 3 });
    });

    test("complete a load balancer at every depth, and leave positions to be worked out", () => {
        expect(loadBalancer.parse({ ...balancer, loadBalancedSets: { http } })).toEqual({
            ...balancer,
            endpoints: {},
            loadBalancedSets: {
                http: {
                    ...http,
                    allDown: "reject",
                    passiveDetection: true,
                    internal: false,
                    drainSeconds: 30,
                    distribution: "fiveTuple",
                    resetOnDown: false,
                    probe: { protocol: "http", path: "/", intervalSeconds: 15, healthyThreshold: 1 },
                    members: {
                        web1: { container: "dev-web1-1", state: "running", weight: 1, adminState: "auto", priority: 1 },
                    },
                },
            },
            waitSeconds: 120,
        });
    });

    test("give a set a probe only where one can answer", () => {
        expect(defaultProbe("tcp")).toEqual({ protocol: "tcp" });
        expect(defaultProbe("udp")).toEqual({ protocol: "none" });
        expect(problems(loadBalancedSet, { ...declaredSet, protocol: "udp" })).toEqual([]);
    });
});

describe("one spelling", () => {
    test("serves an address space without host bits", () => {
        expect(publicNetwork.parse({ addressSpace: "10.80.1.77/24" }).addressSpace).toBe("10.80.1.0/24");
    });

    test("serves capabilities in any order, modes, and options with nothing in them", () => {
        const given = {
            capabilities: ["sys_nice", "CAP_NET_ADMIN", "NET_ADMIN"],
            disks: {},
            userData: {},
            devices: {},
        };
        expect(virtualMachine.parse({ ...machine, ...given })).toMatchObject({
            capabilities: ["NET_ADMIN", "SYS_NICE"],
            disks: undefined,
            userData: undefined,
            devices: undefined,
        });
        expect(virtualMachine.parse({ ...machine, capabilities: [] }).capabilities).toBeUndefined();
        const ssh = { protocol: "tcp", publicPort: 22, virtualMachine: "web1", container: "c" };
        expect(endpoint.parse({ ...ssh, acl: {} }).acl).toBeUndefined();
        expect(virtualMachine.parse({ ...machine, logs: { maxSize: 1024 ** 2 } }).logs).toEqual({
            maxSize: "1MiB",
            maxFiles: 3,
        });
    });

    test("leaves user data as it is given, which may be secret, but for the spelling of its mode", () => {
        const userData = { "/a": "x", "/b": { content: "y" }, "/c": { content: "z", mode: "600" } };
        expect(virtualMachine.parse({ ...machine, userData }).userData).toEqual({
            ...userData,
            "/c": { content: "z", mode: "0600" },
        });
    });

    test("stays as it is when it is read again", () => {
        for (const [schema, given] of [
            [
                virtualMachine,
                { ...machine, size: "Small", disks: { "/d": "v" }, devices: { "/dev/d": "/d" }, logs: "host" },
            ],
            [virtualMachine, { ...machine, healthCheck: { command: ["x"] }, capabilities: ["SYS_TIME", "KILL"] }],
            [virtualMachine, { ...machine, size: { memory: "0.5g", cpus: 1 } }],
            [loadBalancer, { ...balancer, loadBalancedSets: { http } }],
            [gateway, { ...inputsOfGateway, publish: { ports: ["6000-6010:5000-5010/udp", 80] } }],
        ] as const) {
            const once: unknown = schema.parse(given);
            expect(schema.parse(once)).toEqual(once);
        }
    });
});

describe("values not known yet", () => {
    test.each([
        { size: UNKNOWN },
        { size: { memory: UNKNOWN, cpus: UNKNOWN } },
        { environment: UNKNOWN },
        { environment: { TOKEN: UNKNOWN } },
        { command: ["serve", UNKNOWN] },
        { labels: { owner: UNKNOWN }, image: UNKNOWN, network: UNKNOWN, gateway: UNKNOWN },
        { docker: { host: UNKNOWN } },
        {
            disks: UNKNOWN,
            userData: UNKNOWN,
            devices: UNKNOWN,
            capabilities: UNKNOWN,
            healthCheck: UNKNOWN,
            logs: UNKNOWN,
        },
        { disks: { "/a": UNKNOWN, "/b": { volume: UNKNOWN, readOnly: UNKNOWN } } },
        { userData: { "/a": UNKNOWN, "/b": { content: UNKNOWN, mode: UNKNOWN } } },
        { devices: { "/a": UNKNOWN, "/b": { device: UNKNOWN, permissions: UNKNOWN } } },
        { healthCheck: { command: ["x", UNKNOWN], retries: UNKNOWN }, logs: { maxSize: UNKNOWN, maxFiles: UNKNOWN } },
        { privateAddress: UNKNOWN, addressSpace: "10.80.1.0/24", gatewayAddress: UNKNOWN, replaceMode: UNKNOWN },
        { privateAddress: "10.80.1.9", addressSpace: UNKNOWN, gatewayAddress: UNKNOWN },
        { privateAddress: "10.80.1.9", addressSpace: "10.80.1.0/24", gatewayAddress: UNKNOWN },
        { hostname: UNKNOWN, stopSignal: UNKNOWN, stopGraceSeconds: UNKNOWN },
    ])("are kept in a virtual machine: %j", (change) => {
        expect(virtualMachine.parse({ ...machine, ...change })).toMatchObject(change);
    });

    test.each([
        { virtualMachines: UNKNOWN },
        { virtualMachines: { web1: UNKNOWN } },
        { virtualMachines: { web1: { container: UNKNOWN, weight: UNKNOWN, adminState: UNKNOWN, priority: UNKNOWN } } },
        { distribution: UNKNOWN, sourcePrefixLength: 24, affinityGroup: UNKNOWN, resetOnDown: UNKNOWN },
        { distribution: "sourceIP", sourcePrefixLength: UNKNOWN, affinityGroup: "session" },
        { probe: UNKNOWN, protocol: UNKNOWN },
        { protocol: "udp", probe: { protocol: UNKNOWN } },
    ])("are accepted in a set: %j", (change) => {
        expect(problems(loadBalancedSet, { ...declaredSet, ...change })).toEqual([]);
    });

    test("are accepted in an endpoint", () => {
        expect(problems(endpoint, { ...ssh, container: UNKNOWN, publicPort: UNKNOWN })).toEqual([]);
    });

    test.each([
        UNKNOWN,
        { http: UNKNOWN, other: UNKNOWN },
        { http: { ...http, probe: UNKNOWN, members: UNKNOWN } },
        { http: { ...http, members: { web1: UNKNOWN, web2: { container: UNKNOWN } } } },
        { http: { ...http, publicPort: UNKNOWN }, other: { ...http, publicPort: UNKNOWN } },
    ])("are accepted in a load balancer's sets: %j", (loadBalancedSets) => {
        expect(problems(loadBalancer, { ...balancer, endpoints: UNKNOWN, loadBalancedSets })).toEqual([]);
    });

    test.each([
        { publicSubnet: UNKNOWN, virtualIp: "10.1.1.1" },
        { virtualIp: UNKNOWN, publish: UNKNOWN },
        { privateSubnet: UNKNOWN, privateGateway: "10.1.1.1" },
        { privateGateway: UNKNOWN },
        { publish: { address: UNKNOWN, ports: [UNKNOWN, 80] } },
    ])("are accepted in a gateway: %j", (change) => {
        expect(problems(gateway, { ...inputsOfGateway, ...change })).toEqual([]);
    });

    test("are kept among published ports", () => {
        expect(publish.parse({ ports: UNKNOWN }).ports).toBe(UNKNOWN);
        expect(publish.parse({ ports: [UNKNOWN, 80] }).ports).toEqual(expect.arrayContaining([UNKNOWN, "80:80/tcp"]));
    });
});

describe("secrets", () => {
    test("in a virtual machine's files and health check are never repeated", () => {
        const given = {
            ...machine,
            userData: { "/f": ["hunter2"], "/g": { content: 123456, mode: "hunter2" } },
            healthCheck: { command: ["check", 123456], retries: 0 },
        };
        expect(problems(virtualMachine, given, ["userData", "healthCheck.command"])).toEqual([
            'userData["/f"]: must be a map of properties',
            'userData["/g"].content: must be a string',
            'userData["/g"].mode: must be an octal mode such as "0600"',
            "healthCheck.command[1]: must be a string",
            "healthCheck.retries: must be between 1 and 100 (got 0)",
        ]);
    });

    test("in a virtual machine's environment are never repeated", () => {
        const given = { ...machine, environment: { PASSWORD: 123456 } };
        expect(problems(virtualMachine, given, ["environment"])).toEqual(["environment.PASSWORD: must be a string"]);
    });
});
