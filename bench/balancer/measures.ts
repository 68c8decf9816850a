import { readFileSync } from "node:fs";
import path from "node:path";
import { cpuSecondsOfMachine } from "../support/processes";
import { temporaryPath } from "../support/temporary";
import { STREAM_PORT, type Way } from "./way";

/** So much in a second, and what a unit of it cost all processors of the machine: client, network and server. */
export interface Rate {
    readonly perSecond: number;
    readonly cpuMicroseconds: number;
    readonly failed: number;
}

const CONNECTIONS = 64;
const RATE_CLIENTS = 16;

export function keepAlive(way: Way, seconds: number): Promise<Rate> {
    return wrk(way, seconds, []);
}

export function newConnections(way: Way, seconds: number): Promise<Rate> {
    return wrk(way, seconds, ["--header", "Connection: close"]);
}

async function wrk(way: Way, seconds: number, options: string[]): Promise<Rate> {
    const script = path.join(__dirname, "wrk.lua");
    const threads = ["--threads", String(way.web.length), "--connections", String(CONNECTIONS)];
    const command = ["wrk", ...threads, "--duration", `${seconds}s`, "--script", script, ...options];
    const { output, cpuSeconds } = await run(way, [...command, `http://${way.web[0]}/`], {
        TARGETS: way.web.join(" "),
    });
    const last = output.trim().split("\n").at(-1)!;
    const result = JSON.parse(last) as { requests: number; seconds: number; failed: number };
    return rateOf(result.requests, result.seconds, cpuSeconds, result.failed);
}

/** Gbit in a second, through one connection. */
export async function bulk(way: Way, seconds: number): Promise<Rate> {
    const { end, cpuSeconds } = await iperf(way, seconds, []);
    const { bytes, seconds: took } = end.sum_received!;
    return rateOf((bytes * 8) / 1e9, took, cpuSeconds);
}

/** Datagrams of 64 bytes that arrive in a second, sent as fast as one sender can. */
export async function datagrams(way: Way, seconds: number): Promise<Rate> {
    const { end, cpuSeconds } = await iperf(way, seconds, ["--udp", "--bitrate", "0", "--length", "64"]);
    const { packets, lost_packets, seconds: took } = end.sum!;
    return rateOf(packets - lost_packets, took, cpuSeconds);
}

interface IperfEnd {
    readonly sum_received?: { readonly bytes: number; readonly seconds: number };
    readonly sum?: { readonly packets: number; readonly lost_packets: number; readonly seconds: number };
}

async function iperf(way: Way, seconds: number, options: string[]) {
    const where = ["--client", way.stream, "--port", String(STREAM_PORT), "--time", String(seconds)];
    const { output, cpuSeconds } = await run(way, ["iperf3", "--json", ...where, ...options]);
    const { end, error } = JSON.parse(output) as { end: IperfEnd; error?: string };
    if (error !== undefined) throw new Error(`iperf3: ${error}`);
    return { end, cpuSeconds };
}

export interface Latency {
    readonly p50: number;
    readonly p99: number;
}

/** Microseconds that a request takes while so many are sent in a second, whatever becomes of those before. */
export async function latency(way: Way, seconds: number, perSecond: number): Promise<Latency> {
    const log = temporaryPath("h2load.log");
    const rate = [
        "--clients",
        String(RATE_CLIENTS),
        "--rps",
        String(Math.max(1, Math.round(perSecond / RATE_CLIENTS))),
    ];
    await run(way, [
        "h2load",
        "--h1",
        ...rate,
        "--duration",
        String(seconds),
        "--log-file",
        log,
        `http://${way.web[0]}/`,
    ]);
    const took = readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .map((line) => Number(line.split("\t")[2]))
        .sort((a, b) => a - b);
    const percentile = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))]!;
    return { p50: percentile(0.5), p99: percentile(0.99) };
}

async function run({ net, client }: Way, command: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const before = cpuSecondsOfMachine();
    const process = net.processes.start(client, command, env);
    const code = await process.ended;
    if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${process.stderr || process.stdout}`);
    return { output: process.stdout, cpuSeconds: cpuSecondsOfMachine() - before };
}

function rateOf(units: number, seconds: number, cpuSeconds: number, failed = 0): Rate {
    return { perSecond: units / seconds, cpuMicroseconds: (cpuSeconds / units) * 1e6, failed };
}
