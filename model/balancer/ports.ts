import { z } from "zod";
import { port } from "../schema/fields";
import { refuse } from "../schema/kit";
import { isUnknown } from "../schema/unknown";

/** Consecutive ports; mostly one. */
export interface PortRange {
    readonly first: number;
    readonly count: number;
}

const FORM = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/;
const ALLOWED = 'must be a port between 1 and 65535, or a range such as "5000-5010"';

function parse(value: unknown): PortRange | undefined {
    if (typeof value === "number") return port.safeParse(value).success ? { first: value, count: 1 } : undefined;
    const match = typeof value === "string" ? FORM.exec(value.trim()) : null;
    if (!match) return undefined;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    return first >= 1 && last >= first && last <= 65_535 ? { first, count: last - first + 1 } : undefined;
}

/** A port, or a range of them; a range of one is that port. */
export const ports = z.unknown().transform((value, context): Ports => {
    const range = parse(value);
    if (range) return formatPorts(range);
    context.addIssue(value === undefined ? "is required" : ALLOWED);
    return z.NEVER;
});
export type Ports = number | string;

/** What a checked value means. */
export function portRange(value: Ports): PortRange {
    const range = parse(value);
    if (!range) throw new Error(`${value} is not a port or a range of ports`);
    return range;
}

/** `80`, `"5000-5010"` */
export function formatPorts({ first, count }: PortRange): Ports {
    return count === 1 ? first : `${first}-${first + count - 1}`;
}

/** Each port of the range. */
export function* portsOf({ first, count }: PortRange): Generator<number> {
    for (let port = first; port < first + count; port++) yield port;
}

interface PortOwner {
    readonly publicPort: Ports;
    readonly privatePort?: Ports | undefined;
}

/** Each public port leads to a private one of its own. */
export function refuseUnequalPorts<Owner extends PortOwner>(context: z.core.ParsePayload<Owner>): void {
    const { publicPort, privatePort } = context.value;
    if (privatePort === undefined || isUnknown(publicPort) || isUnknown(privatePort)) return;
    const { count } = portRange(publicPort);
    if (portRange(privatePort).count === count) return;
    refuse(context, ["privatePort"], `must name as many ports as publicPort ${publicPort}, which has ${count}`);
}
