import { createHash } from "node:crypto";
import { memberKey } from "../../../model/balancer/observation";
import { setSettings, type BalancerConfiguration, type LoadBalancedSet } from "../../../model/balancer/configuration";
import { remembered, type Memory } from "../../../model/balancer/memory";
import { probeQuestion, type Probe } from "../../../model/health/probe";
import { portRange, type PortRange } from "../../../model/balancer/ports";
import { takesNew } from "../../../model/balancer/receivers";
import { memberShare, type MemberShare } from "../../../model/balancer/shares";
import type { Protocol } from "../../../model/schema/fields";
import { object } from "../../../model/schema/kit";

/** One machine's part in an endpoint or a set, with everything that concerns the machine itself. */
export interface Member {
    readonly key: string;
    /** `endpoint/ssh` or `set/http`. */
    readonly frontend: string;
    /** What the program calls the machine; endpoints know it by its container only. */
    readonly name: string;
    /** `web3 in set http` or `endpoint ssh`. */
    readonly label: string;
    readonly container: string;
    readonly state: "running" | "stopped";
    readonly protocol: Protocol;
    readonly privatePorts: PortRange;
    readonly probe: Probe;
    readonly passiveDetection: boolean;
    readonly drainSeconds: number;
    readonly share: MemberShare;
}

/** An endpoint has no settings of its own for these. */
const ENDPOINT_DRAIN_SECONDS = setSettings.drainSeconds.parse(undefined);
const WHOLE_SHARE = object(memberShare).parse({});

export function membersOf(configuration: BalancerConfiguration): Member[] {
    const ofEndpoints = Object.entries(configuration.endpoints).map(([name, endpoint]) => ({
        key: memberKey("endpoint", name),
        frontend: `endpoint/${name}`,
        name: endpoint.container,
        label: `endpoint ${name}`,
        container: endpoint.container,
        state: "running" as const,
        protocol: endpoint.protocol,
        privatePorts: portRange(endpoint.privatePort),
        probe: { protocol: "none" as const },
        passiveDetection: false,
        drainSeconds: ENDPOINT_DRAIN_SECONDS,
        share: WHOLE_SHARE,
    }));
    const ofSets = Object.entries(configuration.loadBalancedSets).flatMap(([name, set]) =>
        remembered(membersOfSets, set, [name], () => membersOfSet(name, set)),
    );
    return [...ofEndpoints, ...ofSets];
}

/** Of a set that a new configuration has just so, the same ones. */
const membersOfSets: Memory<readonly Member[]> = new WeakMap();

function membersOfSet(set: string, settings: LoadBalancedSet): Member[] {
    return Object.entries(settings.members).map(([name, { container, state, weight, adminState, priority }]) => ({
        key: memberKey("set", set, name),
        frontend: `set/${set}`,
        name,
        label: `${name} in set ${set}`,
        container,
        state,
        protocol: settings.protocol,
        privatePorts: portRange(settings.privatePort),
        probe: settings.probe,
        passiveDetection: settings.passiveDetection,
        drainSeconds: settings.drainSeconds,
        share: { weight, adminState, priority },
    }));
}

/** Whether its probe decides if it receives connections. */
export function followsProbe({ share }: Member): boolean {
    return takesNew(share) && share.adminState === "auto";
}

/** What of a member's share is not as it is without settings. */
export function unusual({ weight, adminState, priority }: MemberShare): Partial<MemberShare> {
    return {
        ...(weight !== WHOLE_SHARE.weight && { weight }),
        ...(adminState !== WHOLE_SHARE.adminState && { adminState }),
        ...(priority !== WHOLE_SHARE.priority && { priority }),
    };
}

/**
 * Two members of one identity are asked the same by their probes, so the health of one is that of the other. Identities
 * are stored and logged, so they tell of a probe's secrets only that they are the same.
 */
export function identity(member: Member): string {
    const { target, details } = probeQuestion(member.probe, member.privatePorts.first);
    const digest = details === undefined ? [] : [createHash("sha256").update(details).digest("hex").slice(0, 16)];
    return [member.key, member.container, target, ...digest].join(" ");
}
