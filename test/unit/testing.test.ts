import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import * as switchyard from "../../sdk";
import { previewProgram } from "../../testing";

function shop({ port = 80, office = "192.0.2.0/24" } = {}) {
    const cloudService = new switchyard.CloudService("shop", { publish: { address: "127.0.0.1", ports: [8080] } });
    const machines = [1, 2, 3].map(
        (n) =>
            new switchyard.VirtualMachine(`web${n}`, {
                cloudService,
                image: "nginx:1.29",
                environment: { TOKEN: pulumi.secret("hush") },
            }),
    );
    const http = new switchyard.LoadBalancedSet("http", {
        protocol: "tcp",
        publicPort: port,
        virtualMachines: machines,
        probe: { protocol: "http", path: "/healthz" },
    });
    const ssh = new switchyard.Endpoint("ssh", {
        ...switchyard.wellKnown.ssh,
        virtualMachine: machines[0]!,
        acl: [{ order: 100, action: "permit", remoteSubnet: office }],
    });
    new switchyard.LoadBalancer("shop", { cloudService, endpoints: [http, ssh] });
    const policy = new switchyard.TrafficPolicy("shop", {
        method: "RoundRobin",
        endpoints: { here: { cloudService, alwaysServe: true } },
    });
    new switchyard.TrafficManager("dns", {
        domain: "trafficmanager.example",
        cloudServiceDomain: "cloudapp.example",
        policies: [policy],
    });
}

describe("a user's unit test", () => {
    it("sees what is declared, with the defaults of the providers' checks", async () => {
        const { mistakes, inputs, resources } = await previewProgram(() => shop());
        expect(mistakes).toEqual([]);
        const { loadBalancedSets, endpoints } = inputs("LoadBalancer", "shop");
        expect(Object.keys(loadBalancedSets.http.members)).toEqual(["web1", "web2", "web3"]);
        expect(loadBalancedSets.http.probe).toMatchObject({ protocol: "http", path: "/healthz", intervalSeconds: 15 });
        expect(endpoints.ssh.acl).toEqual({ 100: { action: "permit", remoteSubnet: "192.0.2.0/24" } });
        expect(inputs("VirtualMachine", "web1")).toMatchObject({ name: "dev-web1-1", environment: { TOKEN: "hush" } });
        expect(inputs("DnsConfiguration", "dns-ns1-configuration").policies.shop.ttlSeconds).toBe(300);
        expect(resources.some(({ type }) => type === "Gateway")).toBe(true);
    });

    it("sees each mistake once, those that the program would throw too", async () => {
        const { mistakes } = await previewProgram(() => shop({ port: 70_000, office: "office" }));
        expect([...mistakes].sort()).toEqual([
            expect.stringMatching(/^Endpoint ssh: acl\["100"\]\.remoteSubnet: .*office/),
            expect.stringMatching(/^LoadBalancedSet http: publicPort: .*70000/),
        ]);
        const thrown = await previewProgram(() => new switchyard.LoadBalancer("lb", { endpoints: [] } as never));
        expect(thrown.mistakes).toEqual([
            expect.stringMatching(/^LoadBalancer lb has 2 problems:\ncloudService: is required\nendpoints: must have/),
        ]);
    });

    it("reads settings, and says which resources there are where one is missing", async () => {
        const { inputs } = await previewProgram(
            () => new switchyard.PublicNetwork("lan", { addressSpace: new pulumi.Config().require("lan") }),
            { project: "shop", stack: "prod", config: { lan: "10.9.0.0/24" } },
        );
        expect(inputs("PublicNetwork", "lan")).toMatchObject({ addressSpace: "10.9.0.0/24", name: "prod-0-lan-1" });
        expect(() => inputs("PublicNetwork", "wan")).toThrow("has no PublicNetwork wan (it has PublicNetwork lan)");
    });

    it("answers for what is not of this package as it is told", async () => {
        const program = async () => {
            const other = new pulumi.StackReference("org/east/prod");
            const address = other.requireOutput("address") as pulumi.Output<string>;
            const policy = new switchyard.TrafficPolicy("shop", {
                method: "RoundRobin",
                endpoints: { east: { cloudService: { name: "east", address }, alwaysServe: true } },
            });
            new switchyard.TrafficManager("dns", {
                domain: "trafficmanager.example",
                cloudServiceDomain: "cloudapp.example",
                policies: [policy],
            });
        };
        const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({
            id: name,
            state: { ...inputs, outputs: { address: "203.0.113.7" } },
        });
        const { mistakes, inputs } = await previewProgram(program, { mocks: { newResource } });
        expect(mistakes).toEqual([]);
        expect(inputs("DnsConfiguration", "dns-ns1-configuration").cloudServices).toEqual({
            east: { addresses: ["203.0.113.7"] },
        });
    });
});
