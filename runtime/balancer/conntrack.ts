import type { Destination } from "../../model/balancer/plan";
import { portsOf, type PortRange } from "../../model/balancer/ports";
import type { Protocol } from "../../model/schema/fields";
import { firstLines, type Commands } from "./commands";

/** Connections of one frontend with one destination, as the kernel records them (conntrack). */
export interface Served {
    readonly protocol: Protocol;
    /** The frontend's. */
    readonly address: string;
    readonly ports: PortRange;
    /** What the frontend leaves on its connections; 0 where the gateway itself answered. */
    readonly mark: number;
    /** Of a range, the machine's first port. */
    readonly destination: Destination;
}

export interface MachinePorts {
    readonly protocol: Protocol;
    readonly address: string;
    readonly ports: PortRange;
}

/**
 * What can be moved to another destination: any udp, and tcp that nobody has answered. A handshake that the destination
 * did answer is left alone: a machine that its probe condemns may still keep its promise.
 */
const MOVABLE: Record<Protocol, readonly string[]> = { tcp: ["--state", "SYN_SENT"], udp: [] };
const OPEN: Record<Protocol, readonly string[]> = { tcp: ["--state", "ESTABLISHED"], udp: ["--status", "ASSURED"] };

/** conntrack gives up when an entry vanishes while it deletes. */
const ATTEMPTS = 4;

/** Forgets these connections, so that the client's next packet (udp) or try (tcp, after 1, 3, 7 … s) is sent anew. */
export async function forgetConnections(served: readonly Served[], commands: Commands): Promise<void> {
    await runDeletions(served.map(deletion), commands);
}

/** Forgets all connections of these, established ones too, so that whoever speaks next finds that there is none. */
export async function resetConnections(served: readonly Served[], commands: Commands): Promise<void> {
    for (const one of served) {
        const offsets = one.ports.count === 1 ? [0] : await usedPorts(one, commands);
        await runDeletions(
            offsets.flatMap((offset) => resets(one, offset)),
            commands,
        );
    }
}

async function runDeletions(deletions: readonly (readonly string[])[], commands: Commands): Promise<void> {
    if (deletions.length === 0) return;
    // One process after another in one shell: conntrack's own batches (--load-file) mix up the filters of their commands.
    const script = deletions.map((command) => `${command.join(" ")} >/dev/null\n`).join("");
    for (let attempt = 1; ; attempt++) {
        const { stderr } = await commands.attempt(["sh", "-s"], script);
        // The exit code would tell whether there were any, which is not an error.
        if ([...stderr.matchAll(/flow entries have been deleted/g)].length === deletions.length) return;
        if (attempt === ATTEMPTS) throw new Error(`conntrack failed to delete: ${firstLines(stderr)}`);
    }
}

/** The kernel compares the mark that our rules leave; all else conntrack compares itself, entry by entry. */
function deletion({ protocol, address, ports, mark, destination }: Served): string[] {
    // conntrack compares single ports only; of a range, the mark says enough.
    const exact =
        ports.count === 1 ? ["--orig-port-dst", String(ports.first), "--reply-port-src", String(destination.port)] : [];
    return [
        ...["conntrack", "-D", "-f", "ipv4", "-p", protocol, "-m", String(mark), ...MOVABLE[protocol]],
        ...["--orig-dst", address, "--reply-src", destination.address, ...exact],
    ];
}

/** By single ports, whoever spoke first in the kernel's record: a machine may have gone on with a connection that was lost. */
function resets({ protocol, address, ports, destination }: Served, offset: number): string[][] {
    const command = ["conntrack", "-D", "-f", "ipv4", "-p", protocol];
    const [port, machinePort] = [String(ports.first + offset), String(destination.port + offset)];
    const machine = destination.address;
    return [
        [
            ...command,
            "--orig-dst",
            address,
            "--orig-port-dst",
            port,
            "--reply-src",
            machine,
            "--reply-port-src",
            machinePort,
        ],
        [
            ...command,
            "--orig-src",
            machine,
            "--orig-port-src",
            machinePort,
            "--reply-dst",
            address,
            "--reply-port-dst",
            port,
        ],
    ];
}

/** Which ports of a range have connections, whoever spoke first: conntrack deletes by single ports only. */
async function usedPorts({ protocol, address, ports, destination }: Served, commands: Commands): Promise<number[]> {
    const used = new Set<number>();
    const look = (filter: readonly string[], port: RegExp, first: number) =>
        list(["-f", "ipv4", "-p", protocol, ...filter], commands, (line) => {
            const offset = Number(port.exec(line)?.[1]) - first;
            if (offset >= 0 && offset < ports.count) used.add(offset);
        });
    await look(["--orig-dst", address, "--reply-src", destination.address], / dport=(\d+)/, ports.first);
    await look(["--orig-src", destination.address, "--reply-dst", address], / sport=(\d+)/, destination.port);
    return [...used];
}

/** Both directions in one line: the first shows what the client asked for, the second who answers. */
const FLOW = / dport=(\d+) .*\bsrc=(\S+) dst=\S+ sport=(\d+)(?:.* mark=(\d+))?/;

/** All connections through these virtual addresses that could be forgotten, each with the one port that it has. */
export async function movableConnections(addresses: readonly string[], commands: Commands): Promise<Served[]> {
    const found = new Map<string, Served>();
    for (const address of addresses) {
        for (const protocol of ["tcp", "udp"] as const) {
            const filter = ["-f", "ipv4", "-p", protocol, ...MOVABLE[protocol], "--orig-dst", address];
            await list(filter, commands, (line) => {
                const [, port, machine, machinePort, mark = 0] = FLOW.exec(line) ?? [];
                const key = `${address} ${protocol} ${port} ${machine}:${machinePort} ${mark}`;
                if (machine === undefined || found.has(key)) return;
                const destination = { address: machine, port: Number(machinePort) };
                const ports = { first: Number(port), count: 1 };
                found.set(key, { protocol, address, ports, mark: Number(mark), destination });
            });
        }
    }
    return [...found.values()];
}

/**
 * Connections that are open at the ports of each of these now, through whichever frontend: what draining waits for.
 * A configuration may let go of thousands at once, which share few addresses: each is looked up once.
 */
export async function countConnections(machines: readonly MachinePorts[], commands: Commands): Promise<number[]> {
    const places = new Map<string, MachinePorts[]>();
    for (const machine of machines) {
        const place = places.get(placeOf(machine));
        if (place) place.push(machine);
        else places.set(placeOf(machine), [machine]);
    }
    const open = new Map<string, ReadonlyMap<number, number>>();
    for (const [place, sharing] of places) open.set(place, await openByPort(sharing, commands));
    return machines.map((machine) => {
        const byPort = open.get(placeOf(machine))!;
        return [...portsOf(machine.ports)].reduce((sum, port) => sum + (byPort.get(port) ?? 0), 0);
    });
}

function placeOf({ protocol, address }: MachinePorts): string {
    return `${protocol} ${address}`;
}

/** @param machines of one protocol and address */
async function openByPort(machines: readonly MachinePorts[], commands: Commands): Promise<Map<number, number>> {
    const open = new Map<number, number>();
    const [{ protocol, address, ports }] = machines as [MachinePorts];
    const isOnePort = machines.every((one) => one.ports.count === 1 && one.ports.first === ports.first);
    const exact = isOnePort ? ["--reply-port-src", String(ports.first)] : [];
    const filter = ["-f", "ipv4", "-p", protocol, ...OPEN[protocol], "--reply-src", address, ...exact];
    await list(filter, commands, (line) => {
        const port = Number(FLOW.exec(line)?.[3]);
        open.set(port, (open.get(port) ?? 0) + 1);
    });
    return open;
}

/** The kernel may hold hundreds of thousands. */
async function list(filter: readonly string[], commands: Commands, onFlow: (line: string) => void): Promise<void> {
    const { stderr } = await commands.attemptLines(["conntrack", "-L", ...filter], onFlow);
    if (!/flow entries have been shown/.test(stderr))
        throw new Error(`conntrack -L ${filter.join(" ")} failed: ${stderr.trim()}`);
}
