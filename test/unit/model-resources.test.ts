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
const declaredSet = { protocol: "tcp", publicPort: 80, virtualMachines: { web1: "dev-web1-1" } };
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

    test("complete a load balancer at every depth, and leave positions to be worked out", () => {
        expect(loadBalancer.parse({ ...balancer, loadBalancedSets: { http } })).toEqual({
            ...balancer,
            endpoints: {},
            loadBalancedSets: {
                http: {
                    ...http,
                    allDown: "reject",
                    internal: false,
                    drainSeconds: 30,
                    probe: { protocol: "http", path: "/", intervalSeconds: 15, healthyThreshold: 1 },
                    members: { web1: { container: "dev-web1-1", state: "running" } },
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

    test("stays as it is when it is read again", () => {
        for (const [schema, given] of [
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
    ])("are kept in a virtual machine: %j", (change) => {
        expect(virtualMachine.parse({ ...machine, ...change })).toMatchObject(change);
    });

    test.each([
        { virtualMachines: UNKNOWN },
        { virtualMachines: { web1: UNKNOWN } },
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
    test("in a virtual machine's environment are never repeated", () => {
        const given = { ...machine, environment: { PASSWORD: 123456 } };
        expect(problems(virtualMachine, given, ["environment"])).toEqual(["environment.PASSWORD: must be a string"]);
    });
});
