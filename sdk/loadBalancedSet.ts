import * as pulumi from "@pulumi/pulumi";
import { ACCESS_PROPERTIES, accessInputs, accessProblems, type AccessArgs } from "./access";
import { brand, isKind, type LoadBalancedSetSettings, type MemberShare } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { memberOf, problemsOfMembers, type Member } from "./internal/members";
import { problemsOfArguments, refuse, type Problem, type Properties } from "./internal/problems";
import { allRegistered, registered } from "./internal/registered";
import { withSecretKey } from "./internal/secretKey";
import type { MemberArgs } from "./member";
import type { ProbeArgs } from "./probe";
import type { VirtualMachine } from "./virtualMachine";

/** What a `LoadBalancedSet` shares between which virtual machines. */
export interface LoadBalancedSetArgs extends AccessArgs {
    /** `"tcp"` or `"udp"`. A change takes effect in place. */
    protocol: pulumi.Input<"tcp" | "udp">;

    /**
     * Port on the VIP, 1 to 65535, or a range of ports. In a cloud service, a protocol and public port have one owner.
     * A client that connects from one of its own ports to several ports of a range meets the same machine on all of
     * them; with another port of its own it may meet another. A change takes effect in place.
     *
     * @example "5000-5010"
     */
    publicPort: pulumi.Input<number | string>;

    /**
     * Port on every virtual machine of the set, 1 to 65535; for a range of public ports, a range of as many, the first
     * of which is reached by the first, and so on. The probe asks the first unless it names a port. A change takes
     * effect in place.
     *
     * @default the public port or ports
     */
    privatePort?: pulumi.Input<number | string>;

    /**
     * Whether the set is for the cloud service's own virtual machines only: its public port is then one of
     * `cloudService.internalVirtualIp`, a private address that nobody else reaches, instead of the VIP. As in any
     * internal balancer whose clients and servers share a network, a machine that serves sees the gateway's address
     * instead of the client's. A change takes effect in place.
     *
     * @default false
     */
    internal?: pulumi.Input<boolean>;

    /**
     * The virtual machines that share the connections, at least one, all of the same cloud service. One that is to have
     * more or less than an equal part is named with its `weight`, `adminState` or `priority`.
     *
     * A change takes effect in place: a new machine receives connections once it is healthy, and one that leaves takes
     * only its own share with it.
     *
     * @example [web1, web2, { virtualMachine: canary, weight: 0 }]
     */
    virtualMachines: (VirtualMachine | MemberArgs)[];

    /**
     * The check that decides which machines receive new connections.
     *
     * @default `{ protocol: "tcp" }` for a tcp set, `{ protocol: "none" }` for a udp set
     * @example { protocol: "http", path: "/healthz", intervalSeconds: 5 }
     */
    probe?: pulumi.Input<ProbeArgs>;

    /**
     * What happens to new connections while no machine is healthy: `"reject"` refuses them at once (RST or ICMP),
     * `"allUp"` spreads them over all machines that run, of those with the lowest `priority` number; never over one of
     * weight 0 or whose admin state is `"down"`. Established TCP connections stay in both cases. A change takes effect
     * in place.
     *
     * @default "reject"
     */
    allDown?: pulumi.Input<"reject" | "allUp">;

    /**
     * Whether a machine is asked at once when its own traffic speaks against it, however long the probe's interval is:
     * a new connection that it refused, or three in a row that it left without an answer (SYN-ACK) for a fifth of a
     * second. If a handshake with the probe's port then fails too (within 0.25 s), the machine receives no new
     * connections until its probe succeeds again; the status says both. So a machine under traffic is out in well under
     * a second after it dies.
     *
     * Of the machines of a set that would receive, half (rounded down) can be out for this reason at a time, so that
     * nobody can take a whole set away by making connections fail; further ones wait for their probe. While one more can
     * be, clients do not learn that a machine refused them (RST in answer to the SYN): their kernel tries again after a
     * second (RFC 6298, 2.1) and reaches another one. They learn it at once where the probe asks another port, the set
     * has a `maxConnectionRatePerSource`, or the machine that refused them takes the handshake.
     *
     * Concerns tcp sets
     * with a probe, and of their machines those whose `adminState` is `auto`. A change takes effect in place.
     *
     * @default true
     */
    passiveDetection?: pulumi.Input<boolean>;

    /**
     * Seconds, 0 to 3600, that a machine which leaves the set (as a replaced one does) keeps its established
     * connections before its removal; less when they end sooner. A change takes effect in place.
     *
     * @default 30
     */
    drainSeconds?: pulumi.Input<number>;

    /**
     * What decides which machine a new connection goes to, as in Azure (LoadBalancerDistribution):
     * - `"fiveTuple"`: the client's address and port; each connection falls on any machine
     * - `"sourceIP"`: the client's address; all connections of a client go to the same machine
     * - `"sourceIPProtocol"`: the same, but tcp and udp each have a machine of their own
     *
     * With the latter two a client keeps its machine when others fail or come back. Clients that reach the VIP through
     * one address (a NAT, a proxy, a published port of the Docker host) count as one. A change takes effect in place,
     * for new connections.
     *
     * @default "fiveTuple"
     */
    distribution?: pulumi.Input<"fiveTuple" | "sourceIP" | "sourceIPProtocol">;

    /**
     * Clients whose addresses agree in so many leading bits, 1 to 32, count as one. Only with `distribution`
     * `"sourceIP"` or `"sourceIPProtocol"`. A change takes effect in place, for new connections.
     *
     * @default 32, each address by itself
     * @example 24
     */
    sourcePrefixLength?: pulumi.Input<number>;

    /**
     * Sets of one name send a client to the same machine: http and https of one session, or control and data of one
     * protocol. Only with `distribution` `"sourceIP"`, or with `"sourceIPProtocol"` among sets of one protocol.
     *
     * All sets of a group, in one load balancer, must have the same machines with the same weights, priorities and admin
     * states, the same distribution and the same prefix. A machine receives connections of any of them only while it is
     * healthy in all; where none is, each set goes by its own probe. A change takes effect in place, for new connections.
     *
     * @default none
     * @example "session"
     */
    affinityGroup?: pulumi.Input<string>;

    /**
     * Whether the established TCP connections of a machine are reset when its probe fails or it stops, so that clients
     * connect anew at once instead of waiting for an answer: at the next packet of either side. By default they stay, as
     * in Azure. A machine of weight 0, or taken out by its admin state, keeps its connections. UDP flows always move. A
     * change takes effect in place.
     *
     * @default false
     */
    resetOnDown?: pulumi.Input<boolean>;
}

/**
 * A protocol and port (or range of ports) of a cloud service's VIP that several virtual machines share. Each new
 * connection goes to one of the healthy ones, with equal probability or by weight; all packets of a connection go to the
 * same machine.
 *
 * A set declares: it takes effect through the `LoadBalancer` that lists it. The machines see the client's own address,
 * except for clients on the public network itself (the Docker host is one) and for machines of the same cloud service,
 * which they see as the gateway.
 *
 * @example
 * ```ts
 * const http = new switchyard.LoadBalancedSet("http", {
 *     protocol: "tcp",
 *     publicPort: 80,
 *     privatePort: 8080,
 *     virtualMachines: web,
 *     probe: { protocol: "http", path: "/healthz" },
 * });
 * ```
 */
export class LoadBalancedSet extends pulumi.CustomResource {
    /** `"tcp"` or `"udp"`. */
    declare readonly protocol: pulumi.Output<"tcp" | "udp">;
    /** Port on the VIP or, of an internal set, on the internal virtual IP; a text such as `"5000-5010"` for a range. */
    declare readonly publicPort: pulumi.Output<number | string>;
    /** Port on the virtual machines, or as many ports as are public. */
    declare readonly privatePort: pulumi.Output<number | string>;
    /** Whether only the cloud service's own machines reach it. */
    declare readonly internal: pulumi.Output<boolean>;
    /** The probe, with its defaults. */
    declare readonly probe: pulumi.Output<pulumi.Unwrap<ProbeArgs>>;

    /**
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: LoadBalancedSetArgs, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("LoadBalancedSet");
        refuse(problemsOfArguments(args, PROPERTIES, problemsOf), type, name, options);
        const members = args.virtualMachines.map(memberOf);
        const byName = <T>(value: (member: Member) => T) =>
            Object.fromEntries(members.map((member) => [member.facts.name, value(member)]));
        const inputs = {
            privatePort: undefined,
            internal: undefined,
            probe: undefined,
            allDown: undefined,
            passiveDetection: undefined,
            drainSeconds: undefined,
            distribution: undefined,
            sourcePrefixLength: undefined,
            affinityGroup: undefined,
            resetOnDown: undefined,
            ...args,
            ...(args.probe === undefined ? {} : { probe: withSecretKey(args.probe) }),
            ...accessInputs(args),
            virtualMachines: byName(({ facts, share }) => ({ container: facts.machine.container, ...share })),
        };
        super(type, name, properties("LoadBalancedSet", name, inputs, [], options), options);
        const {
            protocol,
            publicPort,
            privatePort,
            internal,
            probe,
            allDown,
            passiveDetection,
            drainSeconds,
            distribution,
            resetOnDown,
        } = this as unknown as LoadBalancedSetSettings;
        // What has no default.
        const { sourcePrefixLength, affinityGroup } = args;
        brand(this, "LoadBalancedSet", {
            name,
            cloudService: members[0]!.facts.cloudService,
            settings: {
                ...{ protocol, publicPort, privatePort, internal, probe, allDown, passiveDetection, drainSeconds },
                ...{ distribution, resetOnDown },
                ...allRegistered(this, { sourcePrefixLength, affinityGroup, ...accessInputs(args) }),
            },
            machines: byName(({ facts, share }) => ({
                ...facts.machine,
                ...shareOf(this, facts.name, share, inputs.virtualMachines),
            })),
        });
    }

    /** Whether the value is a load-balanced set, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is LoadBalancedSet {
        return isKind(value, "LoadBalancedSet");
    }
}

const PROPERTIES: Properties<LoadBalancedSetArgs> = {
    virtualMachines: true,
    protocol: true,
    publicPort: true,
    privatePort: true,
    internal: true,
    probe: true,
    allDown: true,
    passiveDetection: true,
    drainSeconds: true,
    distribution: true,
    sourcePrefixLength: true,
    affinityGroup: true,
    resetOnDown: true,
    ...ACCESS_PROPERTIES,
};

function problemsOf(args: LoadBalancedSetArgs): Problem[] {
    return [...problemsOfMembers(args.virtualMachines), ...accessProblems(args)];
}

/** By the machines' names. */
type Shares = Record<string, Record<string, unknown> | undefined>;

function shareOf(
    set: LoadBalancedSet,
    machine: string,
    { weight, adminState, priority }: MemberShare,
    all: object,
): MemberShare {
    const share = Object.entries({ weight, adminState, priority }).map(([key, given]) => [
        key,
        registered(set, "virtualMachines", given, (made) => (made as Shares)[machine]?.[key], all),
    ]);
    return Object.fromEntries(share) as MemberShare;
}
