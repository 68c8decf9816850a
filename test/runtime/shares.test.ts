import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../model/balancer/plan";
import type { Engine } from "../../runtime/balancer";
import { ip } from "./support/namespaces";
import {
    applyAndSettle,
    openFlows,
    planOf,
    runLoad,
    startEngine,
    startServers,
    Topology,
    type LoadReport,
    type Machine,
} from "./support";

const CLIENTS = Array.from({ length: 60 }, (_, index) => `198.51.100.${20 + index}`);

describe("given a set of four machines", () => {
    let net: Topology;
    let engine: Engine;

    beforeAll(async () => {
        net = new Topology(4);
        for (const address of CLIENTS) ip("-n", net.outside, "address", "add", `${address}/24`, "dev", "eth0");
        engine = await startEngine(net);
        await startServers(net, { tcp: [8080], udp: [5353] });
    });

    afterAll(async () => {
        await engine?.close();
        await net?.remove();
    });

    /** The plan of a tcp set on 80 and a udp set on 53 of all machines, those of `members` with settings of their own. */
    function plan(settings: object, members: Record<string, object> = {}, healthy = net.machines): Plan {
        const all = Object.fromEntries(
            net.machines.map(({ name, address }, position) => [
                name,
                { container: address, position, ...members[name] },
            ]),
        );
        return planOf(
            net,
            {
                loadBalancedSets: {
                    tcp: {
                        ...{ protocol: "tcp", publicPort: 80, privatePort: 8080, probe: { protocol: "tcp" } },
                        ...settings,
                        members: all,
                    },
                    udp: {
                        ...{ protocol: "udp", publicPort: 53, privatePort: 5353, probe: { protocol: "none" } },
                        ...settings,
                        members: all,
                    },
                },
            },
            healthy,
        );
    }

    const without = (...names: string[]): Machine[] => net.machines.filter(({ name }) => !names.includes(name));

    const load = (protocol: "tcp" | "udp", connections: number, from?: readonly string[]) =>
        runLoad(net, net.outside, { protocol, port: protocol === "tcp" ? 80 : 53, connections, concurrency: 8, from });

    it("then each new connection falls on them by weight, and none on one of weight 0", async () => {
        await applyAndSettle(engine, plan({}, { vm1: { weight: 7 }, vm2: { weight: 2 }, vm4: { weight: 0 } }));

        const { ok, machines } = await load("tcp", 3_000);

        expect(ok).toBe(3_000);
        expect(Object.keys(machines).sort()).toEqual(["vm1", "vm2", "vm3"]);
        for (const [name, share] of Object.entries({ vm1: 0.7, vm2: 0.2, vm3: 0.1 })) {
            // Five standard deviations.
            const spread = 5 * Math.sqrt(3_000 * share * (1 - share));
            expect(Math.abs(machines[name]! - 3_000 * share), name).toBeLessThan(spread);
        }
    });

    it("when a machine's weight becomes 0, then its flows stay, tcp and udp; when it is taken out, then only tcp", async () => {
        await applyAndSettle(engine, plan({}));
        const tcp = await openFlows(net, net.outside, { port: 80, flows: 40 });
        const udp = await openFlows(net, net.outside, { protocol: "udp", port: 53, flows: 40 });
        const before = { tcp: await tcp.askEach(), udp: await udp.askEach() };
        expect(new Set(before.tcp)).toContain("vm1");
        expect(new Set(before.udp)).toContain("vm1");

        await applyAndSettle(engine, plan({}, { vm1: { weight: 0 } }));
        expect(await tcp.askEach()).toEqual(before.tcp);
        expect(await udp.askEach()).toEqual(before.udp);
        expect((await load("tcp", 100)).machines).not.toHaveProperty("vm1");

        await applyAndSettle(engine, plan({}, { vm1: { adminState: "down" } }));
        expect(await tcp.askEach()).toEqual(before.tcp);
        const after = await udp.askEach();
        expect(after).not.toContain("vm1");
        expect(after.filter((_, flow) => before.udp[flow] !== "vm1")).toEqual(
            before.udp.filter((machine) => machine !== "vm1"),
        );
        await Promise.all([tcp.close(), udp.close()]);
    });

    it("when a machine's admin state is up, then it serves although its probe fails", async () => {
        await applyAndSettle(engine, plan({}, { vm1: { adminState: "up" } }, []));
        expect(await load("tcp", 20)).toMatchObject({ ok: 20, machines: { vm1: 20 } });
    });

    it("then backups serve while nobody above them is healthy, and no longer", async () => {
        const backups = { vm3: { priority: 2 }, vm4: { priority: 2 } };
        const serving = async (healthy: readonly Machine[]) => {
            await applyAndSettle(engine, plan({}, backups, healthy));
            const { ok, machines } = await load("tcp", 120);
            expect(ok).toBe(120);
            return Object.keys(machines).sort();
        };
        expect(await serving(net.machines)).toEqual(["vm1", "vm2"]);
        const flows = await openFlows(net, net.outside, { port: 80, flows: 20 });
        const before = await flows.askEach();
        expect(await serving(without("vm1"))).toEqual(["vm2"]);
        expect(await serving(without("vm1", "vm2"))).toEqual(["vm3", "vm4"]);
        expect(await serving(without("vm1"))).toEqual(["vm2"]);
        expect(await flows.askEach()).toEqual(before);
        await flows.close();
    });

    it("shared by the client's address, then a client keeps its machine when others fail, and clients are spread", async () => {
        const bySource = { distribution: "sourceIP" };
        await applyAndSettle(engine, plan(bySource));
        const before = machineOf(await load("tcp", 240, CLIENTS));
        expect(new Set(before.values()).size).toBe(4);

        await applyAndSettle(engine, plan(bySource, {}, without("vm2")));
        const during = machineOf(await load("tcp", 240, CLIENTS));
        for (const [client, machine] of before) if (machine !== "vm2") expect(during.get(client), client).toBe(machine);
        expect([...during.values()]).not.toContain("vm2");

        await applyAndSettle(engine, plan(bySource));
        expect(machineOf(await load("tcp", 120, CLIENTS))).toEqual(before);
    });

    it("then a prefix counts as one client", async () => {
        await applyAndSettle(engine, plan({ distribution: "sourceIP", sourcePrefixLength: 28 }));

        const machines = machineOf(await load("tcp", 120, CLIENTS));

        const ofPrefix = new Map<number, Set<string>>();
        for (const [client, machine] of machines) {
            const prefix = Math.floor(Number(client.split(".")[3]) / 16);
            ofPrefix.set(prefix, (ofPrefix.get(prefix) ?? new Set()).add(machine));
        }
        expect([...ofPrefix.values()].map((found) => found.size)).toEqual([...ofPrefix].map(() => 1));
        expect(new Set(machines.values()).size).toBeGreaterThan(1);
    });

    it("in an affinity group, then a client has one machine over tcp and udp, also after a failure", async () => {
        const group = { distribution: "sourceIP", affinityGroup: "session" };
        await applyAndSettle(engine, plan(group));
        const tcp = machineOf(await load("tcp", 120, CLIENTS));
        expect(machineOf(await load("udp", 120, CLIENTS))).toEqual(tcp);

        await applyAndSettle(engine, plan(group, {}, without("vm3")));
        const without3 = machineOf(await load("tcp", 120, CLIENTS));
        expect(machineOf(await load("udp", 120, CLIENTS))).toEqual(without3);
        expect([...without3.values()]).not.toContain("vm3");
    });

    it("by address and protocol, then tcp and udp of a client go by different dice", async () => {
        await applyAndSettle(engine, plan({ distribution: "sourceIPProtocol" }));
        const tcp = machineOf(await load("tcp", 120, CLIENTS));
        const udp = machineOf(await load("udp", 120, CLIENTS));
        const same = CLIENTS.filter((client) => tcp.get(client) === udp.get(client)).length;
        // A quarter of 60, give or take five standard deviations.
        expect(same).toBeLessThan(15 + 5 * 3.4);
    });
});

/** Which machine answered each client, if it was one for all its connections. */
function machineOf({ failed, machinesByPeer }: LoadReport): Map<string, string> {
    expect(failed).toEqual({});
    return new Map(
        CLIENTS.map((client) => {
            const machines = Object.keys(machinesByPeer[client] ?? {});
            expect(machines, client).toHaveLength(1);
            return [client, machines[0]!];
        }),
    );
}
