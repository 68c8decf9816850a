import http from "node:http";
import net from "node:net";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { probe as probeSchema, type ActiveProbe } from "../../model/health/probe";
import { askMachine } from "../../runtime/agent/probes";
import { LOOPBACK as address, Servers } from "./support/servers";

describe("a probe", () => {
    const servers = new Servers();

    afterEach(() => servers.close());

    const tcp = probeSchema.parse({ protocol: "tcp" }) as ActiveProbe;
    const healthz = probeSchema.parse({ protocol: "http", path: "/healthz" }) as ActiveProbe;

    it("sees an answer that came in time, though the agent was busy until after that", async () => {
        const server = new Worker(
            `const server = require("node:http").createServer((_, response) => setTimeout(() => response.end(), 100));
            server.listen(0, "${address}", () => require("node:worker_threads").parentPort.postMessage(server.address().port));`,
            { eval: true },
        );
        try {
            const port = await new Promise<number>((resolve) => server.once("message", resolve));
            const result = askMachine(healthz, { address, port }, 0.2);
            await new Promise((resolve) => setTimeout(resolve, 50));
            // From here on timers are due before sockets are read.
            await new Promise((resolve) => setImmediate(resolve));
            const begin = Date.now();
            while (Date.now() - begin < 500);
            expect(await result).toEqual({ outcome: "success" });
        } finally {
            await server.terminate();
        }
    });

    describe("over tcp", () => {
        it("succeeds with the handshake", async () => {
            const port = await servers.listen(net.createServer());
            expect(await askMachine(tcp, { address, port }, 1)).toEqual({ outcome: "success" });
        });

        it("says that the connection was refused, and where", async () => {
            const port = await servers.freePort();
            expect(await askMachine(tcp, { address, port }, 1)).toEqual({
                outcome: "refusal",
                reason: `connection refused on 127.0.0.1:${port}`,
            });
        });
    });

    it("writes an IPv6 address as it is written with a port", async () => {
        const port = await servers.freePort();
        const reason = `connection refused on [::1]:${port}`;
        expect(await askMachine(tcp, { address: "::1", port }, 1)).toMatchObject({ reason });
        expect(await askMachine(healthz, { address: "::1", port }, 1)).toMatchObject({ reason });
    });

    describe("over http", () => {
        it("asks for the path with the address as host, without keeping the connection", async () => {
            let seen: http.IncomingMessage | undefined;
            const port = await servers.listen(
                http.createServer((request, response) => void ((seen = request), response.end())),
            );

            expect(await askMachine(healthz, { address, port }, 1)).toEqual({ outcome: "success" });
            expect(seen).toMatchObject({ method: "GET", url: "/healthz" });
            expect(seen!.headers).toMatchObject({ host: `127.0.0.1:${port}`, connection: "close" });
        });

        it.each([204, 302, 404, 503])("takes %d for a no", async (status) => {
            const server = http.createServer((_, response) => response.writeHead(status, { Location: "/ok" }).end());
            const port = await servers.listen(server);
            expect(await askMachine(healthz, { address, port }, 1)).toEqual({
                outcome: "refusal",
                reason: `${status} from http://127.0.0.1:${port}/healthz`,
            });
        });

        it("says that the connection was refused", async () => {
            const port = await servers.freePort();
            expect(await askMachine(healthz, { address, port }, 1)).toMatchObject({
                outcome: "refusal",
                reason: `connection refused on 127.0.0.1:${port}`,
            });
        });

        it("tells silence from a no", async () => {
            const port = await servers.listen(http.createServer(() => {}));
            expect(await askMachine(healthz, { address, port }, 0.2)).toEqual({
                outcome: "silence",
                reason: `no answer from http://127.0.0.1:${port}/healthz within 0.2 s`,
            });
        });

        it("counts the time of the whole answer's head, not of each byte", async () => {
            const server = net.createServer((socket) => {
                socket.on("error", () => {});
                const timer = setInterval(() => socket.write("H"), 50);
                socket.on("close", () => clearInterval(timer));
                socket.write("HTTP/1.1 200 OK\r\nX: ");
            });
            const port = await servers.listen(server);
            expect(await askMachine(healthz, { address, port }, 0.3)).toMatchObject({ outcome: "silence" });
        });

        it("takes a connection that is closed without an answer for a no", async () => {
            const port = await servers.listen(net.createServer((socket) => socket.end()));
            expect(await askMachine(healthz, { address, port }, 1)).toEqual({
                outcome: "refusal",
                reason: `connection reset by 127.0.0.1:${port}`,
            });
        });

        it("takes what is not HTTP for a no", async () => {
            const port = await servers.listen(net.createServer((socket) => socket.end("SSH-2.0-OpenSSH\r\n")));
            expect(await askMachine(healthz, { address, port }, 1)).toEqual({
                outcome: "refusal",
                reason: `no valid HTTP in the answer from http://127.0.0.1:${port}/healthz`,
            });
        });

        it("is content with the head of an endless body, and lets go of it", async () => {
            const closed = new Promise<void>((resolve) => {
                const server = http.createServer((_, response) => {
                    const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
                    response.on("close", () => {
                        clearInterval(timer);
                        resolve();
                    });
                });
                void servers
                    .listen(server)
                    .then(async (port) =>
                        expect(await askMachine(healthz, { address, port }, 5)).toEqual({ outcome: "success" }),
                    );
            });
            await closed;
        });

        const ask = (settings: object, port: number, timeoutSeconds = 1) =>
            askMachine(
                probeSchema.parse({ protocol: "http", ...settings }) as ActiveProbe,
                { address, port },
                timeoutSeconds,
            );
        const answering = (body: string | Buffer, status = 200) =>
            servers.listen(http.createServer((_, response) => response.writeHead(status).end(body)));

        it("sends the program's headers, its Host among them, instead of its own", async () => {
            let seen: http.IncomingMessage | undefined;
            const port = await servers.listen(
                http.createServer((request, response) => void ((seen = request), response.end())),
            );
            const headers = { host: "www.contoso.com", "user-agent": "me", Authorization: "Bearer x" };
            expect(await ask({ headers }, port)).toEqual({ outcome: "success" });
            expect(seen!.headers).toEqual({
                ...{ host: "www.contoso.com", "user-agent": "me", authorization: "Bearer x" },
                ...{ accept: "*/*", "accept-encoding": "identity", connection: "close" },
            });
            expect(seen!.rawHeaders.filter((name) => name.toLowerCase() === "host")).toHaveLength(1);
        });

        it.each([
            [["200-299", 404], 204, "success"],
            [["200-299", 404], 404, "success"],
            [["200-299", 404], 403, "refusal"],
            [[301], 301, "success"],
            [[301], 200, "refusal"],
        ])("given the statuses %j, takes %d for a %s", async (expectedStatus, status, outcome) => {
            expect(await ask({ expectedStatus }, await answering("", status))).toMatchObject({ outcome });
        });

        it.each([
            [{ contains: "ready" }, "all ready", "success"],
            [{ matches: "^all" }, "all ready", "success"],
            [{ contains: "prêt" }, "pas prêt", "success"],
            [{ contains: "ready" }, "x".repeat(16 * 1024 - 5) + "ready", "success"],
            [{ contains: "ready" }, "x".repeat(16 * 1024 - 4) + "ready", "refusal"],
            [{ contains: "ready" }, "", "refusal"],
            [{ matches: "^ready" }, "all ready", "refusal"],
        ])("given the body %j, looks at its first 16 KiB as UTF-8", async (body, answer, outcome) => {
            expect(await ask({ body }, await answering(answer))).toMatchObject({ outcome });
        });

        it("says that the body is another, without repeating it", async () => {
            const port = await answering("internal details");
            expect(await ask({ body: { contains: "hush" } }, port)).toEqual({
                outcome: "refusal",
                reason: `200 from http://127.0.0.1:${port}/, but its body is not as expected`,
            });
        });

        it("judges the status before the body", async () => {
            const port = await answering("ready", 503);
            expect(await ask({ body: { contains: "ready" } }, port)).toMatchObject({
                reason: `503 from http://127.0.0.1:${port}/`,
            });
        });

        it("finds a text that comes in pieces", async () => {
            const port = await servers.listen(
                http.createServer((_, response) => {
                    response.write("rea");
                    setTimeout(() => response.end("dy"), 50);
                }),
            );
            expect(await ask({ body: { contains: "ready" } }, port, 5)).toEqual({ outcome: "success" });
        });

        it("takes a body that does not come for silence, and one that breaks off for a no", async () => {
            const silent = await servers.listen(http.createServer((_, response) => void response.write("rea")));
            expect(await ask({ body: { contains: "ready" } }, silent, 0.2)).toMatchObject({ outcome: "silence" });

            const broken = await servers.listen(
                http.createServer((_, response) => {
                    response.writeHead(200, { "Content-Length": "5" }).write("rea");
                    setTimeout(() => response.destroy(), 50);
                }),
            );
            expect(await ask({ body: { contains: "ready" } }, broken, 5)).toEqual({
                outcome: "refusal",
                reason: `connection closed before the answer from http://127.0.0.1:${broken}/ was complete`,
            });
        });
    });
});
