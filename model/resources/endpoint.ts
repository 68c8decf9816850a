import { z } from "zod";
import { refuseContradictions, setSettings } from "../balancer/configuration";
import { frontendSettings } from "../balancer/frontend";
import type { Probe } from "../health/probe";
import { memberShare } from "../balancer/shares";
import { ports, refuseUnequalPorts, type Ports } from "../balancer/ports";
import { dockerName, protocol, type Protocol } from "../schema/fields";
import { map, object } from "../schema/kit";

/** A public port of the virtual IP, mapped to a private port of one machine. Declares only: the load balancer applies. */
export const endpoint = object({
    protocol,
    publicPort: ports,
    privatePort: ports.optional(),
    ...frontendSettings,
    /** The machine's name in the program. */
    virtualMachine: z.string().min(1, "must name a virtual machine"),
    container: dockerName,
}).check(refuseUnequalPorts);
export type EndpointInputs = z.input<typeof endpoint>;
export type EndpointState = z.output<typeof endpoint> & { privatePort: Ports };

/** An endpoint that several machines share. Declares only. */
export const loadBalancedSet = object({
    ...setSettings,
    privatePort: ports.optional(),
    probe: setSettings.probe.optional(),
    /** By the machines' names in the program. */
    virtualMachines: map(object({ container: dockerName, ...memberShare })),
}).check(refuseContradictions);
export type LoadBalancedSetInputs = z.input<typeof loadBalancedSet>;
export type LoadBalancedSetState = z.output<typeof loadBalancedSet> & { privatePort: Ports; probe: Probe };

/** A udp port answers no handshake, so only tcp sets have a probe of their own. */
export function defaultProbe(protocol: Protocol): z.input<typeof setSettings.probe> {
    return { protocol: protocol === "udp" ? "none" : "tcp" };
}
