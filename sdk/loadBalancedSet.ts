import * as pulumi from "@pulumi/pulumi";
import { brand, factsOf, isKind, type LoadBalancedSetSettings } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { problemsOfMachines } from "./internal/members";
import { refuse } from "./internal/problems";
import { withSecretKey } from "./internal/secretKey";
import type { ProbeArgs } from "./probe";
import type { VirtualMachine } from "./virtualMachine";

/** What a `LoadBalancedSet` shares between which virtual machines. */
export interface LoadBalancedSetArgs {
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
     * The virtual machines that share the connections, at least one, all of the same cloud service.
     *
     * A change takes effect in place: a new machine receives connections once it is healthy, and one that leaves takes
     * only its own share with it.
     */
    virtualMachines: VirtualMachine[];

    /**
     * The check that decides which machines receive new connections.
     *
     * @default `{ protocol: "tcp" }` for a tcp set, `{ protocol: "none" }` for a udp set
     * @example { protocol: "http", path: "/healthz", intervalSeconds: 5 }
     */
    probe?: pulumi.Input<ProbeArgs>;

    /**
     * What happens to new connections while no machine is healthy: `"reject"` refuses them at once (RST or ICMP),
     * `"allUp"` spreads them over all machines. Established TCP connections stay in both cases. A change takes effect
     * in place.
     *
     * @default "reject"
     */
    allDown?: pulumi.Input<"reject" | "allUp">;

    /**
     * Whether a machine is asked at once when its own traffic speaks against it, however long the probe's interval is:
     * three new connections in a row that it refused, or that it left without an answer (SYN-ACK) for a fifth of a
     * second. If a handshake with the probe's port then fails too (within 0.25 s), the machine receives no new
     * connections until its probe succeeds again; the status says both. So a machine under traffic is out in well under
     * a second after it dies.
     *
     * Of the machines of a set, half (rounded down) can be out for this reason at a time, so that nobody can take a
     * whole set away by making connections fail; further ones wait for their probe. Concerns tcp sets with a probe. A
     * change takes effect in place.
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
}

/**
 * A protocol and port (or range of ports) of a cloud service's VIP that several virtual machines share. Each new connection goes to one of
 * the healthy ones, with equal probability; all packets of a connection go to the same machine.
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
        refuse(problemsOfMachines(args.virtualMachines), type, name, options);
        const members = args.virtualMachines.map((machine) => factsOf(machine, "VirtualMachine")!);
        const machines = Object.fromEntries(members.map(({ name, machine }) => [name, machine]));
        const inputs = {
            privatePort: undefined,
            internal: undefined,
            probe: undefined,
            allDown: undefined,
            passiveDetection: undefined,
            drainSeconds: undefined,
            ...args,
            ...(args.probe === undefined ? {} : { probe: withSecretKey(args.probe) }),
            virtualMachines: Object.fromEntries(members.map(({ name, machine }) => [name, machine.container])),
        };
        super(type, name, properties("LoadBalancedSet", name, inputs, [], options), options);
        const { protocol, publicPort, privatePort, internal, probe, allDown, passiveDetection, drainSeconds } =
            this as unknown as LoadBalancedSetSettings;
        brand(this, "LoadBalancedSet", {
            name,
            cloudService: members[0]!.cloudService,
            settings: { protocol, publicPort, privatePort, internal, probe, allDown, passiveDetection, drainSeconds },
            machines,
        });
    }

    /** Whether the value is a load-balanced set, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is LoadBalancedSet {
        return isKind(value, "LoadBalancedSet");
    }
}
