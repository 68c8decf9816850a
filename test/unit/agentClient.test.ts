import { once } from "node:events";
import fs from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EMPTY_CONFIGURATION } from "../../model/balancer/configuration";
import { AgentClient } from "../../provider/control/agent";
import { GATEWAY } from "../../provider/control/runtimes";
import type { Host } from "../../provider/docker/host";

const CONFIGURATION = JSON.stringify({ revision: 3, configuration: EMPTY_CONFIGURATION });

describe("the client of an agent", () => {
    let directory: string;
    let server: http.Server;
    let connections: net.Socket[];
    let client: AgentClient<never, never, { waitSeconds: number }>;

    beforeEach(async () => {
        directory = await fs.mkdtemp(path.join(os.tmpdir(), "switchyard-client-"));
        const socket = path.join(directory, "agent.sock");
        connections = [];
        server = http.createServer().listen(socket);
        server.keepAliveTimeout = 0;
        await once(server, "listening");
        const exec = { start: async () => framed(connections, socket), inspect: async () => ({ ExitCode: 0 }) };
        const docker = { getContainer: () => ({ exec: async () => exec }) };
        client = new AgentClient({ docker, address: "here" } as unknown as Host, GATEWAY as never, "gateway");
    });

    afterEach(async () => {
        vi.useRealTimers();
        client.close();
        server.close();
        server.closeAllConnections();
        await fs.rm(directory, { recursive: true, force: true });
    });

    it("says that an apply has fallen silent, though the agent had begun to answer", async () => {
        vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
        server.on("request", (request, response) => {
            request.resume();
            response.write(`${JSON.stringify({ event: "progress", message: "waiting" })}\n`);
        });
        const request = { configuration: EMPTY_CONFIGURATION as never, basedOn: 0, waitSeconds: 1 };
        const applied = client.apply(request, () => queueMicrotask(() => vi.advanceTimersByTime(30_000)));
        await expect(applied).rejects.toThrow("the agent of gateway gateway has not answered for 30 s");
    });

    it("speaks on a new connection where all that were kept turn out to be dead", async () => {
        let [dead, asked] = [false, 0];
        server.on("request", (request, response) => {
            asked++;
            if (dead && connections.length < 3) return request.socket.destroy();
            setTimeout(() => response.end(CONFIGURATION), 50);
        });
        await Promise.all([client.configuration(), client.configuration()]);
        expect(connections).toHaveLength(2);
        dead = true;
        expect(await client.configuration()).toMatchObject({ revision: 3 });
        expect(asked).toBe(5);
    });
});

/** A connection as Docker gives it: what comes out is framed. */
async function framed(connections: net.Socket[], path: string): Promise<Duplex> {
    const socket = net.connect(path);
    connections.push(socket);
    const raw = new Duplex({
        read() {},
        write: (chunk, _, done) => void socket.write(chunk, done),
        destroy: (error, done) => {
            socket.destroy();
            done(error);
        },
    });
    socket.on("data", (chunk: Buffer) => {
        const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
        header.writeUInt32BE(chunk.length, 4);
        raw.push(Buffer.concat([header, chunk]));
    });
    socket.on("close", () => raw.push(null)).on("error", (error) => raw.destroy(error));
    return raw;
}
