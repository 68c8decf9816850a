// A machine's service. Says on every tcp connection who it is and whom it sees, then echoes; answers every datagram so,
// and `GET` with the same as HTTP. argv: { name, tcp: [port], udp: [port], status }
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

interface Arguments {
    readonly name: string;
    readonly tcp?: readonly number[];
    readonly http?: readonly number[];
    readonly udp?: readonly number[];
    readonly status?: number;
}
const { name, tcp = [], http = [], udp = [], status = 200 } = JSON.parse(process.argv[2]!) as Arguments;

const introduction = (peer: string | undefined, peerPort: number | undefined) =>
    JSON.stringify({ machine: name, peer, peerPort });

const listening: Promise<void>[] = [];

for (const port of tcp) {
    const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.write(introduction(socket.remoteAddress, socket.remotePort) + "\n");
        socket.on("data", (data) => socket.write(data));
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
    socket.on("message", (_, peer) => socket.send(introduction(peer.address, peer.port), peer.port, peer.address));
    listening.push(new Promise((resolve) => socket.bind(port, "0.0.0.0", resolve)));
}
await Promise.all(listening);
console.log("listening");
