import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultAddresses } from "../../model/network/addresses";
import { CloudService, PublicNetwork, TrafficManager, type DnsServerArgs } from "../../sdk";
import { register } from "./support/program";

const candidatesOf = (manager: string) => defaultAddresses(`dev-${manager}-ns1`, "10.224.0.0/24", "nameServers");
/** Names of managers, in groups whose servers have one first choice. */
const alike = groups(
    Array.from({ length: 300 }, (_, index) => `dns${index}`),
    (manager) => candidatesOf(manager)[0]!,
);
const [one, other, third] = alike.find((group) => group.length > 2) as [string, string, string];
const [choice, next] = candidatesOf(one) as [string, string];

function groups(names: readonly string[], of: (name: string) => string): string[][] {
    return [...new Set(names.map(of))].map((group) => names.filter((name) => of(name) === group));
}

function manager(name: string, server: DnsServerArgs = {}, options?: pulumi.ComponentResourceOptions) {
    const cloudServices = [{ name: "far", address: "192.0.2.7" }];
    const args = {
        policies: [],
        domain: `${name}.example`,
        cloudServiceDomain: `cloud.${name}.example`,
        cloudServices,
    };
    return new TrafficManager(name, { ...args, servers: { ns1: server } }, options);
}

/** What the servers of the managers are given, in that order. */
async function addressesOf(names: readonly string[], program: () => void, preview = false): Promise<unknown[]> {
    const registered = await register(program, { preview });
    return names.map((name) => registered[`DnsServer ${name}-ns1`]?.inputs["address"] as unknown);
}

/** Something of which a preview does not know the address. */
class Unmade extends pulumi.CustomResource {
    declare readonly address: pulumi.Output<string>;
    constructor() {
        super("test:index:Unmade", "unmade", { address: undefined });
    }
}

describe("servers of several traffic managers", () => {
    it("each get an address of their own, which those after them do not change", async () => {
        const managers = fc.uniqueArray(fc.constantFrom(...alike.slice(0, 4).flat()), { minLength: 2, maxLength: 5 });
        await fc.assert(
            fc.asyncProperty(managers, async (names) => {
                const addresses = await addressesOf(names, () => names.forEach((name) => manager(name)));
                expect(new Set(addresses).size).toBe(names.length);
                expect(addresses[0]).toBe(candidatesOf(names[0]!)[0]);
                const before = names.slice(0, -1);
                const fewer = await addressesOf(before, () => before.forEach((name) => manager(name)));
                expect(fewer).toEqual(addresses.slice(0, -1));
            }),
            { numRuns: 10 },
        );
    });

    it.each<[string, () => void, Record<string, string>]>([
        ["one network", () => [one, other].forEach((name) => manager(name)), { [one]: choice, [other]: next }],
        [
            "networks of their own: nobody makes way",
            () => [one, other].forEach((name) => manager(name, { publicNetwork: new PublicNetwork(`${name}-net`) })),
            { [one]: choice, [other]: choice },
        ],
        [
            "an existing network, by its name and by a resource",
            () => {
                manager(one, { publicNetwork: "lan" });
                manager(other, { publicNetwork: "lan" });
                manager(third, { publicNetwork: new PublicNetwork("own", { existing: "lan" }) });
            },
            { [one]: choice, [other]: next, [third]: candidatesOf(third)[2]! },
        ],
        [
            "existing networks of one name on two Docker hosts",
            () => {
                manager(one, { publicNetwork: "lan", docker: { host: "ssh://east" } });
                manager(other, { publicNetwork: "lan", docker: { host: "ssh://west" } });
            },
            { [one]: choice, [other]: choice },
        ],
        [
            "one network, of which one has an address that it is given",
            () => {
                manager("given", { address: choice });
                manager(other);
            },
            { given: choice, [other]: next },
        ],
        [
            "one network, of which one was renamed",
            () => {
                manager("renamed", {}, { aliases: [{ name: one }] });
                manager(other);
            },
            { renamed: choice, [other]: next },
        ],
        [
            "a network on which a cloud service has an address that it is given",
            () => {
                new CloudService("east", { virtualIp: choice });
                manager(one);
            },
            { [one]: next },
        ],
    ])("on %s", async (_what, program, addresses) => {
        expect(await addressesOf(Object.keys(addresses), program)).toEqual(Object.values(addresses));
    });

    it("are known in a preview, whatever else is not", async () => {
        const [address] = await addressesOf(
            [one],
            () => {
                manager("given", { address: new Unmade().address });
                manager(one);
            },
            true,
        );
        expect(address).toBe(choice);
    });
});

describe("a gateway", () => {
    it("is told of the addresses that servers before it are given", async () => {
        const registered = await register(() => {
            manager("given", { address: "10.224.0.20" });
            manager("later");
            new CloudService("east");
        });
        expect(registered["Gateway east-gateway"]!.inputs["earlier"]).toEqual([
            { name: "given-ns1", given: "10.224.0.20" },
        ]);
    });
});
