import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as switchyard from "../../sdk";
import { register } from "./support/program";

const SOURCE = readFileSync(path.join(__dirname, "../../sdk/wellKnown.ts"), "utf8");

describe("well-known endpoints", () => {
    it("are what their comments say", () => {
        const told = [...SOURCE.matchAll(/\/\*\* .*: (tcp|udp) (\d+)\. \*\/\s+(\w+):/g)].map(
            ([, protocol, port, name]) => [name, { protocol, publicPort: Number(port), privatePort: Number(port) }],
        );
        expect(switchyard.wellKnown).toEqual(Object.fromEntries(told));
        expect(told).toHaveLength(19);
    });

    it("are spread into an endpoint or a set, and what follows wins", async () => {
        const registered = await register(() => {
            const cloudService = new switchyard.CloudService("contoso");
            const web = new switchyard.VirtualMachine("web", { cloudService, image: "nginx" });
            const { ssh, dns } = switchyard.wellKnown;
            new switchyard.Endpoint("ssh", { virtualMachine: web, ...ssh, publicPort: 2201 });
            new switchyard.LoadBalancedSet("dns", { ...dns, virtualMachines: [web] });
        });
        expect(registered["Endpoint ssh"]!.inputs).toMatchObject({
            protocol: "tcp",
            publicPort: 2201,
            privatePort: 22,
        });
        expect(registered["LoadBalancedSet dns"]!.inputs).toMatchObject({
            protocol: "udp",
            publicPort: 53,
            privatePort: 53,
        });
    });

    it("cannot be changed by a program for another part of it", () => {
        expect(() => Object.assign(switchyard.wellKnown.ssh, { publicPort: 2201 })).toThrow(TypeError);
    });
});
