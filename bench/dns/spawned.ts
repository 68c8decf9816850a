import { spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "../../test/runtime/support";
import { ask } from "../../test/runtime/dns/client";
import { undoAtExit } from "../support/undo";
import { DOMAIN, type Server } from "./server";

/** Starts a server in the foreground; it answers for a name when this returns. */
export async function spawnServer(port: number, command: readonly string[], name = "one"): Promise<Server> {
    const child = spawn(command[0]!, command.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
    const kill = undoAtExit(() => child.kill("SIGKILL"));
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (printed += String(chunk)));
    const ended = once(child, "close");
    await until(`${command[0]} answers`, async () => {
        if (child.exitCode !== null) throw new Error(`${command.join(" ")} ended: ${printed.slice(-2000)}`);
        const reply = await ask(port, `${name}.${DOMAIN}`, { timeoutMs: 500 }).catch(() => undefined);
        return reply?.code === "NOERROR";
    });
    return {
        port,
        pids: () => [child.pid!],
        async end() {
            kill();
            await ended;
        },
    };
}
