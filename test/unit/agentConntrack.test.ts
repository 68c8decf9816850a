import { monitorEventLoopDelay } from "node:perf_hooks";
import { describe, expect, it, vi } from "vitest";
import { Commands } from "../../runtime/balancer";
import { countConnections, movableConnections } from "../../runtime/balancer/conntrack";

const virtualIp = "203.0.113.10";

/** A `conntrack -L` that shows so many flows of 4 machines, whatever is asked for. */
function conntrackOf(flows: number): Commands {
    const line =
        `udp      17 29 src=198.51.%d.%d dst=${virtualIp} sport=%d dport=53 %s` +
        `src=10.80.1.%d dst=198.51.%d.%d sport=5353 dport=%d mark=53 use=1\\n`;
    const print = `BEGIN { for (n = 0; n < ${flows}; n++) {
        a = n % 200; b = int(n / 200) % 200; p = 1024 + n % 60000;
        printf "${line}", a, b, p, n % 2 ? "[UNREPLIED] " : "", 4 + n % 4, a, b, p } }`;
    const shown = `echo "conntrack v1.4.8 (conntrack-tools): ${flows} flow entries have been shown." >&2`;
    return new Commands(["sh", "-c", `awk '${print}'; ${shown}`]);
}

describe("reading the kernel's connections", () => {
    const destinations = [4, 5, 6, 7].map((last) => ({ address: `10.80.1.${last}`, port: 5353 }));

    it("tells who answers which frontend, once each", async () => {
        expect(await movableConnections([virtualIp], conntrackOf(10))).toEqual(
            (["tcp", "udp"] as const).flatMap((protocol) =>
                destinations.map((destination) => ({
                    protocol,
                    address: virtualIp,
                    ports: { first: 53, count: 1 },
                    mark: 53,
                    destination,
                })),
            ),
        );
    });

    it("fails when the list does not end as it should", async () => {
        await expect(movableConnections([virtualIp], new Commands(["false"]))).rejects.toThrow(
            /^conntrack -L .* failed/,
        );
    });

    it("lists the connections of machines that share an address once", async () => {
        const ports = Array.from({ length: 5_000 }, (_, n) => ({ first: 5_353 - (n % 1_000), count: 1 }));
        const machines = ports.map((range) => ({ protocol: "udp", address: "10.80.1.4", ports: range }) as const);
        const commands = conntrackOf(10);
        const lookUps = vi.spyOn(commands, "start");

        const counts = await countConnections(machines, commands);

        expect(counts).toEqual(ports.map(({ first }) => (first === 5_353 ? 10 : 0)));
        expect(lookUps).toHaveBeenCalledOnce();
    });

    it("given as many as a kernel holds, then nobody else waits long and little memory is needed", async () => {
        const commands = conntrackOf(262_144);
        const delay = monitorEventLoopDelay({ resolution: 5 });
        const before = process.memoryUsage.rss();
        let most = before;
        const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
        delay.enable();

        const found = await movableConnections([virtualIp], commands);
        const [count] = await countConnections(
            [{ protocol: "udp", address: "10.80.1.4", ports: { first: 5353, count: 1 } }],
            commands,
        );
        delay.disable();
        clearInterval(watch);

        expect(found).toHaveLength(8);
        expect(count).toBe(262_144);
        expect(delay.max / 1e6).toBeLessThan(200);
        expect((most - before) / 1e6).toBeLessThan(100);
    });
});
