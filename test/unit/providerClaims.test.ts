import { describe, expect, it } from "vitest";
import { objectBaseName } from "../../model/names";
import { defaultAddresses } from "../../model/network/addresses";
import { previewProgram } from "../../testing";
import { CloudService, PublicNetwork } from "../../sdk";

const names = Array.from({ length: 40 }, (_, index) => `service${index}`);

describe("what a Docker host has once", () => {
    it("given services whose first choices clash, then each gets an address and an address space of its own", async () => {
        const first = (name: string) =>
            defaultAddresses(
                objectBaseName({ project: "project", stack: "dev", name }),
                "10.240.0.0/24",
                "gateways",
            )[0];
        expect(new Set(names.map(first)).size).toBeLessThan(names.length);
        const { mistakes, resources } = await previewProgram(() => {
            const publicNetwork = new PublicNetwork("public", { addressSpace: "10.240.0.0/24" });
            for (const name of names) new CloudService(name, { publicNetwork });
        });
        expect(mistakes).toEqual([]);
        const all = (type: string, key: string) =>
            resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs[key]);
        expect(new Set(all("Gateway", "virtualIp")).size).toBe(names.length);
        expect(new Set(all("PrivateNetwork", "addressSpace")).size).toBe(names.length);
    });

    it("given two resources that are given the same, then the preview tells it of one", async () => {
        const { mistakes } = await previewProgram(() => {
            const publicNetwork = new PublicNetwork("public", { addressSpace: "10.240.0.0/24" });
            new PublicNetwork("wider", { addressSpace: "10.240.0.0/16" });
            const given = { publicNetwork, virtualIp: "10.240.0.9" };
            new CloudService("east", {
                ...given,
                publish: { address: "127.0.0.1", ports: ["8080:80", "9090:90/udp"] },
            });
            new CloudService("west", { ...given, publish: { ports: ["8080:81", "9090:90"] } });
        });
        // Which of the two comes first is Pulumi's affair.
        expect(mistakes.map((mistake) => mistake.replace(/east|west/g, "X")).sort()).toEqual([
            "Gateway X-gateway: publish: must be its own (got 127.0.0.1:8080/tcp, which Gateway X-gateway has in this program, too)",
            "Gateway X-gateway: virtualIp: must be its own (got 10.240.0.9, which Gateway X-gateway has in this program, too)",
            "PublicNetwork wider: addressSpace: must be its own (got 10.240.0.0/16, which PublicNetwork public has in this program, too)",
        ]);
    });
});
