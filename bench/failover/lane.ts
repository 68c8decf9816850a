import path from "node:path";
import { pause, startServer, Topology, until, type RunningProcess } from "../../test/runtime/support";
import { PUBLIC_PORT } from "../balancer/way";
import type { Start, TakenOut } from "./contestants";
import { WEB_PORT, type Kind } from "./kinds";

/** What clients saw of one failure. */
export interface Failure {
    /** How many new connections were not answered. */
    readonly failed: number;
    /** Milliseconds until the last one that was not answered began; 0 when all were. */
    readonly lastFailed: number;
    /** Milliseconds that the slowest one took which was answered. */
    readonly slowest: number;
    /** Milliseconds until the balancer took the member out; undefined when it did not while the member failed. */
    readonly detected: number | undefined;
}

type Attempt = [began: number, took: number, answered: boolean];

const MEMBERS = 3;
const EVERY_MS = 20;
/** More than the second after which a client's kernel says again that it wants to connect. */
const TIMEOUT_MS = 1500;
const FAILS_FOR_MS = 1500;
const RECOVERS_FOR_MS = 600;

/** Machines, a balancer and clients of its own. */
export interface Lane {
    /** One member after another fails and recovers, while clients connect. */
    run(times: number): Promise<Failure[]>;
    remove(): Promise<void>;
}

/** Where members fail in one way; clients connect when this returns. */
export async function prepareLane(start: Start, kind: Kind): Promise<Lane> {
    const net = new Topology(MEMBERS);
    const servers: RunningProcess[] = [];
    for (const machine of net.machines) {
        servers.push(await startServer(net, machine, { http: [WEB_PORT] }));
        await kind.prepare?.(net, machine);
    }
    const takenOut = await start(net);
    const client = await startClient(net);
    return {
        async run(times) {
            const begins: { at: number; member: string }[] = [];
            for (let n = 0; n < times; n++) {
                await pause(RECOVERS_FOR_MS);
                const [machine, server] = [net.machines[n % MEMBERS]!, servers[n % MEMBERS]!];
                begins.push({ at: performance.timeOrigin + performance.now(), member: machine.name });
                await kind.begin(net, machine, server);
                await pause(FAILS_FOR_MS);
                await kind.end(net, machine, server);
            }
            client.child.stdin!.end();
            await client.ended;
            const attempts = JSON.parse(client.stdout) as Attempt[];
            const all = takenOut();
            return begins.map(({ at, member }) => ({
                ...seenByClients(at, attempts),
                detected: detectedAfter(at, member, all),
            }));
        },
        remove: () => net.remove(),
    };
}

async function startClient(net: Topology): Promise<RunningProcess> {
    const options = { address: net.network.virtualIp, port: PUBLIC_PORT, everyMs: EVERY_MS, timeoutMs: TIMEOUT_MS };
    const program = path.join(__dirname, "attempts.mts");
    const node = [process.execPath, "--experimental-strip-types", "--no-warnings", program];
    const client = net.processes.start(net.outside, [...node, JSON.stringify(options)]);
    await until("clients connect", () => client.stderr.includes("running"), 60);
    return client;
}

function seenByClients(begin: number, attempts: readonly Attempt[]): Omit<Failure, "detected"> {
    // One that began just before may have met the failure too.
    const during = attempts.filter(([began]) => began >= begin - EVERY_MS && began < begin + FAILS_FOR_MS);
    if (during.length === 0) throw new Error("nobody connected while a member failed");
    const failed = during.filter(([, , answered]) => !answered);
    return {
        failed: failed.length,
        lastFailed: Math.max(0, ...failed.map(([began]) => began - begin)),
        slowest: Math.max(0, ...during.filter(([, , answered]) => answered).map(([, took]) => took)),
    };
}

function detectedAfter(begin: number, member: string, all: readonly TakenOut[]): number | undefined {
    // Agents write whole milliseconds.
    const one = all.find((one) => one.member === member && one.at > begin - 1 && one.at < begin + FAILS_FOR_MS);
    return one && Math.max(0, one.at - begin);
}
