// A machine's service. Says on every tcp connection who it is and whom it sees, then echoes, or ticks without being asked;
// answers every datagram so (after a while, if told to), and `GET` with the same as HTTP.
// argv: { name, tcp: [port], ticking: [port], http: [port], status, udp: [port], udpDelayMs }
import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";

interface Arguments {
    readonly name: string;
    readonly tcp?: readonly number[];
    readonly http?: readonly number[];
    readonly udp?: readonly number[];
    readonly status?: number;
    readonly ticking?: readonly number[];
    readonly udpDelayMs?: number;
}
const {
    name,
    tcp = [],
    ticking = [],
    http = [],
    status = 200,
    udp = [],
    udpDelayMs = 0,
} = JSON.parse(process.argv[2]!) as Arguments;

const introduction = (peer: string | undefined, peerPort: number | undefined) =>
    JSON.stringify({ machine: name, peer, peerPort });

const listening: Promise<void>[] = [];

for (const port of [...tcp, ...ticking]) {
    const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.write(introduction(socket.remoteAddress, socket.remotePort) + "\n");
        if (tcp.includes(port)) socket.on("data", (data) => socket.write(data));
        else ticks(socket);
    });
    listening.push(new Promise((resolve) => server.listen(port, "0.0.0.0", 4096, resolve)));
}
for (const port of http) {
    const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", () => {
            const body = introduction(socket.remoteAddress, socket.remotePort);
            socket.end(`HTTP/1.1 ${status} X\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
        });
    });
    listening.push(new Promise((resolve) => server.listen(port, "0.0.0.0", 4096, resolve)));
}
for (const port of udp) {
    const socket = createSocket("udp4");
    socket.on("message", (_, peer) => {
        const answer = () => socket.send(introduction(peer.address, peer.port), peer.port, peer.address);
        setTimeout(answer, udpDelayMs);
    });
    listening.push(new Promise((resolve) => socket.bind(port, "0.0.0.0", resolve)));
}
function ticks(socket: Socket): void {
    const timer = setInterval(() => socket.write("tick\n"), 300);
    socket.on("close", () => clearInterval(timer));
}

await Promise.all(listening);
console.log("listening");
