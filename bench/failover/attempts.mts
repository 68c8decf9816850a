// A client that makes a new connection and a request every few milliseconds, whatever becomes of those before. When stdin
// ends it prints them all as JSON: [began (ms since the epoch), took (ms), whether it was answered with 200].
// argv: { address, port, everyMs, timeoutMs }
import { connect } from "node:net";

interface Arguments {
    readonly address: string;
    readonly port: number;
    readonly everyMs: number;
    readonly timeoutMs: number;
}
const { address, port, everyMs, timeoutMs } = JSON.parse(process.argv[2]!) as Arguments;
const attempts: [number, number, boolean][] = [];

function attempt(): void {
    const began = performance.now();
    let text = "";
    let isOver = false;
    const socket = connect({ host: address, port });
    const end = () => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        socket.destroy();
        attempts.push([performance.timeOrigin + began, performance.now() - began, text.startsWith("HTTP/1.1 200 ")]);
    };
    const timer = setTimeout(end, timeoutMs);
    socket.on("connect", () => socket.write("GET / HTTP/1.1\r\nHost: bench\r\n\r\n"));
    socket.on("data", (data) => (text += String(data)));
    socket.on("error", end).on("end", end).on("close", end);
}

const begin = performance.now();
let made = 0;
const timer = setInterval(() => {
    for (; made < (performance.now() - begin) / everyMs; made++) attempt();
}, everyMs);
process.stdin.resume().on("end", () => {
    clearInterval(timer);
    setTimeout(() => process.stdout.write(JSON.stringify(attempts), () => process.exit(0)), timeoutMs);
});
console.error("running");
