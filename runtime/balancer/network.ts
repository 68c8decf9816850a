import type { GatewayInterfaces, GatewayNetwork } from "../../model/balancer/network";
import { contains, prefixLength } from "../../model/network/addresses";
import type { Commands } from "./commands";

export interface PreparedNetwork {
    readonly interfaces: GatewayInterfaces;
    /** What keeps traffic from flowing as it should, one sentence each; empty when all is well. */
    readonly problems: readonly string[];
}

/** The IPv4 dummy address (RFC 7600), which no network routes. Azure's probes, too, come from one address of their own. */
export const PROBE_SOURCE = "192.0.0.8";

/**
 * Makes the gateway's side of the two networks ready: finds the interfaces by their addresses and holds the address that
 * every machine has as its default route, and that of internal sets. Throws when the gateway is not attached to both.
 */
export async function prepareNetwork(network: GatewayNetwork, commands: Commands): Promise<PreparedNetwork> {
    const interfaces = findInterfaces(await listInterfaces(commands), network);
    await holdPrivateAddresses(network, interfaces, commands);
    await speakAsStranger(network, interfaces, commands);
    return { interfaces, problems: await findProblems(network, interfaces, commands) };
}

interface Interface {
    readonly name: string;
    readonly mac: string;
    readonly addresses: readonly string[];
}

async function listInterfaces(commands: Commands): Promise<Interface[]> {
    const listed = JSON.parse(await commands.run(["ip", "-j", "address", "show"])) as {
        ifname: string;
        address?: string;
        addr_info?: { family: string; local: string }[];
    }[];
    return listed.map(({ ifname, address, addr_info }) => ({
        name: ifname,
        mac: address ?? "",
        addresses: (addr_info ?? []).filter(({ family }) => family === "inet").map(({ local }) => local),
    }));
}

function findInterfaces(interfaces: readonly Interface[], network: GatewayNetwork): GatewayInterfaces {
    const onPublic = interfaces.find(({ addresses }) => addresses.includes(network.virtualIp));
    if (!onPublic) throw new Error(`the gateway has no interface with its public address ${network.virtualIp}`);
    const onPrivate = interfaces.find(
        ({ name, addresses }) =>
            name !== onPublic.name && addresses.some((address) => contains(network.privateSubnet, address)),
    );
    if (!onPrivate) throw new Error(`the gateway is not attached to its private network ${network.privateSubnet}`);
    return { publicInterface: onPublic.name, privateInterface: onPrivate.name };
}

async function holdPrivateAddresses(
    { privateGateway, internalVirtualIp, privateSubnet }: GatewayNetwork,
    { privateInterface }: GatewayInterfaces,
    commands: Commands,
): Promise<void> {
    const present = (await listInterfaces(commands)).find(({ name }) => name === privateInterface);
    const mac = gatewayMac(privateGateway);
    // Machines remember the address of their gateway's card for minutes: a gateway that replaces another takes it over.
    if (present?.mac !== mac) await commands.run(["ip", "link", "set", "dev", privateInterface, "address", mac]);
    const prefix = prefixLength(privateSubnet);
    for (const [address, length] of [
        [privateGateway, prefix],
        [internalVirtualIp, prefix],
        [PROBE_SOURCE, 32],
    ] as const) {
        if (present?.addresses.includes(address)) continue;
        await commands.run(["ip", "address", "add", `${address}/${length}`, "dev", privateInterface]);
    }
}

/**
 * Probes come from an address beyond the private network: their answers then take the way of those to clients, and a
 * machine whose default route is not the gateway fails its probe instead of answering it and no client. (Not from the VIP:
 * the Docker host rewrites what comes from the public network. By the route and not by binding each socket, which would
 * use up ports.)
 */
async function speakAsStranger(
    { privateSubnet }: GatewayNetwork,
    { privateInterface }: GatewayInterfaces,
    commands: Commands,
): Promise<void> {
    await commands.run(["ip", "route", "replace", privateSubnet, "dev", privateInterface, "src", PROBE_SOURCE]);
}

/** A locally administered address, the same for every gateway that holds this address. */
export function gatewayMac(privateGateway: string): string {
    const octets = privateGateway.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
    return ["06", "5c", ...octets].join(":");
}

async function findProblems(
    network: GatewayNetwork,
    { publicInterface, privateInterface }: GatewayInterfaces,
    commands: Commands,
): Promise<string[]> {
    const problems: string[] = [];
    const routes = JSON.parse((await commands.run(["ip", "-j", "-4", "route", "show", "default"])) || "[]") as {
        dev: string;
    }[];
    const dev = routes[0]?.dev;
    if (dev === undefined)
        problems.push(
            "the gateway has no default route: clients beyond the public network get no answer; give the public network a gateway",
        );
    else if (dev !== publicInterface)
        problems.push(
            `the gateway's default route leaves by ${dev}${dev === privateInterface ? " (the private network)" : ""} instead of ${publicInterface} (the public network ${network.publicSubnet}): ` +
                "published ports and clients beyond the public network do not work; the private network's name must sort after the public one's",
        );
    const forwarding = (await commands.run(["cat", "/proc/sys/net/ipv4/ip_forward"])).trim();
    if (forwarding !== "1")
        problems.push("the gateway does not forward packets: its container needs the sysctl net.ipv4.ip_forward=1");
    return problems;
}
