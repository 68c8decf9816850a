// A client that opens connections one after another, several at a time, each from a port of its own, and counts who
// answered and what failed. Ends after `connections`, or when told so on stdin; prints its counts as JSON.
// argv: { protocol, address, port, connections?, concurrency, timeoutMs, pauseMs, from? }: addresses to connect from, in turn
import { createSocket } from "node:dgram";
import { connect } from "node:net";

interface Arguments {
    readonly protocol: "tcp" | "udp";
    readonly address: string;
    readonly port: number;
    readonly connections?: number;
    readonly concurrency: number;
    readonly timeoutMs: number;
    readonly pauseMs: number;
    readonly from?: readonly string[];
}
const {
    protocol,
    address,
    port,
    connections,
    concurrency,
    timeoutMs,
    pauseMs,
    from: sources = [],
} = JSON.parse(process.argv[2]!) as Arguments;

interface Answer {
    readonly machine: string;
    readonly peer: string;
}
const report = {
    ok: 0,
    failed: {} as Record<string, number>,
    machines: {} as Record<string, number>,
    peers: {} as Record<string, number>,
    machinesByPeer: {} as Record<string, Record<string, number>>,
    slowestMs: 0,
};
const count = (counts: Record<string, number>, key: string) => (counts[key] = (counts[key] ?? 0) + 1);
let started = 0;
let ended = 0;
let stopped = false;
process.stdin.on("data", () => (stopped = true)).on("end", () => (stopped = true));

const one = protocol === "tcp" ? overTcp : overUdp;
const lanes = Array.from({ length: concurrency }, async () => {
    while (!stopped && started < (connections ?? Infinity)) {
        started++;
        const from = performance.now();
        try {
            const { machine, peer } = await one(sources[(started - 1) % sources.length]);
            report.ok++;
            count(report.machines, machine);
            count(report.peers, peer);
            count((report.machinesByPeer[peer] ??= {}), machine);
        } catch (error) {
            count(report.failed, (error as NodeJS.ErrnoException).code ?? (error as Error).message);
        }
        report.slowestMs = Math.max(report.slowestMs, Math.round(performance.now() - from));
        if (++ended === 1) console.error("running");
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
});
await Promise.all(lanes);
console.log(JSON.stringify(report));
process.exit(0);

/** Connected, greeted, and one echo there and back. */
function overTcp(localAddress?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const socket = connect({ host: address, port, localAddress });
        let text = "";
        const timer = setTimeout(() => socket.destroy(fail("TIMEOUT")), timeoutMs);
        socket.setEncoding("utf8").on("data", (chunk) => {
            if (text === "") socket.write("echo\n");
            text += String(chunk);
            if (text.endsWith("echo\n")) {
                resolve(JSON.parse(text.slice(0, text.indexOf("\n"))) as Answer);
                socket.end();
            }
        });
        socket.on("error", reject);
        socket.on("close", () => {
            clearTimeout(timer);
            reject(fail("CLOSED"));
        });
    });
}

function overUdp(localAddress?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const socket = createSocket("udp4");
        const timer = setTimeout(() => finish(fail("TIMEOUT")), timeoutMs);
        const finish = (error: Error | undefined, answer?: Answer) => {
            clearTimeout(timer);
            socket.removeAllListeners().on("error", () => {});
            socket.close();
            if (error) reject(error);
            else resolve(answer!);
        };
        socket.on("error", (error) => finish(error));
        socket.on("message", (data) => finish(undefined, JSON.parse(data.toString()) as Answer));
        // Connected, so that the kernel reports a refusal.
        socket.bind({ address: localAddress }, () => socket.connect(port, address, () => socket.send("hello")));
    });
}

function fail(code: string): Error {
    return Object.assign(new Error(code), { code });
}
