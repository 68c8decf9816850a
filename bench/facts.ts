import { execFileSync } from "node:child_process";
import os from "node:os";

const PACKAGES = [
    "nftables",
    "gdnsd",
    "haproxy",
    "ipvsadm",
    "nginx",
    "wrk",
    "iperf3",
    "nghttp2-client",
    "dnsperf",
    "knot",
    "pdns-server",
];

/** What the figures depend on. */
export function factsOfMachine(quick: boolean): Record<string, string> {
    const first = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: "utf8" }).trim();
    return {
        Run: `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC${quick ? ", --quick: too short to conclude from" : ""}`,
        Machine: `${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
        "Load before": os.loadavg()[0]!.toFixed(1),
        Kernel: os.release(),
        Docker: first("docker", "version", "--format", "{{.Server.Version}}"),
        Pulumi: first("pulumi", "version"),
        Node: process.version,
        "Debian's": first("dpkg-query", "--show", "--showformat", "${Package} ${Version}, ", ...PACKAGES).replace(
            /, *$/,
            "",
        ),
        Switchyard: first("git", "describe", "--always", "--dirty"),
    };
}
