import { until, type RunningProcess, type Topology } from "../../test/runtime/support";

/** Returns when a process, just started, listens on a port (tcp) of its namespace. */
export async function listens(net: Topology, namespace: string, port: number, process: RunningProcess): Promise<void> {
    const commands = net.commands(namespace);
    await until(`port ${port} of ${namespace} is listened on`, async () => {
        if (!process.alive) throw new Error(`nobody listens on port ${port}: ${process.stderr || process.stdout}`);
        const sockets = await commands.run(["ss", "-Hltn", `sport = :${port}`]);
        return sockets.trim() !== "";
    });
}
