import { expect, it } from "vitest";
import { setsOf } from "../../model/balancer/absences";
import { balancerConfiguration } from "../../model/balancer/configuration";
import type { AgentStatus } from "../../model/balancer/control";

type Given = Record<string, { status: string; reason?: string } & Record<string, unknown>>;

/** A set with a member for each of these, and what its agent says of them. */
function setWith(given: Given) {
    const members = Object.entries(given).map(([name, { status: _, reason: __, ...share }], position) => [
        name,
        { container: `c-${name}`, position, ...share },
    ]);
    const set = {
        protocol: "tcp",
        publicPort: 80,
        privatePort: 8080,
        probe: { protocol: "none" },
        members: Object.fromEntries(members),
    };
    const configuration = balancerConfiguration.parse({ loadBalancedSets: { http: set } });
    const seen = Object.entries(given).map(([name, { status, reason = "" }]) => [name, { status, reason }]);
    const status = { loadBalancedSets: { http: { members: Object.fromEntries(seen) } } } as unknown as AgentStatus;
    return setsOf("c-web1", configuration, status);
}

const healthy = { status: "healthy" };
const stopping = { status: "stopped", reason: "stopping" };

it.each<[string, Given, { size: number; own?: string; absent?: Record<string, string> }]>([
    ["all are there", { web1: healthy, web2: healthy }, { size: 2 }],
    ["another is about to stop", { web1: healthy, web2: stopping }, { size: 2, absent: { web2: "stopping" } }],
    [
        "another waits because it flaps",
        { web1: healthy, web2: { status: "flapping" } },
        { size: 2, absent: { web2: "flapping" } },
    ],
    [
        "it is away itself",
        { web1: { status: "unhealthy", reason: "refused" }, web2: healthy },
        { size: 2, own: "refused" },
    ],
    ["another is meant to be stopped", { web1: healthy, web2: { ...stopping, state: "stopped" } }, { size: 1 }],
    ["another has no weight", { web1: healthy, web2: { ...stopping, weight: 0 } }, { size: 1 }],
    ["another is down by order", { web1: healthy, web2: { ...stopping, adminState: "down" } }, { size: 1 }],
    [
        "another is up by order, whatever its probe says",
        { web1: healthy, web2: { status: "unhealthy", adminState: "up" }, web3: { ...stopping, adminState: "up" } },
        { size: 3, absent: { web3: "stopping" } },
    ],
])(
    "given a machine of a set, when %s, then that is who its set does without",
    (_, given, { size, own, absent = {} }) => {
        const [set, ...others] = setWith(given);
        expect(others).toEqual([]);
        expect(set!.size).toBe(size);
        expect(set!.own?.reason).toBe(own);
        expect(Object.fromEntries(set!.absent.map(({ name, reason }) => [name, reason]))).toEqual(absent);
    },
);

it.each<[string, Given]>([
    ["has no weight", { web1: { ...healthy, weight: 0 }, web2: healthy }],
    ["is meant to be stopped", { web1: { ...healthy, state: "stopped" }, web2: healthy }],
    ["is not in it", { web2: healthy }],
])("given a machine that %s, then no set would miss it", (_, given) => expect(setWith(given)).toEqual([]));
