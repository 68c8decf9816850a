import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { docker } from "../support/docker";
import { Example } from "../support/example";
import { ask, freePort } from "../support/traffic";

let example: Example;
let port: number;

beforeAll(async () => {
    example = new Example("internal-set");
    port = await freePort();
    await example.configure({ port });
    await example.up();
});
afterAll(() => example.remove());

async function answers(): Promise<string[]> {
    const all = await Promise.all(Array.from({ length: 40 }, () => ask(port)));
    return [...new Set(all)].sort();
}

/** Whether a port of the VIP takes a connection. */
async function isOpen(port: number): Promise<boolean> {
    const socket = connect({ host: await example.output("virtualIp"), port });
    try {
        await once(socket, "connect", { signal: AbortSignal.timeout(5_000) });
        return true;
    } catch {
        return false;
    } finally {
        socket.destroy();
    }
}

it("leads web servers to both databases", async () => {
    expect(await answers()).toEqual(["database1", "database2"]);
    const web = async () => {
        const response = await fetch(`http://127.0.0.1:${port}`, { headers: { connection: "close" } });
        return response.headers.get("Web");
    };
    const webs = await Promise.all(Array.from({ length: 40 }, web));
    expect([...new Set(webs)].sort()).toEqual(["web1", "web2"]);
});

it("is not at the public address", async () => {
    expect(await isOpen(80)).toBe(true);
    expect(await isOpen(5432)).toBe(false);
});

it("leaves out a database that is stopped, and takes it back", async () => {
    const database = await example.container("database1");
    docker("stop", database);
    await vi.waitFor(async () => expect(await answers()).toEqual(["database2"]), { timeout: 60_000, interval: 500 });
    docker("start", database);
    await vi.waitFor(async () => expect(await answers()).toEqual(["database1", "database2"]), {
        timeout: 60_000,
        interval: 500,
    });
});

it("has nothing left to do, and leaves nothing behind", async () => {
    expect(await example.preview()).toEqual({});
    expect(await example.destroy()).toEqual([]);
});
