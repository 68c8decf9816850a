import type { ContainerInfo } from "dockerode";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { isUnknown } from "../../model/schema/unknown";
import { inspectContainer } from "../docker/containers";
import type { Host } from "../docker/host";
import { belongsTo, describeStranger, isOfStack, LABEL, type Owner } from "../docker/labels";
import { inspectNetwork } from "../docker/networks";
import type { ContainerPlan } from "./container";
import { nameOf, publishes, type Port } from "./published";

/** A long range is not tried port by port. */
const MOST_TRIED = 200;

/**
 * What would keep the container from starting. It is deleted before its replacement is made, so this must be known
 * before. What the stack itself holds may be on its way out, and is no reason.
 */
export async function refuseRuntime(plan: ContainerPlan, host: Host, owner: Owner): Promise<string[]> {
    const existing = await inspectContainer(host, plan.name);
    if (existing && !belongsTo(existing.Config.Labels, owner))
        return [describeStranger("container", plan.name, host.address, existing.Config.Labels)];
    const containers = await host.docker.listContainers();
    const own = containers.filter(({ Labels }) => isOfStack(Labels, owner.identity));
    const others = containers.filter((container) => !own.includes(container));
    return [
        ...takenAddress(plan, others),
        ...(await foreignAddresses(plan, host, own)),
        ...(await takenPorts(plan, host, own, others)),
    ];
}

/** Another stack's runtimes are called as its program calls them, which need not tell whose they are. */
function ownerOf(container: ContainerInfo): string {
    const { [LABEL.stack]: stack, [LABEL.project]: project } = container.Labels;
    return nameOf(container) + (stack === undefined ? "" : ` of stack ${stack}, project ${project}`);
}

function takenAddress({ address, networks }: ContainerPlan, others: readonly ContainerInfo[]): string[] {
    const [network] = networks;
    const { property, value } = address;
    if (isUnknown(value) || isUnknown(network)) return [];
    const holder = others.find(({ NetworkSettings }) => NetworkSettings?.Networks[network]?.IPAddress === value);
    return holder
        ? [`${property}: must be free on network ${network} (got ${value}, which ${ownerOf(holder)} has)`]
        : [];
}

/**
 * Published addresses that the Docker host lacks. A network that is still to be made brings addresses with it, and what
 * the stack serves already is no news.
 */
async function foreignAddresses(
    { ports, networks }: ContainerPlan,
    host: Host,
    own: readonly ContainerInfo[],
): Promise<string[]> {
    const [network] = networks;
    if (isUnknown(network) || !(await inspectNetwork(host, network))) return [];
    const served = new Set(own.flatMap(({ Ports }) => Ports.map(({ IP }) => IP)));
    const wanted = new Set(Object.values(ports.bindings).flatMap((all) => all.map(({ HostIp }) => HostIp)));
    const foreign: string[] = [];
    for (const address of wanted) if (!served.has(address) && (await isForeign(address))) foreign.push(address);
    if (foreign.length === 0 || !(await seesAddresses(host, network))) return [];
    return foreign.map(
        (address) => `publish.address: must be an address of the Docker host, or 0.0.0.0 (got ${address})`,
    );
}

async function isForeign(address: string): Promise<boolean> {
    return (await bindingError({ address, port: 0, protocol: "udp" })) === "EADDRNOTAVAIL";
}

/**
 * Whether this process sees the host's addresses and ports: not from afar, nor from a container with the host's socket,
 * nor beside Docker Desktop, none of which has a network's gateway.
 */
async function seesAddresses(host: Host, network: string): Promise<boolean> {
    if (!host.address.startsWith("unix:")) return false;
    const own = isUnknown(network) ? undefined : await inspectNetwork(host, network);
    // What is still to be made: that of every Docker host.
    const gateway = (own ?? (await inspectNetwork(host, "bridge")))?.IPAM?.Config?.[0]?.["Gateway"];
    return gateway !== undefined && !(await isForeign(gateway));
}

async function takenPorts(
    { ports, networks }: ContainerPlan,
    host: Host,
    own: readonly ContainerInfo[],
    others: readonly ContainerInfo[],
): Promise<string[]> {
    const wanted = Object.entries(ports.bindings).flatMap(([key, bindings]) =>
        bindings.map(({ HostIp, HostPort }) => ({
            address: HostIp,
            port: Number(HostPort),
            protocol: key.split("/")[1]!,
        })),
    );
    const taken = (port: Port, by: string) =>
        `publish: ${port.address}:${port.port}/${port.protocol} of ${host.address} is in use already, by ${by}; ` +
        "free it or publish another port";
    const holders = wanted.flatMap((port) => {
        const holder = others.find((container) => publishes(container, port));
        return holder ? [taken(port, ownerOf(holder))] : [];
    });
    const untried = wanted.filter((port) => !own.some((container) => publishes(container, port)));
    if (holders.length > 0 || untried.length === 0 || !(await seesAddresses(host, networks[0]))) return holders;
    const tried = await Promise.all(
        untried
            .slice(0, MOST_TRIED)
            .map(async (port) => ((await isInUse(port)) ? [taken(port, "another program")] : [])),
    );
    return tried.flat();
}

/** Whether a program of this machine, which is the Docker host, has the port. Only a clear answer counts. */
async function isInUse(port: Port): Promise<boolean> {
    return (await bindingError(port)) === "EADDRINUSE";
}

/** Why a program of this machine cannot have the port, if it cannot. */
function bindingError({ address, port, protocol }: Port): Promise<string | undefined> {
    return new Promise((resolve) => {
        const fails = (error: NodeJS.ErrnoException) => resolve(error.code);
        if (protocol === "udp") {
            const socket = createSocket("udp4");
            socket.on("error", fails);
            socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
        } else {
            const server = createServer();
            server.on("error", fails);
            server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
        }
    });
}
