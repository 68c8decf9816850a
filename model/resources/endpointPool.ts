import type { z } from "zod";
import { frontendSettings } from "../balancer/frontend";
import { portRange, ports, type Ports } from "../balancer/ports";
import { assignPositions } from "../balancer/positions";
import { dockerName, port, protocol } from "../schema/fields";
import { map, object, refuse } from "../schema/kit";
import { isUnknown, UNKNOWN } from "../schema/unknown";

/** A range of public ports, each of which leads to the same private port of another machine. Declares only. */
export const endpointPool = object({
    protocol,
    publicPorts: ports,
    privatePort: port,
    ...frontendSettings,
    /** Containers, by the machines' names in the program. */
    virtualMachines: map(dockerName),
}).check((context) => {
    const { publicPorts, virtualMachines } = context.value;
    if (isUnknown(publicPorts) || isUnknown(virtualMachines)) return;
    const machines = Object.keys(virtualMachines).length;
    if (portRange(publicPorts).count >= machines) return;
    refuse(context, ["publicPorts"], `must have a port for each of the ${machines} virtual machines`);
});
export type EndpointPoolInputs = z.input<typeof endpointPool>;
export type EndpointPoolState = z.output<typeof endpointPool> & {
    /** Each machine's public port. */
    ports: Record<string, number>;
};

const byNaturalOrder = new Intl.Collator("en", { numeric: true }).compare;

/**
 * Gives each machine its port. Machines keep theirs while the range has it, whoever comes and goes; newcomers get the
 * lowest free ones, `web2` before `web10`.
 */
export function assignPorts(
    publicPorts: Ports,
    machines: readonly string[],
    previous: Readonly<Record<string, number>> = {},
): Record<string, number> {
    if (isUnknown(publicPorts)) return Object.fromEntries(machines.map((name) => [name, UNKNOWN as unknown as number]));
    const { first, count } = portRange(publicPorts);
    const inRange = Object.entries(previous)
        .filter(([, port]) => port >= first && port < first + count)
        .map(([name, port]): [string, number] => [name, port - first]);
    const positions = assignPositions([...machines].sort(byNaturalOrder), Object.fromEntries(inRange));
    return Object.fromEntries(Object.entries(positions).map(([name, position]) => [name, first + position]));
}
