import path from "node:path";
import type { Machine, Topology } from "./topology";
import type { RunningProcess } from "./processes";

export interface ServerOptions {
    /** Ports that greet with one line of JSON and then echo. */
    readonly tcp?: readonly number[];
    /** Ports that answer HTTP requests, with `status`. */
    readonly http?: readonly number[];
    readonly udp?: readonly number[];
    readonly status?: number;
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
}

export interface LoadReport {
    readonly ok: number;
    /** How many failed, by error code. */
    readonly failed: Readonly<Record<string, number>>;
    /** How many each machine answered. */
    readonly machines: Readonly<Record<string, number>>;
    /** How many the machines saw from each address. */
    readonly peers: Readonly<Record<string, number>>;
    readonly slowestMs: number;
}

export interface Load {
    stop(): Promise<LoadReport>;
}

/** Opens connections from a namespace until stopped; the first has ended when this returns. */
export async function startLoad(net: Topology, namespace: string, options: LoadOptions): Promise<Load> {
    const client = net.processes.start(namespace, loadProgram(options));
    while (client.alive && !client.stderr.includes("running")) await new Promise((resolve) => setTimeout(resolve, 5));
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

async function report(client: RunningProcess): Promise<LoadReport> {
    await client.ended;
    try {
        return JSON.parse(client.stdout) as LoadReport;
    } catch {
        throw new Error(`the load client gave no report: ${client.stderr}`);
    }
}

function loadProgram(options: LoadOptions): string[] {
    const defaults = { protocol: "tcp", address: "203.0.113.10", concurrency: 4, timeoutMs: 20_000, pauseMs: 0 };
    return program("load", { ...defaults, ...options });
}

function program(name: string, options: object): string[] {
    const file = path.join(__dirname, "programs", `${name}.mts`);
    return [process.execPath, "--experimental-strip-types", "--no-warnings", file, JSON.stringify(options)];
}
