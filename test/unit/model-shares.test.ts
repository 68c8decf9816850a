import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../model/balancer/compile";
import { balancerConfiguration } from "../../model/balancer/configuration";
import { UNKNOWN } from "../../model/schema/unknown";
import { network, observed, slotsIn } from "./support/configurations";
import { problems } from "./support/problems";
import { trace } from "./support/tracer";

const NAMES = ["web1", "web2", "web3"];
const ADDRESSES: Record<string, string> = { web1: "10.80.1.1", web2: "10.80.1.2", web3: "10.80.1.3" };
const base = { protocol: "tcp", publicPort: 80, privatePort: 8080, probe: { protocol: "none" } };

/** Three members, each with settings of its own. */
function members(settings: Record<string, object> = {}, firstPosition = 0) {
    return Object.fromEntries(
        NAMES.map((name, index) => [
            name,
            { container: `${name}-1`, position: firstPosition + index, ...settings[name] },
        ]),
    );
}

function health(set: string, statuses: readonly string[]): Record<string, string> {
    return Object.fromEntries(
        NAMES.map((name, index) => {
            const status = statuses[index]!;
            return [`set/${set}/${name}`, status === "stopped" ? status : `${status} ${ADDRESSES[name]}`];
        }),
    );
}

function planOf(sets: Record<string, object>, statuses: Record<string, readonly string[]>) {
    const observations = Object.entries(statuses).flatMap(([set, list]) => Object.entries(health(set, list)));
    return compile(
        balancerConfiguration.parse({ loadBalancedSets: sets }),
        network,
        observed(Object.fromEntries(observations)),
    );
}

/** Slots of each member of the set `http`. */
function slots(settings: object, shares: Record<string, object>, statuses: readonly string[]): number[] {
    const plan = planOf({ http: { ...base, ...settings, members: members(shares) } }, { http: statuses });
    return NAMES.map((name) => [...slotsIn(plan).values()].filter(({ address }) => address === ADDRESSES[name]).length);
}

const [H, U] = ["healthy", "unhealthy"] as const;
const backup = { web3: { priority: 2 } };

describe("who receives new connections", () => {
    test.each<[string, object, Record<string, object>, string[], number[]]>([
        ["all by weight", {}, { web1: { weight: 3 }, web2: { weight: 2 } }, [H, H, H], [30, 20, 10]],
        ["nobody of weight 0", {}, { web1: { weight: 0 } }, [H, H, H], [0, 30, 30]],
        ["nobody of weight 0, also where no other can", {}, { web1: { weight: 0 } }, [H, U, U], [0, 0, 0]],
        ["nobody who is admin down", {}, { web1: { adminState: "down" } }, [H, H, H], [0, 30, 30]],
        ["whoever is admin up, healthy or not", {}, { web1: { adminState: "up" } }, [U, H, U], [30, 30, 0]],
        ["nobody who is admin up but stopped", {}, { web1: { adminState: "up" } }, ["stopped", H, U], [0, 60, 0]],
        ["no backup while anybody else can", {}, backup, [U, H, H], [0, 60, 0]],
        ["those that are not backups evenly", {}, backup, [H, H, H], [30, 30, 0]],
        ["the backup where nobody else can", {}, backup, [U, U, H], [0, 0, 60]],
        ["a healthy backup before others that flap", {}, backup, ["flapping", U, H], [0, 0, 60]],
        ["whoever flaps where nobody else answers", {}, backup, [U, "flapping", "flapping"], [0, 60, 0]],
        ["with allUp all that run, without backups", { allDown: "allUp" }, backup, [U, U, U], [30, 30, 0]],
        ["with allUp a backup that alone runs", { allDown: "allUp" }, backup, ["stopped", "stopped", U], [0, 0, 60]],
        [
            "with allUp nobody of weight 0 or admin down",
            { allDown: "allUp" },
            { web1: { weight: 0 }, web2: { adminState: "down" } },
            [U, U, U],
            [0, 0, 60],
        ],
    ])("is %s", (_, settings, shares, statuses, expected) => {
        expect(slots(settings, shares, statuses)).toEqual(expected);
    });
});

describe("a set's connections", () => {
    const connections = (settings: object, shares: Record<string, object>, statuses: readonly string[]) => {
        const plan = planOf({ http: { ...base, ...settings, members: members(shares) } }, { http: statuses });
        const addresses = (map: typeof plan.keeping) => map.get("set/http")?.map(({ address }) => address) ?? [];
        return { keeping: addresses(plan.keeping), resetting: addresses(plan.resetting) };
    };
    const [web1, web2] = ["10.80.1.1", "10.80.1.2"];

    test("stay with members of weight 0, while they are up", () => {
        const shares = { web1: { weight: 0 }, web2: { weight: 0 }, web3: { weight: 0, adminState: "down" } };
        expect(connections({}, shares, [H, U, H]).keeping).toEqual([web1]);
    });

    test.each<[string, object, Record<string, object>, string[], string[]]>([
        ["of whoever is unhealthy", {}, {}, [H, U, H], [web2]],
        ["of nobody who is taken out", {}, { web2: { adminState: "down" } }, [H, U, H], []],
        ["of one of weight 0 too, once it is down", {}, { web2: { weight: 0 } }, [H, U, H], [web2]],
        ["of nobody who serves all the same", {}, { web2: { adminState: "up" } }, [H, U, H], []],
        ["of nobody whom its probe is not to judge", {}, { web2: { adminState: "up", weight: 0 } }, [H, U, H], []],
        ["of no backup whom its probe is not to judge", {}, { web2: { adminState: "up", priority: 2 } }, [H, U, H], []],
        ["of nobody, where all are asked to serve", { allDown: "allUp" }, {}, [U, U, U], []],
        ["of nobody over udp", { protocol: "udp" }, {}, [H, U, H], []],
        ["of nobody, unless the set says so", { resetOnDown: false }, {}, [H, U, H], []],
    ])("are reset %s", (_, settings, shares, statuses, expected) => {
        expect(connections({ resetOnDown: true, ...settings }, shares, statuses).resetting).toEqual(expected);
    });

    test("are reset at the address where a machine ran that stopped, unless another has it now", () => {
        const set = { ...base, resetOnDown: true, members: members() };
        const configuration = balancerConfiguration.parse({ loadBalancedSets: { http: set } });
        const resetting = (address: string) =>
            compile(
                configuration,
                network,
                new Map([
                    ...observed(health("http", [H, "stopped", H])),
                    ["set/http/web2", { status: "stopped", lastAddress: address }],
                ]),
            ).resetting.get("set/http");
        expect(resetting("10.80.1.2")).toEqual([{ address: "10.80.1.2", port: 8080 }]);
        expect(resetting("10.80.1.3")).toBeUndefined();
    });
});

describe("an affinity group", () => {
    const grouped = { distribution: "sourceIP", affinityGroup: "session" };
    const http = { ...base, ...grouped, members: members() };
    // Other positions: those of the first set count.
    const https = { ...base, ...grouped, publicPort: 443, privatePort: 8443, members: members({}, 5) };
    const statuses = fc.array(fc.constantFrom("healthy", "unhealthy"), { minLength: 3, maxLength: 3 });

    test("sends a client to one member in all its sets, which is healthy in all, while there is any", () => {
        fc.assert(
            fc.property(statuses, statuses, fc.ipV4(), (ofHttp, ofHttps, address) => {
                const plan = planOf({ http, https }, { http: ofHttp, https: ofHttps });
                const fates = [80, 443].map((port) =>
                    trace(plan, {
                        protocol: "tcp",
                        from: { address, port: 1000 + port },
                        to: { address: network.virtualIp, port },
                    }),
                );
                const inBoth = NAMES.filter((_, index) => ofHttp[index] === H && ofHttps[index] === H);
                if (inBoth.length === 0) {
                    expect(fates.map(({ kind }) => kind === "sent")).toEqual([ofHttp.includes(H), ofHttps.includes(H)]);
                    return;
                }
                const reached = fates.map((fate) => fate.kind === "sent" && fate.destination.address);
                expect(reached[0]).toBe(reached[1]);
                expect(inBoth.map((name) => ADDRESSES[name])).toContain(reached[0]);
            }),
        );
    });

    const { web3: _, ...two } = members();
    test.each<[object, string[]]>([
        [{ distribution: "sourceIPProtocol" }, ['distribution: must be "sourceIP"']],
        [{ sourcePrefixLength: 24 }, ["sourcePrefixLength: must be left out"]],
        [{ members: members({ web2: { weight: 2 } }) }, ["members.web2.weight: must be 1"]],
        [{ members: members({ web2: { priority: 2 } }) }, ["members.web2.priority: must be 1"]],
        [{ members: members({ web2: { adminState: "up" } }) }, ['members.web2.adminState: must be "auto"']],
        [{ members: members({ web2: { container: "x" } }) }, ['members.web2.container: must be "web2-1"']],
        [{ members: two }, ['members: must have "web3"']],
        [{ members: { ...members(), web9: { container: "x", position: 9 } } }, ["members.web9: must be left out"]],
    ])("refuses a set that shares otherwise: %j", (change, expected) => {
        const found = problems(balancerConfiguration, { loadBalancedSets: { http, https: { ...https, ...change } } });
        expect(found).toEqual(
            expected.map((text) =>
                expect.stringContaining(
                    `loadBalancedSets.https.${text} as in set http, which is of affinity group session too`,
                ),
            ),
        );
    });

    test.each([
        { affinityGroup: UNKNOWN },
        { distribution: UNKNOWN },
        { sourcePrefixLength: UNKNOWN },
        { members: UNKNOWN },
        { members: { ...members(), web2: UNKNOWN } },
        { members: members({ web2: { weight: UNKNOWN, container: UNKNOWN } }) },
        { affinityGroup: "other", members: two },
    ])("takes a set of which it cannot tell, or of another group: %j", (change) => {
        expect(problems(balancerConfiguration, { loadBalancedSets: { http, https: { ...https, ...change } } })).toEqual(
            [],
        );
    });
});
