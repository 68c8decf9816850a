import type { ContainerInfo } from "dockerode";
import type { PublishedAddress } from "../../model/resources/publishedAddress";
import { parsePublishedPorts, type Publish } from "../../model/resources/publish";
import { isUnknown } from "../../model/schema/unknown";
import { listedName } from "../docker/containers";
import type { Host } from "../docker/host";

export interface PortBindings {
    readonly exposed: Record<string, object>;
    readonly bindings: Record<string, { HostIp: string; HostPort: string }[]>;
}

const NONE: PortBindings = { exposed: {}, bindings: {} };

/** What Docker is to forward to a runtime, as its API has it; as far as it is known. */
export function portBindings(publish: Publish | undefined): PortBindings {
    if (publish === undefined || isUnknown(publish.address) || !Array.isArray(publish.ports)) return NONE;
    const ranges = publish.ports.map(parsePublishedPorts).filter((range) => typeof range !== "string");
    const bindings: PortBindings["bindings"] = {};
    for (const { hostPort, publicPort, count, protocol } of ranges) {
        for (let offset = 0; offset < count; offset++) {
            (bindings[`${publicPort + offset}/${protocol}`] ??= []).push({
                HostIp: publish.address,
                HostPort: String(hostPort + offset),
            });
        }
    }
    return { exposed: Object.fromEntries(Object.keys(bindings).map((port) => [port, {}])), bindings };
}

/** What Docker forwards to a running container. */
export async function publishedAddresses({ docker }: Host, id: string): Promise<PublishedAddress[]> {
    const { NetworkSettings } = await docker.getContainer(id).inspect();
    return Object.entries(NetworkSettings.Ports ?? {})
        .flatMap(([port, bindings]) => {
            const [publicPort, protocol] = port.split("/") as [string, "tcp" | "udp"];
            return (bindings ?? []).map(({ HostIp, HostPort }) => ({
                address: HostIp,
                port: Number(HostPort),
                publicPort: Number(publicPort),
                protocol,
            }));
        })
        .sort((a, b) => a.protocol.localeCompare(b.protocol) || a.publicPort - b.publicPort || a.port - b.port);
}

/** Of a Docker host. */
export interface Port {
    readonly address: string;
    readonly port: number;
    readonly protocol: string;
}

export function publishes({ Ports }: ContainerInfo, { address, port, protocol }: Port): boolean {
    return Ports.some(
        ({ IP, PublicPort, Type }) =>
            PublicPort === port && Type === protocol && (IP === address || IP === "0.0.0.0" || address === "0.0.0.0"),
    );
}

export function nameOf(container: ContainerInfo): string {
    return `container ${listedName(container)}`;
}
