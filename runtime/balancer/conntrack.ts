import type { Destination } from "../../model/balancer/plan";
import type { Protocol } from "../../model/schema/fields";
import { firstLines, type Commands } from "./commands";

/** Connections of one frontend with one destination, as the kernel records them (conntrack). */
export interface Served {
    readonly protocol: Protocol;
    readonly virtualIp: string;
    readonly publicPort: number;
    readonly destination: Destination;
}

/**
 * What can be moved to another destination: any udp, and tcp that nobody has answered. A handshake that the destination
 * did answer is left alone: a machine that its probe condemns may still keep its promise.
 */
const MOVABLE: Record<Protocol, readonly string[]> = { tcp: ["--state", "SYN_SENT"], udp: [] };
const OPEN: Record<Protocol, readonly string[]> = { tcp: ["--state", "ESTABLISHED"], udp: ["--status", "ASSURED"] };

/** conntrack gives up when an entry vanishes while it deletes. */
const ATTEMPTS = 4;

/** Forgets these connections, so that the client's next packet (udp) or try (tcp, after 1, 3, 7 … s) is sent anew. */
export async function forgetConnections(served: readonly Served[], commands: Commands): Promise<void> {
    if (served.length === 0) return;
    // One process after another in one shell: conntrack's own batches (--load-file) mix up the filters of their commands.
    const script = served.map((one) => `${deletion(one).join(" ")} >/dev/null\n`).join("");
    for (let attempt = 1; ; attempt++) {
        const { stderr } = await commands.attempt(["sh", "-s"], script);
        // The exit code would tell whether there were any, which is not an error.
        if ([...stderr.matchAll(/flow entries have been deleted/g)].length === served.length) return;
        if (attempt === ATTEMPTS) throw new Error(`conntrack failed to delete: ${firstLines(stderr)}`);
    }
}

/** The kernel compares the mark that our rules leave; all else conntrack compares itself, entry by entry. */
function deletion({ protocol, virtualIp, publicPort, destination }: Served): string[] {
    const mark = destination.address === virtualIp ? 0 : publicPort;
    return [
        ...["conntrack", "-D", "-f", "ipv4", "-p", protocol, "-m", String(mark), ...MOVABLE[protocol]],
        ...["--orig-dst", virtualIp, "--orig-port-dst", String(publicPort), ...repliesFrom(destination)],
    ];
}

/** Both directions in one line: the first shows what the client asked for, the second who answers. */
const FLOW = / dport=(\d+) .*\bsrc=(\S+) dst=\S+ sport=(\d+)/;

/** All connections through the VIP that could be forgotten. */
export async function movableConnections(virtualIp: string, commands: Commands): Promise<Served[]> {
    const found = new Map<string, Served>();
    for (const protocol of ["tcp", "udp"] as const) {
        const filter = ["-f", "ipv4", "-p", protocol, ...MOVABLE[protocol], "--orig-dst", virtualIp];
        await list(filter, commands, (line) => {
            const [, publicPort, address, port] = FLOW.exec(line) ?? [];
            const key = `${protocol} ${publicPort} ${address}:${port}`;
            if (address === undefined || found.has(key)) return;
            const destination = { address, port: Number(port) };
            found.set(key, { protocol, virtualIp, publicPort: Number(publicPort), destination });
        });
    }
    return [...found.values()];
}

/** Connections that are open at this destination now, through whichever frontend: what draining waits for. */
export async function countConnections(
    protocol: Protocol,
    destination: Destination,
    commands: Commands,
): Promise<number> {
    let count = 0;
    const filter = ["-f", "ipv4", "-p", protocol, ...OPEN[protocol], ...repliesFrom(destination)];
    await list(filter, commands, () => count++);
    return count;
}

/** The kernel may hold hundreds of thousands. */
async function list(filter: readonly string[], commands: Commands, onFlow: (line: string) => void): Promise<void> {
    const { stderr } = await commands.attemptLines(["conntrack", "-L", ...filter], onFlow);
    if (!/flow entries have been shown/.test(stderr))
        throw new Error(`conntrack -L ${filter.join(" ")} failed: ${stderr.trim()}`);
}

function repliesFrom({ address, port }: Destination): string[] {
    return ["--reply-src", address, "--reply-port-src", String(port)];
}
