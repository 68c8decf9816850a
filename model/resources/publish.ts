import { z } from "zod";
import { ipv4, type Protocol } from "../schema/fields";
import { list, object, refuse } from "../schema/kit";
import { isUnknown } from "../schema/unknown";

/** A range of ports of the Docker host, and the equally long range of the virtual IP to which it leads. */
export interface PublishedRange {
    readonly hostPort: number;
    readonly publicPort: number;
    readonly count: number;
    readonly protocol: Protocol;
}

const FORM = /^(?:(\d+)(?:-(\d+))?:)?(\d+)(?:-(\d+))?(?:\/(tcp|udp))?$/;
const ALLOWED = 'must be a port such as 80, "8080:80" (host port:public port) or "5000-5010/udp"';

/** Reads `80`, `"8080:80"`, `"5000-5010/udp"`, `"6000-6010:5000-5010/udp"`; a sentence when it is none of these. */
export function parsePublishedPorts(spec: unknown): PublishedRange | string {
    if (typeof spec !== "number" && typeof spec !== "string") return ALLOWED;
    const match = FORM.exec(String(spec).trim().toLowerCase());
    if (!match) return ALLOWED;
    const [, hostFirst, hostLast, publicFirst, publicLast, protocol = "tcp"] = match;
    const target = { first: Number(publicFirst), last: Number(publicLast ?? publicFirst) };
    const host = hostFirst === undefined ? target : { first: Number(hostFirst), last: Number(hostLast ?? hostFirst) };
    for (const { first, last } of [host, target]) {
        if (first < 1 || last > 65_535) return "must name ports between 1 and 65535";
        if (last < first) return "must name a range that ends after it starts";
    }
    if (host.last - host.first !== target.last - target.first) {
        return "must name as many host ports as public ports";
    }
    return {
        hostPort: host.first,
        publicPort: target.first,
        count: host.last - host.first + 1,
        protocol: protocol as Protocol,
    };
}

/** `8080:80/tcp`, `5000-5010:5000-5010/udp` */
export function formatPublishedPorts({ hostPort, publicPort, count, protocol }: PublishedRange): string {
    const range = (first: number) => (count === 1 ? `${first}` : `${first}-${first + count - 1}`);
    return `${range(hostPort)}:${range(publicPort)}/${protocol}`;
}

const ports = z.unknown().transform((spec, context): string => {
    const range = parsePublishedPorts(spec);
    if (typeof range !== "string") return formatPublishedPorts(range);
    context.addIssue(range);
    return z.NEVER;
});

/** Ports of the Docker host that lead to the virtual IP, in one order however the program lists them. */
export const publish = object({
    address: ipv4.default("0.0.0.0"),
    ports: list(ports),
})
    .check((context) => {
        for (const [entry, other] of sharedHostPorts(context.value.ports)) {
            refuse(context, ["ports", entry], `shares a host port with ${context.value.ports[other]}`);
        }
    })
    .transform((publish) =>
        Array.isArray(publish.ports) ? { ...publish, ports: [...publish.ports].sort(byProtocolAndPort) } : publish,
    );
export type Publish = z.output<typeof publish>;

/** What is published, in one order and spelling; what is wrong with it stays as it is. */
export function canonicalPublish(given: unknown): unknown {
    const parsed = publish.safeParse(given);
    if (!parsed.success) return given;
    return isNothing(parsed.data) ? undefined : parsed.data;
}

/** Whether nothing is published, which is the same as no `publish` at all. */
export function isNothing(publish: Publish | undefined): boolean {
    return publish === undefined || (Array.isArray(publish.ports) && publish.ports.length === 0);
}

function sharedHostPorts(ports: readonly string[]): [number, number][] {
    if (!Array.isArray(ports)) return [];
    const ranges = ports.map((spec) => (isUnknown(spec) ? "" : parsePublishedPorts(spec)));
    return ranges.flatMap((range, entry) => {
        const other = ranges.findIndex(
            (earlier, index) =>
                index < entry &&
                typeof range !== "string" &&
                typeof earlier !== "string" &&
                earlier.protocol === range.protocol &&
                earlier.hostPort < range.hostPort + range.count &&
                range.hostPort < earlier.hostPort + earlier.count,
        );
        return other === -1 ? [] : [[entry, other] as [number, number]];
    });
}

function byProtocolAndPort(a: string, b: string): number {
    // "~" sorts last: what is not known yet.
    const key = (spec: string): [string, number] => [spec.split("/")[1] ?? "~", Number.parseInt(spec, 10)];
    const [protocolA, portA] = key(a);
    const [protocolB, portB] = key(b);
    return protocolA === protocolB ? portA - portB : protocolA < protocolB ? -1 : 1;
}
