import { spawn } from "node:child_process";
import http from "node:http";
import { Duplex } from "node:stream";

/**
 * Reaches Docker on another machine as the docker command does: `ssh HOST docker system dial-stdio`, with the user's own
 * keys, configuration and known hosts. Never asks: there is nobody to answer.
 */
export function sshAgent(url: URL): http.Agent {
    const agent = new http.Agent({ keepAlive: true });
    agent.createConnection = (_options, connected) => {
        const target = url.username ? `${decodeURIComponent(url.username)}@${url.hostname}` : url.hostname;
        const port = url.port ? ["-p", url.port] : [];
        const child = spawn(
            "ssh",
            ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", ...port, "--", target, "docker system dial-stdio"],
            { stdio: ["pipe", "pipe", "pipe"] },
        );
        let complaint = "";
        child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint = (complaint + text).slice(-2000)));
        const stream = Object.assign(Duplex.from({ readable: child.stdout, writable: child.stdin }), socketManners);
        child.on("error", (error) => stream.destroy(new Error(`ssh does not start: ${error.message}`)));
        child.on("exit", (code) => {
            if (code) stream.destroy(new Error(`ssh ${target}: ${lastLine(complaint) ?? `exit code ${code}`}`));
        });
        stream.on("close", () => child.kill());
        connected?.(null, stream);
        return stream;
    };
    return agent;
}

/** What Node's http.Agent calls on a connection and only sockets have. */
export const socketManners = {
    setKeepAlive(): void {},
    setNoDelay(): void {},
    setTimeout(): void {},
    ref(): void {},
    unref(): void {},
};

function lastLine(text: string): string | undefined {
    return text.trim().split("\n").at(-1) || undefined;
}
