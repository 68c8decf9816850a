import path from "node:path";
import { NETWORK, type Machine, type Topology } from "./topology";
import type { RunningProcess } from "./processes";
import { pause } from "./wait";

export interface ServerOptions {
    /** Ports that greet with one line of JSON and then echo. */
    readonly tcp?: readonly number[];
    /** Ports that answer HTTP requests, with `status`. */
    readonly http?: readonly number[];
    readonly status?: number;
    /** Ports that greet and then send a line every 300 ms, whatever the client does. */
    readonly ticking?: readonly number[];
    readonly udp?: readonly number[];
    /** How long an answer to a datagram takes. */
    readonly udpDelayMs?: number;
    /** The name it gives itself; default: the machine's. */
    readonly name?: string;
}

/** Starts a machine's service; it listens when this returns. */
export async function startServer(net: Topology, machine: Machine, options: ServerOptions): Promise<RunningProcess> {
    const server = net.processes.start(machine.namespace, program("server", { name: machine.name, ...options }));
    await server.printed("listening");
    return server;
}

export async function startServers(net: Topology, options: ServerOptions): Promise<RunningProcess[]> {
    return Promise.all(net.machines.map((machine) => startServer(net, machine, options)));
}

export interface LoadOptions {
    readonly protocol?: "tcp" | "udp";
    readonly address?: string;
    readonly port: number;
    /** How many; without it until stopped. */
    readonly connections?: number;
    readonly concurrency?: number;
    readonly timeoutMs?: number;
    readonly pauseMs?: number;
    /** Addresses of the namespace to connect from, in turn. */
    readonly from?: readonly string[];
}

export interface LoadReport {
    readonly ok: number;
    /** How many failed, by error code. */
    readonly failed: Readonly<Record<string, number>>;
    /** How many each machine answered. */
    readonly machines: Readonly<Record<string, number>>;
    /** How many the machines saw from each address. */
    readonly peers: Readonly<Record<string, number>>;
    /** How many each machine answered, by the address that it saw. */
    readonly machinesByPeer: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly slowestMs: number;
}

export interface Load {
    stop(): Promise<LoadReport>;
}

/** Opens connections from a namespace until stopped; the first has ended when this returns. */
export async function startLoad(net: Topology, namespace: string, options: LoadOptions): Promise<Load> {
    const client = net.processes.start(namespace, loadProgram(options));
    while (client.alive && !client.stderr.includes("running")) await pause(5);
    return {
        async stop() {
            client.child.stdin!.end("stop");
            return report(client);
        },
    };
}

/** Opens so many connections from a namespace and reports. */
export async function runLoad(
    net: Topology,
    namespace: string,
    options: LoadOptions & { readonly connections: number },
): Promise<LoadReport> {
    return report(net.processes.start(namespace, loadProgram(options)));
}

export interface FlowOptions {
    readonly protocol?: "tcp" | "udp";
    readonly address?: string;
    readonly port: number;
    readonly flows: number;
    readonly timeoutMs?: number;
    /** Asking sends nothing, it only waits for what the machine says next (tcp). */
    readonly silent?: boolean;
}

export interface FlowReport {
    readonly machines: Readonly<Record<string, number>>;
    readonly failed: Readonly<Record<string, number>>;
}

export interface Flows {
    /** Asks on every flow once: who answered, and which failed. */
    ask(): Promise<FlowReport>;
    /** The same, flow by flow, always in one order: the machine's name, or how it failed. */
    askEach(): Promise<string[]>;
    close(): Promise<void>;
}

/** Opens connections (tcp) or sockets (udp) and keeps them; tcp ones are established when this returns. */
export async function openFlows(net: Topology, namespace: string, options: FlowOptions): Promise<Flows> {
    const defaults = { protocol: "tcp", address: net.network.virtualIp, timeoutMs: 10_000 };
    const client = net.processes.start(namespace, program("flows", { ...defaults, ...options }));
    await client.printed("open\n");
    const askAll = async () => {
        const before = client.stdout.length;
        client.child.stdin!.write("ask\n");
        await client.printed("\n", 60, before);
        return JSON.parse(client.stdout.slice(before)) as FlowReport & { each: string[] };
    };
    return {
        async ask() {
            const { machines, failed } = await askAll();
            return { machines, failed };
        },
        async askEach() {
            return (await askAll()).each;
        },
        async close() {
            client.child.stdin!.end();
            await client.ended;
        },
    };
}

async function report(client: RunningProcess): Promise<LoadReport> {
    await client.ended;
    try {
        return JSON.parse(client.stdout) as LoadReport;
    } catch {
        throw new Error(`the load client gave no report: ${client.stderr}`);
    }
}

function loadProgram(options: LoadOptions): string[] {
    const defaults = { protocol: "tcp", address: NETWORK.virtualIp, concurrency: 4, timeoutMs: 20_000, pauseMs: 0 };
    return program("load", { ...defaults, ...options });
}

function program(name: string, options: object): string[] {
    const file = path.join(__dirname, "programs", `${name}.mts`);
    return [process.execPath, "--experimental-strip-types", "--no-warnings", file, JSON.stringify(options)];
}
