import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { objectBaseName } from "../../model/names";
import { addressAt, defaultAddresses } from "../../model/network/addresses";
import { chosen, type Had } from "../../provider/choice";
import { claims } from "../../provider/context";
import { previewProgram } from "../../testing";
import { CloudService, PublicNetwork, VirtualMachine } from "../../sdk";

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

    it("given an update that asks in any order, and finds what it made, then each gets what the preview told", async () => {
        const program = names.slice(0, 8).map((name, index) => ({ name, ...(index === 2 && { given: "5" }) }));
        // Two have one first choice each.
        const candidates = (name: string) =>
            Array.from({ length: 10 }, (_, n) => `${(Math.floor(Number(name.at(-1)) / 2) + n) % 12}`);
        const run = async (order: readonly number[], finds: boolean) => {
            claims.clear();
            const made: Had[] = [{ by: "stranger", value: "1" }];
            for (const index of order.filter((index) => index !== 2)) {
                const { name } = program[index]!;
                const value = await chosen(`urn:pulumi:dev::project::switchyard:Gateway::${name}`, {
                    ...{ before: undefined, name, earlier: program.slice(0, index), candidates },
                    claim: (value) => ({ property: "virtualIp", among: "addresses", value }),
                    had: () => Promise.resolve(finds ? made : made.slice(0, 1)),
                });
                made.push({ by: name, value });
            }
            return Object.fromEntries(made.map(({ by, value }) => [by, value]));
        };
        const inOrder = [...program.keys()];
        const told = await run(inOrder, false);
        expect(new Set([...Object.values(told), "5"]).size).toBe(9);
        const orders = fc.shuffledSubarray(inOrder, { minLength: inOrder.length });
        await fc.assert(
            fc.asyncProperty(orders, fc.boolean(), async (order, finds) => {
                expect(await run(order, finds)).toEqual(told);
            }),
        );
    });

    it("given an address further up in the program, then nobody below gets it by default", async () => {
        const preview = (given: object) =>
            previewProgram(() => {
                const publicNetwork = new PublicNetwork("public", { addressSpace: "10.240.0.0/24" });
                new CloudService("east", { publicNetwork, ...given });
                new CloudService("west", { publicNetwork });
            });
        const virtualIp = (await preview({})).inputs("Gateway", "west-gateway")["virtualIp"] as string;
        const { mistakes, inputs } = await preview({ virtualIp });
        expect(mistakes).toEqual([]);
        expect(inputs("Gateway", "west-gateway")["virtualIp"]).not.toBe(virtualIp);
        expect(inputs("Gateway", "west-gateway")).not.toHaveProperty("earlier");
    });

    it("given two resources that are given the same, then the preview tells it of one", async () => {
        const spaces: Record<string, string> = { north: "10.81.0.0/24", south: "10.82.0.0/24" };
        const { mistakes } = await previewProgram(() => {
            const publicNetwork = new PublicNetwork("public", { addressSpace: "10.240.0.0/24" });
            new PublicNetwork("wider", { addressSpace: "10.240.0.0/16" });
            const given = { publicNetwork, virtualIp: "10.240.0.9" };
            new CloudService("east", {
                ...given,
                publish: { address: "127.0.0.1", ports: ["8080:80", "9090:90/udp"] },
            });
            new CloudService("west", { ...given, publish: { ports: ["8080:81", "9090:90"] } });
            for (const service of ["north", "south"]) {
                const cloudService = new CloudService(service, { publicNetwork, addressSpace: spaces[service]! });
                const machine = { cloudService, image: "nginx" };
                new VirtualMachine(`${service}1`, { ...machine, privateAddress: addressAt(spaces[service]!, 7) });
                new VirtualMachine(`${service}2`, { ...machine, privateAddress: addressAt(spaces["north"]!, 7) });
            }
        });
        // Which of the two comes first is Pulumi's affair.
        expect(
            mistakes
                .map((mistake) => mistake.replace(/east|west|north[12]/g, "X").replace(/(127|0)\.0\.0\.[01]/, "Y"))
                .sort(),
        ).toEqual([
            "Gateway X-gateway: publish: must be its own (got Y:8080/tcp, which Gateway X-gateway has in this program, too)",
            "Gateway X-gateway: virtualIp: must be its own (got 10.240.0.9, which Gateway X-gateway has in this program, too)",
            "PublicNetwork wider: addressSpace: must be its own (got 10.240.0.0/16, which PublicNetwork public has in this program, too)",
            "VirtualMachine X: privateAddress: must be its own (got 10.81.0.7, which VirtualMachine X has in this program, too)",
            'VirtualMachine south2: privateAddress: must be a host address of the cloud service\'s address space 10.82.0.0/24 (got "10.81.0.7")',
        ]);
    });
});
