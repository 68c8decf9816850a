import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { seen } from "../support/processes";
import { writeTemporary } from "../support/temporary";
import { DOMAIN, type Server } from "./server";

export interface Answered {
    readonly perSecond: number;
    /** Of the server's processes alone. */
    readonly perCpuSecond: number;
    readonly lost: number;
}

const CLIENTS = 8;
const run = promisify(execFile);

/** As many queries as the server answers. */
export async function askAtMost(server: Server, name: string, seconds: number): Promise<Answered> {
    const before = cpuSecondsOf(server);
    const output = await dnsperf(server, name, ["-l", String(seconds)]);
    const cpuSeconds = cpuSecondsOf(server) - before;
    const completed = numberIn(output, /Queries completed: +(\d+)/);
    return {
        perSecond: numberIn(output, /Queries per second: +([\d.]+)/),
        perCpuSecond: completed / cpuSeconds,
        lost: numberIn(output, /Queries lost: +(\d+)/),
    };
}

/** Microseconds within which 99 of 100 are answered at a steady rate. */
export async function askSteadily(server: Server, name: string, seconds: number, perSecond: number): Promise<number> {
    const output = await dnsperf(server, name, ["-l", String(seconds), "-Q", String(perSecond), "-v"]);
    const took = [...output.matchAll(/^> \w+ \S+ A ([\d.]+)$/gm)].map(([, text]) => Number(text) * 1e6);
    took.sort((a, b) => a - b);
    if (took.length === 0) throw new Error(`dnsperf told no times: ${output.slice(0, 500)}`);
    return took[Math.floor(took.length * 0.99)]!;
}

async function dnsperf(server: Server, name: string, options: string[]): Promise<string> {
    const queries = writeTemporary("queries", `${name}.${DOMAIN} A\n`);
    const where = ["-s", "127.0.0.1", "-p", String(server.port), "-d", queries, "-c", String(CLIENTS)];
    return (await run("dnsperf", [...where, ...options], { maxBuffer: 2 ** 28 })).stdout;
}

function cpuSecondsOf(server: Server): number {
    return server.pids().reduce((sum, pid) => sum + (seen(pid)?.cpuSeconds ?? 0), 0);
}

function numberIn(text: string, what: RegExp): number {
    const found = what.exec(text)?.[1];
    if (found === undefined) throw new Error(`dnsperf did not say ${what.source}: ${text.slice(-500)}`);
    return Number(found);
}
