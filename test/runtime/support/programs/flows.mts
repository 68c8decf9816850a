// A client that keeps several connections (tcp) or sockets (udp) open. Each line on stdin asks on all of them once, and
// one line of JSON answers: how many each machine answered, what failed, and who answered each. A silent tcp client only waits for what comes.
// argv: { protocol, address, port, flows, timeoutMs, silent }
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { createInterface } from "node:readline";

interface Arguments {
    readonly protocol: "tcp" | "udp";
    readonly address: string;
    readonly port: number;
    readonly flows: number;
    readonly timeoutMs: number;
    readonly silent?: boolean;
}
const { protocol, address, port, flows, timeoutMs, silent } = JSON.parse(process.argv[2]!) as Arguments;

/** Asks once and tells which machine answered. */
type Flow = () => Promise<string>;
const open = await Promise.all(Array.from({ length: flows }, protocol === "tcp" ? openTcp : openUdp));
console.log("open");

for await (const _ of createInterface({ input: process.stdin })) {
    const report = {
        machines: {} as Record<string, number>,
        failed: {} as Record<string, number>,
        each: [] as string[],
    };
    const count = (counts: Record<string, number>, key: string) => (counts[key] = (counts[key] ?? 0) + 1);
    const answers = await Promise.allSettled(open.map((ask) => inTime(ask())));
    for (const answer of answers) {
        const failure = answer.status === "rejected" ? (answer.reason as NodeJS.ErrnoException) : undefined;
        const what = answer.status === "fulfilled" ? answer.value : (failure?.code ?? String(failure));
        count(failure ? report.failed : report.machines, what);
        report.each.push(what);
    }
    console.log(JSON.stringify(report));
}
process.exit(0);

/** Greeted with the machine's name; asking is an echo there and back. */
function openTcp(): Promise<Flow> {
    const socket = connect({ host: address, port });
    let broken: Error | undefined;
    let answered: ((error?: Error) => void) | undefined;
    const end = (error: Error) => {
        broken ??= error;
        answered?.(broken);
    };
    socket.on("error", end).on("close", () => end(Object.assign(new Error("closed"), { code: "CLOSED" })));
    return new Promise((resolve, reject) => {
        socket.once("error", reject);
        socket.setEncoding("utf8").once("data", (greeting: string) => {
            const { machine } = JSON.parse(greeting) as { machine: string };
            socket.on("data", () => answered?.());
            resolve(
                () =>
                    new Promise((answer, fail) => {
                        answered = (error) => (error ? fail(error) : answer(machine));
                        if (broken) fail(broken);
                        else if (!silent) socket.write("echo\n");
                    }),
            );
        });
    });
}

function openUdp(): Promise<Flow> {
    const socket = createSocket("udp4");
    const opened = new Promise<void>((resolve) => socket.connect(port, address, resolve));
    return opened.then(() => () => {
        socket.removeAllListeners();
        return new Promise((resolve, reject) => {
            socket.on("error", reject);
            socket.on("message", (data) => resolve((JSON.parse(data.toString()) as { machine: string }).machine));
            socket.send("hello");
        });
    });
}

function inTime<T>(answer: Promise<T>): Promise<T> {
    const late = Object.assign(new Error("no answer in time"), { code: "TIMEOUT" });
    return Promise.race([answer, new Promise<T>((_, reject) => setTimeout(() => reject(late), timeoutMs).unref())]);
}
