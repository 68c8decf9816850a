import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementChanges, isEmptyChange, sameRules, silenced, type ElementChanges } from "../../model/balancer/changes";
import { compile } from "../../model/balancer/compile";
import { balancerConfiguration } from "../../model/balancer/configuration";
import type { Plan } from "../../model/balancer/plan";
import { configurations, network, observationsOf, observed, slotsIn, twoStates } from "./support/configurations";

/** As strict as the engine: it deletes only what is there, and adds only what is not. */
function applied(plan: Plan, changes: ElementChanges): object {
    const must = (done: boolean, what: string) => {
        if (!done) throw new Error(what);
    };
    const slots = slotsIn(plan);
    for (const slot of changes.slotsToClear) must(slots.delete(slot), `slot ${slot} is cleared but was not there`);
    for (const [slot, destination] of changes.slotsToSet) {
        must(!slots.has(slot), `slot ${slot} is set but was not cleared`);
        slots.set(slot, destination);
    }
    const refusing = new Set(plan.refusing);
    for (const name of changes.toAccept) must(refusing.delete(name), `${name} accepts but did not refuse`);
    for (const name of changes.toRefuse) {
        must(!refusing.has(name), `${name} refuses but did already`);
        refusing.add(name);
    }
    const forgiving = new Set(plan.forgiving);
    for (const name of changes.toPassOn) must(forgiving.delete(name), `${name} passes on but did already`);
    for (const name of changes.toForgive) {
        must(!forgiving.has(name), `${name} forgives but did already`);
        forgiving.add(name);
    }
    return elementsIn({ ...plan, refusing, forgiving }, slots);
}

/** What of a plan is in the kernel as elements of maps. */
function elementsIn(plan: Plan, slots = slotsIn(plan)) {
    const { network, frontends, refusing, forgiving, countsPackets } = plan;
    return {
        network,
        countsPackets,
        frontends,
        refusing,
        forgiving,
        slots: new Map([...slots].sort(([a], [b]) => a - b)),
    };
}

function silencedAfter(from: Plan, { toHear, toSilence }: ElementChanges): string[] {
    const keys = new Set(silenced(from).keys());
    for (const { address, port } of toHear) keys.delete(`${address}:${port}`);
    for (const { address, port } of toSilence) keys.add(`${address}:${port}`);
    return [...keys].sort();
}

const members = (count: number) =>
    Object.fromEntries(
        Array.from({ length: count }, (_, position) => [`web${position}`, { container: `web${position}-1`, position }]),
    );
const http = {
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
    probe: { protocol: "http" },
    members: members(3),
};
const ssh = { protocol: "tcp", publicPort: 2201, privatePort: 22, container: "web0-1" };
const healthy = observed({
    "endpoint/ssh": "healthy 10.80.1.2",
    "set/http/web0": "healthy 10.80.1.2",
    "set/http/web1": "healthy 10.80.1.3",
    "set/http/web2": "healthy 10.80.1.4",
});
const base = { endpoints: { ssh }, loadBalancedSets: { http } };
const plan = (configuration: object, observations = healthy, on = network) =>
    compile(balancerConfiguration.parse(configuration), on, observations);

test("a configuration that was only read again changes nothing, also with an ACL", () => {
    const acl = { 1: { action: "deny", remoteSubnet: "10.0.0.0/8" } };
    const read = () => plan({ endpoints: { ssh: { ...ssh, acl } } });
    const changes = elementChanges(read(), read());
    expect(changes && isEmptyChange(changes)).toBe(true);
    expect(sameRules(read(), plan({ endpoints: { ssh } }))).toBe(false);
});

describe("a change of health", () => {
    test("never needs a rule, and its elements turn the old plan into the new one", () => {
        fc.assert(
            fc.property(twoStates, ({ configuration, before, after }) => {
                const from = compile(configuration, network, before);
                const to = compile(configuration, network, after);
                const changes = elementChanges(from, to);
                expect(changes).toBeDefined();
                expect(applied(from, changes!)).toEqual(elementsIn(to));
                expect(silencedAfter(from, changes!)).toEqual([...silenced(to).keys()].sort());
            }),
            { numRuns: 200 },
        );
    });

    test("that changes nothing is empty, and an empty one changes nothing", () => {
        fc.assert(
            fc.property(twoStates, ({ configuration, before, after }) => {
                const from = compile(configuration, network, before);
                const to = compile(configuration, network, after);
                expect(isEmptyChange(elementChanges(from, from)!)).toBe(true);
                const same =
                    silencedAfter(from, elementChanges(from, to)!).join() ===
                        [...silenced(from).keys()].sort().join() &&
                    from.frontends.every(
                        ({ name }) =>
                            from.refusing.has(name) === to.refusing.has(name) &&
                            from.forgiving.has(name) === to.forgiving.has(name) &&
                            JSON.stringify(from.tables.get(name)) === JSON.stringify(to.tables.get(name)),
                    );
                expect(isEmptyChange(elementChanges(from, to)!)).toBe(same);
            }),
        );
    });

    test("of one member touches its own slots only", () => {
        const from = plan(base);
        const to = plan(base, new Map([...healthy, ["set/http/web1", { status: "unhealthy", address: "10.80.1.3" }]]));
        const changes = elementChanges(from, to)!;
        const own = [...slotsIn(from)].filter(([, { address }]) => address === "10.80.1.3").map(([slot]) => slot);
        expect(own).toHaveLength(20);
        expect([...changes.slotsToClear].sort((a, b) => a - b)).toEqual(own);
        expect([...changes.slotsToSet.keys()].sort((a, b) => a - b)).toEqual(own);
        expect(changes.toRefuse).toEqual([]);
        expect(changes.toAccept).toEqual([]);
    });

    test("of the last healthy one refuses, and the first one back accepts", () => {
        const nobody = plan({ loadBalancedSets: { http } }, new Map());
        const somebody = plan({ loadBalancedSets: { http } }, observed({ "set/http/web1": "healthy 10.80.1.3" }));
        expect(elementChanges(somebody, nobody)).toMatchObject({ toRefuse: ["set/http"], toAccept: [] });
        expect(elementChanges(nobody, somebody)).toMatchObject({ toRefuse: [], toAccept: ["set/http"] });
        expect(elementChanges(nobody, somebody)!.slotsToSet.size).toBe(60);
    });

    test("of an address sets the slots anew", () => {
        const moved = new Map([...healthy, ["set/http/web1", { status: "healthy" as const, address: "10.80.1.9" }]]);
        const changes = elementChanges(plan(base), plan(base, moved))!;
        expect(changes.slotsToClear).toHaveLength(20);
        expect(new Set([...changes.slotsToSet.values()].map(({ address }) => address))).toEqual(new Set(["10.80.1.9"]));
    });
});

describe("a change of configuration", () => {
    const withHttp = (change: object) => ({ ...base, loadBalancedSets: { http: { ...http, ...change } } });

    test.each([
        ["a probe's interval", withHttp({ probe: { protocol: "http", intervalSeconds: 1 } })],
        ["a probe's protocol", withHttp({ probe: { protocol: "tcp" } })],
        ["allDown", withHttp({ allDown: "allUp" })],
        ["the drain time", withHttp({ drainSeconds: 0 })],
        ["an endpoint's machine", { ...base, endpoints: { ssh: { ...ssh, container: "web1-1" } } }],
        ["a replaced machine", withHttp({ members: { ...http.members, web1: { container: "web1-2", position: 1 } } })],
        ["one machine less", withHttp({ members: members(2) })],
        ["one machine more, on as many slots", withHttp({ members: members(6) })],
    ])("of %s changes elements at most", (_, changed) => {
        const [from, to] = [plan(base), plan(changed)];
        expect(sameRules(from, to)).toBe(true);
        expect(applied(from, elementChanges(from, to)!)).toEqual(elementsIn(to));
    });

    test.each([
        ["a set's private port", withHttp({ privatePort: 9090 })],
        ["an endpoint's private port", { ...base, endpoints: { ssh: { ...ssh, privatePort: 2222 } } }],
        ["a set's public port", withHttp({ publicPort: 81 })],
        ["a set's protocol", withHttp({ protocol: "udp", probe: { protocol: "none" } })],
        ["an endpoint's public port", { ...base, endpoints: { ssh: { ...ssh, publicPort: 22 } } }],
        ["a set's name", { ...base, loadBalancedSets: { web: http } }],
        ["a new endpoint", { ...base, endpoints: { ssh, other: { ...ssh, publicPort: 2202 } } }],
        ["an endpoint less", { ...base, endpoints: {} }],
        ["so many machines that a set needs more slots", withHttp({ members: members(7) })],
    ])("of %s changes rules", (_, changed) => {
        expect(sameRules(plan(base), plan(changed))).toBe(false);
        expect(elementChanges(plan(base), plan(changed))).toBeUndefined();
    });

    test("of the gateway's network changes rules", () => {
        const moved = { ...network, virtualIp: "10.224.7.47" };
        expect(sameRules(plan(base), plan(base, healthy, moved))).toBe(false);
    });

    test("needs no rule exactly when the same frontends have the same slots", () => {
        const plans = configurations.chain((configuration) =>
            observationsOf(configuration).map((observations) => compile(configuration, network, observations)),
        );
        fc.assert(
            fc.property(plans, plans, (from, to) => {
                const frontends = ({ frontends }: Plan) =>
                    frontends.map(({ name, protocol, port, privatePort, firstSlot, slotCount }) =>
                        [name, protocol, port, privatePort, firstSlot, slotCount].join(" "),
                    );
                const same = frontends(from).join("\n") === frontends(to).join("\n");
                expect(sameRules(from, to)).toBe(same);
                const changes = elementChanges(from, to);
                expect(changes !== undefined).toBe(same);
                if (changes) expect(applied(from, changes)).toEqual(elementsIn(to));
            }),
        );
    });
});
