import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../model/balancer/compile";
import { memberKey, type Observations } from "../../model/balancer/observation";
import { balancerConfiguration, type BalancerConfiguration } from "../../model/balancer/configuration";
import { addressAt } from "../../model/network/addresses";
import { portRange, portsOf, type Ports } from "../../model/balancer/ports";
import type { Protocol } from "../../model/schema/fields";
import { clientAddresses, decision } from "./support/acl";
import { configurations, network, observationsOf, observed, slotsIn } from "./support/configurations";
import { hash, scaled, trace, type Packet } from "./support/tracer";

const clients = fc.record({ address: clientAddresses, port: fc.integer({ min: 1, max: 65_535 }) });
const packets: fc.Arbitrary<Packet> = fc.record({
    protocol: fc.constantFrom<Protocol>("tcp", "udp"),
    from: clients,
    to: fc.record({
        address: fc.constantFrom(
            network.virtualIp,
            network.virtualIp,
            network.internalVirtualIp,
            network.privateGateway,
        ),
        // As many as there are in a random configuration, and a few that nobody has.
        port: fc.integer({ min: 1, max: 18 }),
    }),
});
const traffic = fc.array(packets, { minLength: 1, maxLength: 60 });
const observedConfigurations = configurations.chain((configuration) =>
    fc.record({ configuration: fc.constant(configuration), observations: observationsOf(configuration) }),
);

/**
 * Where a packet may go, told from the configuration and health alone, without any plan: undefined where no endpoint or
 * set has its port, nobody where it must be refused.
 */
function expected(
    { endpoints, loadBalancedSets }: BalancerConfiguration,
    observations: Observations,
    packet: Packet,
): string[] | undefined {
    const privatePort = (owner: { publicPort: Ports; privatePort: Ports }) =>
        portRange(owner.privatePort).first + packet.to.port - portRange(owner.publicPort).first;
    for (const [name, endpoint] of Object.entries(endpoints)) {
        if (!owns(endpoint, packet)) continue;
        const address = observations.get(memberKey("endpoint", name))?.address;
        return address === undefined ? [] : [`${address}:${privatePort(endpoint)}`];
    }
    for (const [name, set] of Object.entries(loadBalancedSets)) {
        if (!owns(set, packet)) continue;
        const running = Object.entries(set.members)
            .map(([member, settings]) => ({ ...settings, ...observations.get(memberKey("set", name, member)) }))
            .filter(({ address, weight, adminState }) => address && weight > 0 && adminState !== "down");
        const up = running.filter(({ status, adminState }) => status === "healthy" || adminState === "up");
        const able = up.length === 0 && set.allDown === "allUp" ? running : up;
        const first = Math.min(...able.map(({ priority }) => priority));
        return able.filter(({ priority }) => priority === first).map(({ address }) => `${address}:${privatePort(set)}`);
    }
    return undefined;
}

/** Whether the packet is for this endpoint or set. */
function owns(
    owner: { protocol: Protocol; publicPort: Ports; internal?: boolean },
    { protocol, to }: Pick<Packet, "protocol" | "to">,
): boolean {
    return (
        owner.protocol === protocol &&
        to.address === (owner.internal ? network.internalVirtualIp : network.virtualIp) &&
        [...portsOf(portRange(owner.publicPort))].includes(to.port)
    );
}

/** Whether the ACL of the packet's endpoint or set keeps its client out. */
function isDenied({ endpoints, loadBalancedSets }: BalancerConfiguration, packet: Packet): boolean {
    const found = [...Object.values(endpoints), ...Object.values(loadBalancedSets)].find((one) => owns(one, packet));
    return decision(found?.acl, packet.from.address).action === "deny";
}

describe("a packet", () => {
    test("goes to an eligible member of its own set if the ACL permits, is refused if there is none, and else is the host's", () => {
        fc.assert(
            fc.property(observedConfigurations, traffic, ({ configuration, observations }, traffic) => {
                const plan = compile(configuration, network, observations);
                for (const packet of traffic) {
                    const fate = trace(plan, packet);
                    const allowed = expected(configuration, observations, packet);
                    if (allowed === undefined) expect(fate.kind).toBe("host");
                    else if (isDenied(configuration, packet)) expect(fate.kind).toBe("denied");
                    else if (allowed.length === 0) expect(fate.kind).toBe("refused");
                    else {
                        expect(fate.kind).toBe("sent");
                        if (fate.kind !== "sent") return;
                        expect(allowed).toContain(`${fate.destination.address}:${fate.destination.port}`);
                    }
                }
            }),
            { numRuns: 300 },
        );
    });

    test("of the same client goes to the same member, on every gateway, however the configuration is written", () => {
        const reversed = <T>(map: Record<string, T>) => Object.fromEntries(Object.entries(map).reverse());
        fc.assert(
            fc.property(observedConfigurations, traffic, ({ configuration, observations }, traffic) => {
                const one = compile(configuration, network, observations);
                const other = compile(
                    {
                        endpoints: reversed(configuration.endpoints),
                        loadBalancedSets: reversed(
                            Object.fromEntries(
                                Object.entries(configuration.loadBalancedSets).map(([name, set]) => [
                                    name,
                                    { ...set, members: reversed(set.members) },
                                ]),
                            ),
                        ),
                    },
                    network,
                    new Map([...observations].reverse()),
                );
                for (const packet of traffic) expect(trace(other, packet)).toEqual(trace(one, packet));
            }),
        );
    });

    test("keeps its healthy member whoever else fails, in its own set and in others", () => {
        fc.assert(
            fc.property(
                observedConfigurations,
                traffic,
                fc.infiniteStream(fc.boolean()),
                ({ configuration, observations }, traffic, survives) => {
                    for (const packet of traffic) {
                        const fate = trace(compile(configuration, network, observations), packet);
                        if (fate.kind !== "sent") continue;
                        const later = new Map(
                            [...observations].filter(
                                ([, { status, address }]) =>
                                    (status === "healthy" && address === fate.destination.address) ||
                                    survives.next().value,
                            ),
                        );
                        const member = [...later].find(([, { address }]) => address === fate.destination.address);
                        if (member?.[1].status !== "healthy") continue;
                        expect(trace(compile(configuration, network, later), packet)).toEqual(fate);
                    }
                },
            ),
            { numRuns: 60 },
        );
    });

    test("goes with the others evenly to the members of a set", () => {
        const configuration = balancerConfiguration.parse({
            loadBalancedSets: {
                http: {
                    protocol: "tcp",
                    publicPort: 80,
                    privatePort: 8080,
                    probe: { protocol: "none" },
                    members: Object.fromEntries([0, 1, 2].map((n) => [`web${n}`, { container: `w${n}`, position: n }])),
                },
            },
        });
        const plan = compile(
            configuration,
            network,
            observed({
                "set/http/web0": "healthy 10.80.1.2",
                "set/http/web1": "healthy 10.80.1.3",
                "set/http/web2": "healthy 10.80.1.4",
            }),
        );
        const counts = new Map<string, number>();
        for (let connection = 0; connection < 3000; connection++) {
            const from = { address: addressAt("198.51.100.0/24", connection % 250), port: 32_768 + connection };
            const fate = trace(plan, { protocol: "tcp", from, to: { address: network.virtualIp, port: 80 } });
            if (fate.kind !== "sent") throw new Error(fate.kind);
            counts.set(fate.destination.address, (counts.get(fate.destination.address) ?? 0) + 1);
        }
        expect([...counts.keys()].sort()).toEqual(["10.80.1.2", "10.80.1.3", "10.80.1.4"]);
        // 1,000 each, give or take five standard deviations.
        for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * 26);
    });
});

describe("the tracer's hash", () => {
    test("finds on four times the slots the quarter of the slot that it finds on the fewer", () => {
        fc.assert(
            fc.property(clients, (client) => {
                expect(Math.floor(scaled(hash(client), 240) / 4)).toBe(scaled(hash(client), 60));
            }),
        );
    });
});

describe("a plan's slots", () => {
    test("are its protocol's and port's own in every plan, and never 0, because that mark means none", () => {
        fc.assert(
            fc.property(fc.array(observedConfigurations, { minLength: 2, maxLength: 2 }), (all) => {
                const owners = new Map<number, string>();
                for (const { configuration, observations } of all) {
                    const plan = compile(configuration, network, observations);
                    const own = new Set<number>();
                    for (const { protocol, port, firstSlot, slotCount } of plan.frontends) {
                        expect(slotCount).toBeGreaterThan(0);
                        for (let slot = firstSlot; slot < firstSlot + slotCount; slot++) {
                            expect(owners.get(slot) ?? `${protocol} ${port}`).toBe(`${protocol} ${port}`);
                            owners.set(slot, `${protocol} ${port}`);
                            own.add(slot);
                        }
                    }
                    expect([...slotsIn(plan).keys()].filter((slot) => !own.has(slot))).toEqual([]);
                    expect(Math.min(1, ...own)).toBe(1);
                    expect(Math.max(0, ...own)).toBeLessThan(2 ** 32);
                }
            }),
        );
    });

    test("fit what a protocol and port has, however many members there are", () => {
        const members = Array.from({ length: 1_000 }, (_, position) => [
            `web${position}`,
            { container: `c`, position },
        ]);
        const set = { protocol: "tcp", publicPort: 65535, privatePort: 80, probe: { protocol: "none" } };
        const sets = { low: { ...set, members: Object.fromEntries(members) } };
        const { frontends } = compile(balancerConfiguration.parse({ loadBalancedSets: sets }), network, new Map());
        expect(frontends[0]!.firstSlot).toBe(65535 * 8192);
        expect(frontends[0]!.slotCount).toBeLessThanOrEqual(8192);
    });

    test("lead to every eligible member, or the frontend refuses: none is ever left to miss", () => {
        fc.assert(
            fc.property(observedConfigurations, ({ configuration, observations }) => {
                const plan = compile(configuration, network, observations);
                for (const { name, protocol, address, port } of plan.frontends) {
                    const found = plan.tables.get(name)!;
                    const packet = {
                        protocol,
                        from: { address: "198.51.100.1", port: 1 },
                        to: { address, port },
                    };
                    const eligible = expected(configuration, observations, packet)!;
                    const reached = found.map(
                        (destination) => destination && `${destination.address}:${destination.port}`,
                    );
                    expect(new Set(reached)).toEqual(new Set(eligible.length > 0 ? eligible : [undefined]));
                    expect(plan.refusing.has(name)).toBe(eligible.length === 0);
                }
            }),
        );
    });
});
