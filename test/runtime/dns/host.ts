import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";

/** A port of the loopback that is free for tcp and udp. */
export async function freePort(): Promise<number> {
    const tcp = createServer().listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket("udp4");
    try {
        await once(udp.bind(port, "127.0.0.1"), "listening");
        return port;
    } catch {
        return await freePort();
    } finally {
        udp.close();
        tcp.close();
    }
}

/** The numbers of gdnsd's processes that are told of a file below the folder; two for a moment, while one takes over. */
export function daemonsIn(folder: string): number[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .filter((pid) => {
            try {
                const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
                return path.basename(command[0]!) === "gdnsd" && command.some((word) => word.startsWith(`${folder}/`));
            } catch {
                // It has ended meanwhile.
                return false;
            }
        })
        .map(Number);
}
