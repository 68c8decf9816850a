import path from "node:path";
import type { GatewayNetwork } from "../../../model/balancer/network";
import { Commands } from "../../../runtime/balancer";
import { addNamespace, ip, removeNamespace, sysctl } from "./namespaces";
import { Processes } from "./processes";

/**
 * The networks of one cloud service as Docker makes them, in namespaces of their own:
 *
 *     outside 198.51.100.10 ── router ═ bridge 203.0.113.0/24 ══ neighbour .50, gateway .10 (VIP)
 *                              (the Docker host)
 *                                     ═ bridge 10.77.0.0/24 ════ gateway .2 and .1, vm1 .11, vm2 .12, …
 *
 * Both bridges are in the host's namespace, as in reality, and the host has no address on the private one.
 */
export const NETWORK: GatewayNetwork = {
    virtualIp: "203.0.113.10",
    publicSubnet: "203.0.113.0/24",
    privateSubnet: "10.77.0.0/24",
    privateGateway: "10.77.0.1",
    internalVirtualIp: "10.77.0.253",
};
export const OUTSIDE_ADDRESS = "198.51.100.10";
export const NEIGHBOUR_ADDRESS = "203.0.113.50";
const HOST_ADDRESS = "203.0.113.254";
const ROUTER_ADDRESS = "198.51.100.1";
/** What Docker's IPAM gives the gateway on the private network. */
const OWN_PRIVATE_ADDRESS = "10.77.0.2";

export interface Machine {
    readonly name: string;
    readonly namespace: string;
    readonly address: string;
}

export class Topology {
    readonly network = NETWORK;
    readonly host = addNamespace("host");
    readonly outside = addNamespace("outside");
    readonly neighbour = addNamespace("neighbour");
    readonly machines: readonly Machine[];
    readonly processes = new Processes();
    private gatewayNamespace: string;

    constructor(machineCount: number) {
        for (const bridge of ["public", "private"]) {
            ip("-n", this.host, "link", "add", bridge, "type", "bridge");
            ip("-n", this.host, "link", "set", bridge, "up");
        }
        ip("-n", this.host, "address", "add", `${HOST_ADDRESS}/24`, "dev", "public");
        sysctl(this.host, { "net.ipv4.ip_forward": 1 });
        plug(this.host, "outside", this.outside, "eth0", `${OUTSIDE_ADDRESS}/24`);
        ip("-n", this.host, "address", "add", `${ROUTER_ADDRESS}/24`, "dev", "outside");
        route(this.outside, ROUTER_ADDRESS);

        this.attach(this.neighbour, "public", "eth0", `${NEIGHBOUR_ADDRESS}/24`);
        route(this.neighbour, HOST_ADDRESS);
        for (const client of [this.outside, this.neighbour])
            sysctl(client, { "net.ipv4.ip_local_port_range": "2000 65000", "net.ipv4.tcp_tw_reuse": 1 });

        this.gatewayNamespace = this.addGateway();
        this.machines = Array.from({ length: machineCount }, (_, index) => this.addMachine(index + 1));
    }

    get gateway(): string {
        return this.gatewayNamespace;
    }

    /** A fresh gateway in place of the old one, with the same addresses, as when its container is replaced. */
    replaceGateway(): void {
        removeNamespace(this.gatewayNamespace);
        this.gatewayNamespace = this.addGateway();
    }

    commands(namespace: string): Commands {
        return new Commands(["ip", "netns", "exec", namespace]);
    }

    /** The machine takes no packet any more and says nothing: as dead as one without power. */
    async silence(machine: Machine): Promise<void> {
        const chain = "{ type filter hook input priority 0; policy drop; }";
        await this.commands(machine.namespace).run(["nft", `add table ip dead; add chain ip dead input ${chain}`]);
    }

    async revive(machine: Machine): Promise<void> {
        await this.commands(machine.namespace).run(["nft", "delete", "table", "ip", "dead"]);
    }

    /** Ends all processes and removes all namespaces. */
    async remove(): Promise<void> {
        await this.processes.endAll();
        const clients = [this.outside, this.neighbour, this.gatewayNamespace];
        for (const namespace of [...clients, ...this.machines.map((machine) => machine.namespace), this.host])
            removeNamespace(namespace);
    }

    private addGateway(): string {
        const namespace = addNamespace("gateway");
        // As the image's init does, here before any packet can come.
        ip("netns", "exec", namespace, "nft", "-f", path.join(__dirname, "../../../runtime/image/gateway/closed.nft"));
        this.attach(namespace, "public", "eth0", `${NETWORK.virtualIp}/24`);
        this.attach(namespace, "private", "eth1", `${OWN_PRIVATE_ADDRESS}/24`);
        route(namespace, HOST_ADDRESS);
        sysctl(namespace, { "net.ipv4.ip_forward": 1 });
        return namespace;
    }

    private addMachine(number: number): Machine {
        const name = `vm${number}`;
        const address = `10.77.0.${10 + number}`;
        const namespace = addNamespace(name);
        this.attach(namespace, "private", "eth0", `${address}/24`);
        route(namespace, NETWORK.privateGateway);
        return { name, namespace, address };
    }

    private attach(namespace: string, bridge: string, card: string, address: string): void {
        const port = namespace.replace(/^sy-\d+-/, "").slice(0, 9) + `-${bridge.slice(0, 3)}`;
        plug(this.host, port, namespace, card, address);
        // As Docker does (since 28 it announces a new address instead): what replaces another is found where that was.
        ip("-n", namespace, "link", "set", card, "address", macOf(address));
        ip("-n", this.host, "link", "set", port, "master", bridge);
    }
}

function macOf(address: string): string {
    const octets = address.split("/")[0]!.split(".");
    return ["02", "42", ...octets.map((octet) => Number(octet).toString(16).padStart(2, "0"))].join(":");
}

/** A cable from a port of the host to a namespace's network card. */
function plug(host: string, port: string, namespace: string, card: string, address: string): void {
    ip("-n", host, "link", "add", port, "type", "veth", "peer", "name", card, "netns", namespace);
    ip("-n", namespace, "address", "add", address, "dev", card);
    ip("-n", namespace, "link", "set", card, "up");
    ip("-n", host, "link", "set", port, "up");
}

function route(namespace: string, gateway: string): void {
    ip("-n", namespace, "route", "add", "default", "via", gateway);
}
