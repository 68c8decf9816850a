import { z } from "zod";
import { dockerName, port, protocol, wholeNumber, type Protocol } from "../schema/fields";
import { map, object, refuse } from "../schema/kit";
import { isUnknown } from "../schema/unknown";
import { frontendSettings } from "./frontend";
import { portRange, ports, portsOf, refuseUnequalPorts, type Ports } from "./ports";
import { PROBE_SECRETS, probe } from "../health/probe";
import { differencesInGroups, memberShare, refuseSharesWithoutSource, setShares, type GroupableSet } from "./shares";

/**
 * Where a member's packets go: the machine is named, not addressed, so that a restart which changes its address heals
 * itself. (An address is a name too, of a machine that Docker does not know.)
 */
const machine = { container: dockerName };

export const endpoint = object({
    protocol,
    publicPort: ports,
    privatePort: ports,
    ...frontendSettings,
    ...machine,
}).check(refuseUnequalPorts);
export type Endpoint = z.infer<typeof endpoint>;

export const machineState = z.enum(["running", "stopped"]);

export const member = object({
    ...machine,
    /** What the program wants of the machine: nobody waits until one that is to be stopped is healthy. */
    state: machineState.default("running"),
    /** Its number in its set, kept for life, so that removing another one moves none of its connections. */
    position: wholeNumber(0, 999),
    ...memberShare,
});
export type Member = z.infer<typeof member>;

export const allDown = z.enum(["reject", "allUp"]);

/** What a set is, apart from who is in it. */
export const setSettings = {
    protocol,
    publicPort: ports,
    privatePort: ports,
    /** On the private network's own virtual IP instead of the VIP, for the machines of the cloud service alone. */
    internal: z.boolean().default(false),
    probe,
    allDown: allDown.default("reject"),
    /** Whether a member against which its own traffic speaks is asked at once. */
    passiveDetection: z.boolean().default(true),
    drainSeconds: wholeNumber(0, 3600).default(30),
    ...setShares,
    ...frontendSettings,
};

type SetSettings = z.infer<z.ZodObject<typeof setSettings>>;
/** As a program gives them: what is left out follows from the rest, and contradicts nothing. */
type GivenSettings = Omit<SetSettings, "privatePort" | "probe"> & {
    readonly privatePort?: SetSettings["privatePort"] | undefined;
    readonly probe?: SetSettings["probe"] | undefined;
};

/** What must hold within a set, also before its members have positions. */
export function refuseContradictions<Set extends GivenSettings>(context: z.core.ParsePayload<Set>): void {
    refuseUnequalPorts(context);
    refuseUnaskable(context);
    refuseSharesWithoutSource(context);
}

export const loadBalancedSet = object({ ...setSettings, members: map(member) }).check((context) => {
    refuseContradictions(context);
    const { members } = context.value;
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
function refuseUnaskable<Set extends GivenSettings>(context: z.core.ParsePayload<Set>): void {
    const { protocol, probe } = context.value;
    if (probe === undefined || isUnknown(protocol) || isUnknown(probe) || isUnknown(probe.protocol)) return;
    if (protocol !== "udp" || probe.protocol === "none" || probe.port !== undefined) return;
    const example = `{ protocol: "${probe.protocol}", port: … }`;
    refuse(context, ["probe"], `must name the port to ask, because the set is udp: ${example}`);
}

/** Of the gateway's own private address: no machine has it, so any port is free there but what an operator chose. */
const DEFAULT_METRICS_PORT = 9580;

export const metrics = object({ port: port.default(DEFAULT_METRICS_PORT) });

/** Everything that one gateway serves: what a load balancer applies, whole or not at all. */
export const balancerConfiguration = object({
    endpoints: map(endpoint).default({}),
    loadBalancedSets: map(loadBalancedSet).default({}),
    /** Where metrics are served to the machines; nowhere without it. */
    metrics: metrics.optional(),
}).check((context) => {
    refuseClashes(context);
});
export type BalancerConfiguration = z.infer<typeof balancerConfiguration>;

/** Paths of values that no message repeats. */
export const CONFIGURATION_SECRETS = PROBE_SECRETS.map((field) => `loadBalancedSets.*.probe.${field}`);

export const EMPTY_CONFIGURATION: BalancerConfiguration = { endpoints: {}, loadBalancedSets: {} };

/** What must hold between endpoints and sets, also before members have positions. */
export function refuseClashes(
    context: z.core.ParsePayload<{
        endpoints: Record<string, Owner>;
        loadBalancedSets: Record<string, Owner & GroupableSet>;
    }>,
): void {
    for (const { path, message } of sharedPorts(context.value)) refuse(context, path, message);
    for (const { path, message } of differencesInGroups(context.value.loadBalancedSets)) refuse(context, path, message);
}

interface Owner {
    readonly protocol: Protocol;
    readonly publicPort: Ports;
    readonly internal?: boolean;
}

/** A protocol and port of one address can have one owner. */
function sharedPorts(
    configuration: Record<"endpoints" | "loadBalancedSets", Record<string, Owner>>,
): { path: string[]; message: string }[] {
    const owners = new Map<string, string>();
    const problems: { path: string[]; message: string }[] = [];
    for (const kind of ["endpoints", "loadBalancedSets"] as const) {
        if (isUnknown(configuration[kind])) continue;
        for (const [name, frontend] of Object.entries(configuration[kind])) {
            const { protocol, publicPort, internal = false } = frontend;
            if ([frontend, protocol, publicPort, internal].some(isUnknown)) continue;
            const owner = `${kind === "endpoints" ? "endpoint" : "load-balanced set"} ${name}`;
            const keys = [...portsOf(portRange(publicPort))].map(
                (port) => `${internal ? "internal " : ""}${protocol} ${port}`,
            );
            const taken = keys.find((key) => owners.has(key));
            if (taken !== undefined) {
                const message = `${taken} already belongs to ${owners.get(taken)}`;
                problems.push({ path: [kind, name, "publicPort"], message });
            }
            for (const key of keys) if (!owners.has(key)) owners.set(key, owner);
        }
    }
    return problems;
}
