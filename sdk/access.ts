import type * as pulumi from "@pulumi/pulumi";
import { orderProblem } from "../model/balancer/frontend";
import { describe, type Problem, type Properties } from "./internal/problems";

/** A rule of an endpoint's or set's access control list. */
export interface AclRuleArgs {
    /**
     * Rank of the rule, 0 to 65535, each once in a list: of all rules that hold for a client, the one with the lowest
     * order decides.
     */
    order: number;

    /** Whether the clients of `remoteSubnet` may connect. */
    action: pulumi.Input<"permit" | "deny">;

    /**
     * The clients: a range of IPv4 addresses, of which bits beyond the prefix are ignored, or one address.
     *
     * @example "203.0.113.0/24"
     */
    remoteSubnet: pulumi.Input<string>;

    /**
     * What the rule is for, in words. A change concerns no connection.
     *
     * @default nothing
     */
    description?: pulumi.Input<string>;
}

/** How fast each client address may open connections: a number per second or per minute. */
export interface ConnectionRateArgs {
    /**
     * Connections a second, 1 to 100000. Give either this or `perMinute`.
     *
     * @default none
     */
    perSecond?: pulumi.Input<number>;

    /**
     * Connections a minute, 1 to 100000. Give either this or `perSecond`.
     *
     * @default none
     */
    perMinute?: pulumi.Input<number>;

    /**
     * Connections, 1 to 100000, that an address may open at once after it was quiet.
     *
     * @default the number per second or per minute
     */
    burst?: pulumi.Input<number>;
}

/**
 * Who may connect to an `Endpoint`, `EndpointPool` or `LoadBalancedSet`, and how much. All of it is asked once for each new connection, by
 * the client's own address and before a machine is chosen; established connections are not asked again. So a change
 * takes effect in place, for connections that are opened from then on.
 *
 * Clients that come through a published port on a loopback address of the Docker host all have one address here, that of
 * the host on the public network. Machines of the cloud service that call their own VIP have their private addresses.
 */
export interface AccessArgs {
    /**
     * The access control list, with the semantics of Azure's endpoint ACLs: the rule of lowest order that holds for a
     * client decides. Without rules everybody may connect; with at least one `"permit"` everybody else is denied; with
     * only `"deny"` everybody else is permitted. Azure takes up to 50 rules; here as many as you like.
     *
     * Who is denied gets no answer at all. `switchyard-agent status --json` in the gateway tells how often each rule decided.
     *
     * Connections that were open before a list was tightened stay open.
     *
     * @default everybody may connect
     * @example
     * ```ts
     * acl: [
     *     { order: 100, action: "deny", remoteSubnet: "203.0.113.66", description: "noisy scanner" },
     *     { order: 200, action: "permit", remoteSubnet: "203.0.113.0/24", description: "office" },
     * ]
     * ```
     */
    acl?: readonly AclRuleArgs[];

    /**
     * Minutes, 4 to 30 (Azure's range), after which a connection without any packet is forgotten. A client that speaks
     * later reaches the same machine again, while that is healthy and the set's members are the same; otherwise the
     * connection is reset by another one. A udp flow that lasted no longer than 2 seconds is forgotten after 30.
     *
     * Azure's default is 4 minutes, because its balancers are shared by all customers. A gateway is yours alone, has room
     * for many silent connections, and by default disturbs none of them.
     *
     * @default the kernel's own: 5 days for tcp, 2 minutes for udp
     */
    idleTimeoutMinutes?: pulumi.Input<number>;

    /**
     * Open connections, 1 to 100000, through the whole endpoint or set (of a pool, to each machine). A further one is
     * refused at once (RST for tcp, ICMP for udp) until another one has ended; a udp flow ends when it was silent for
     * its idle timeout (30 seconds when it was not answered, or lasted no longer than 2 seconds). After a change only
     * connections opened since then count. Each new connection costs time in proportion to those that are open: 0.2 ms
     * beside 5000.
     *
     * @default unlimited
     */
    maxConnections?: pulumi.Input<number>;

    /**
     * How fast each client address may open connections. The packets of a connection too many get no answer; a tcp client
     * tries again by itself after 1 second, 3, 7 and so on. Addresses beyond the 65536 that were last seen are not limited.
     *
     * @default unlimited
     * @example { perMinute: 6, burst: 3 }
     */
    maxConnectionRatePerSource?: pulumi.Input<ConnectionRateArgs>;
}

export const ACCESS_PROPERTIES: Properties<AccessArgs> = {
    acl: true,
    idleTimeoutMinutes: true,
    maxConnections: true,
    maxConnectionRatePerSource: true,
};

/** What a resource registers of these arguments, and hands to its load balancer: rules by their order. */
export function accessInputs({ acl, idleTimeoutMinutes, maxConnections, maxConnectionRatePerSource }: AccessArgs) {
    return {
        acl: acl && Object.fromEntries(acl.map(({ order, ...rule }) => [String(order), rule])),
        idleTimeoutMinutes,
        maxConnections,
        maxConnectionRatePerSource,
    };
}

/** What of these arguments cannot even be registered. */
export function accessProblems({ acl }: AccessArgs): Problem[] {
    if (acl === undefined) return [];
    if (!Array.isArray(acl)) return [`acl: must be a list of rules (got ${describe(acl)})`];
    const rules: readonly (AclRuleArgs | undefined)[] = acl;
    return rules.flatMap((rule, index) => {
        if (typeof rule !== "object" || rule === null) return [`acl[${index}]: must be a rule (got ${describe(rule)})`];
        const problem = orderProblem(rule.order);
        if (problem) return [`acl[${index}].order: ${problem} (got ${describe(rule.order)})`];
        const first = rules.findIndex((other) => other?.order === rule.order);
        return first === index ? [] : [`acl[${index}].order: already belongs to acl[${first}] (got ${rule.order})`];
    });
}
