import { z } from "zod";
import { dockerName, port, protocol, wholeNumber, type Protocol } from "../schema/fields";
import { map, object, refuse } from "../schema/kit";
import { isUnknown } from "../schema/unknown";
import { probe } from "./probe";

/**
 * Where a member's packets go: the machine is named, not addressed, so that a restart which changes its address heals
 * itself. (An address is a name too, of a machine that Docker does not know.)
 */
const machine = { container: dockerName };

export const endpoint = object({
    protocol,
    publicPort: port,
    privatePort: port,
    ...machine,
});
export type Endpoint = z.infer<typeof endpoint>;

export const machineState = z.enum(["running", "stopped"]);

export const member = object({
    ...machine,
    /** What the program wants of the machine: nobody waits until one that is to be stopped is healthy. */
    state: machineState.default("running"),
    /** Its number in its set, kept for life, so that removing another one moves none of its connections. */
    position: wholeNumber(0, 999),
});
export type Member = z.infer<typeof member>;

export const allDown = z.enum(["reject", "allUp"]);

/** What a set is, apart from who is in it. */
export const setSettings = {
    protocol,
    publicPort: port,
    privatePort: port,
    probe,
    allDown: allDown.default("reject"),
    drainSeconds: wholeNumber(0, 3600).default(30),
};

export const loadBalancedSet = object({ ...setSettings, members: map(member) }).check((context) => {
    const { protocol, probe, members } = context.value;
    for (const message of probeProblems(protocol, probe)) refuse(context, ["probe"], message);
    for (const [name, owner] of sharedPositions(members)) {
        refuse(context, ["members", name, "position"], `already belongs to ${owner}`);
    }
});
export type LoadBalancedSet = z.infer<typeof loadBalancedSet>;

/** Members that have the position of an earlier one, with that one's name. */
function sharedPositions(members: Readonly<Record<string, Member>>): [string, string][] {
    if (isUnknown(members)) return [];
    const owners = new Map<number, string>();
    return Object.entries(members).flatMap(([name, member]): [string, string][] => {
        if (isUnknown(member) || isUnknown(member.position)) return [];
        const owner = owners.get(member.position);
        if (owner === undefined) owners.set(member.position, name);
        return owner === undefined ? [] : [[name, owner]];
    });
}

/** A udp set's own port answers no tcp or http probe. */
export function probeProblems(protocol: Protocol, probe: z.infer<typeof setSettings.probe>): string[] {
    if (isUnknown(protocol) || isUnknown(probe) || isUnknown(probe.protocol)) return [];
    if (protocol !== "udp" || probe.protocol === "none" || probe.port !== undefined) return [];
    return [`must name the port to ask, because the set is udp: { protocol: "${probe.protocol}", port: … }`];
}

/** Everything that one gateway serves: what a load balancer applies, whole or not at all. */
export const balancerConfiguration = object({
    endpoints: map(endpoint).default({}),
    loadBalancedSets: map(loadBalancedSet).default({}),
}).check((context) => {
    for (const { path, message } of sharedPorts(context.value)) refuse(context, path, message);
});
export type BalancerConfiguration = z.infer<typeof balancerConfiguration>;

export const EMPTY_CONFIGURATION: BalancerConfiguration = { endpoints: {}, loadBalancedSets: {} };

type Owner = Pick<Endpoint, "protocol" | "publicPort">;

/** A protocol and public port can have one owner. */
export function sharedPorts(
    configuration: Record<keyof BalancerConfiguration, Record<string, Owner>>,
): { path: string[]; message: string }[] {
    const owners = new Map<string, string>();
    const problems: { path: string[]; message: string }[] = [];
    for (const kind of ["endpoints", "loadBalancedSets"] as const) {
        if (isUnknown(configuration[kind])) continue;
        for (const [name, frontend] of Object.entries(configuration[kind])) {
            const { protocol, publicPort } = frontend;
            if (isUnknown(frontend) || isUnknown(protocol) || isUnknown(publicPort)) continue;
            const key = `${protocol} ${publicPort}`;
            const first = owners.get(key);
            if (first)
                problems.push({ path: [kind, name, "publicPort"], message: `${key} already belongs to ${first}` });
            else owners.set(key, `${kind === "endpoints" ? "endpoint" : "load-balanced set"} ${name}`);
        }
    }
    return problems;
}
