import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Duplex } from "node:stream";
import { promisify } from "node:util";
import type { GatewayNetwork } from "../../../model/balancer/network";
import { AgentClient } from "./client";

/** From which Docker builds the runtimes' images. */
export const CONTEXT = path.join(__dirname, "../../../runtime/image");

export async function docker(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)("docker", args, { maxBuffer: 16 * 1024 * 1024 });
    return stdout.trim();
}

/** Makes a bundle with this content the one that a container's agent runs; returns its hash. */
export async function useBundle(container: string, content: string): Promise<string> {
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
    const folder = mkdtempSync(path.join(os.tmpdir(), "switchyard-bundle-"));
    try {
        writeFileSync(path.join(folder, `${hash}.js`), content);
        await docker("cp", path.join(folder, `${hash}.js`), `${container}:/var/lib/switchyard/agent/`);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
    await docker("exec", container, "switchyard-agent", "use", hash);
    return hash;
}

/** A gateway as a provider makes it, in networks of its own, with machines beside it. */
export class DockerGateway {
    private readonly id = `switchyard-image-test-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
    readonly image = `${this.id}:latest`;
    readonly name = `${this.id}-gateway`;
    private readonly machines: string[] = [];
    network!: GatewayNetwork;

    private readonly publicNetwork = `${this.id}-0-public`;
    private readonly privateNetwork = `${this.id}-1-private`;
    private readonly volume = `${this.id}-state`;

    async create(): Promise<void> {
        await docker("build", "--quiet", "--tag", this.image, "--file", `${CONTEXT}/gateway/Dockerfile`, CONTEXT);
        await this.createNetworks();
        await docker("volume", "create", this.volume);
        const { virtualIp, publicSubnet, privateSubnet, privateGateway, internalVirtualIp } = this.network;
        await docker(
            ...["create", "--name", this.name, "--network", this.publicNetwork, "--ip", virtualIp],
            ...["--cap-drop", "ALL", "--cap-add", "NET_ADMIN", "--security-opt", "no-new-privileges"],
            ...["--read-only", "--tmpfs", "/run:exec", "--tmpfs", "/tmp", "--memory", "256m", "--pids-limit", "256"],
            ...["--volume", `${this.volume}:/var/lib/switchyard`, "--sysctl", "net.ipv4.ip_forward=1"],
            ...["--dns-opt", "ndots:1", "--restart", "unless-stopped"],
            ...["--env", `SWITCHYARD_VIRTUAL_IP=${virtualIp}`, "--env", `SWITCHYARD_PUBLIC_SUBNET=${publicSubnet}`],
            ...["--env", `SWITCHYARD_PRIVATE_SUBNET=${privateSubnet}`],
            ...["--env", `SWITCHYARD_PRIVATE_GATEWAY=${privateGateway}`],
            ...["--env", `SWITCHYARD_INTERNAL_VIRTUAL_IP=${internalVirtualIp}`],
            this.image,
        );
        await docker("network", "connect", this.privateNetwork, this.name);
        await docker("start", this.name);
    }

    /** Networks that overlap with nobody's: somebody else's tests make some at the same time. */
    private async createNetworks(): Promise<void> {
        for (let attempt = 1; ; attempt++) {
            const block = `10.${64 + Math.floor(Math.random() * 150)}.${Math.floor(Math.random() * 250)}`;
            const [publicPart, privatePart] = [`${block}.0/25`, `${block}.128/25`];
            try {
                await docker("network", "create", "--subnet", publicPart, this.publicNetwork);
                await docker(
                    ...["network", "create", "--subnet", privatePart, "--gateway", `${block}.254`],
                    ...["--aux-address", `DefaultGatewayIPv4=${block}.129`],
                    ...["--aux-address", `internalVirtualIp=${block}.253`],
                    ...["--opt", "com.docker.network.bridge.inhibit_ipv4=true", this.privateNetwork],
                );
                this.network = {
                    virtualIp: `${block}.10`,
                    publicSubnet: publicPart,
                    privateSubnet: privatePart,
                    privateGateway: `${block}.129`,
                    internalVirtualIp: `${block}.253`,
                };
                return;
            } catch (error) {
                await docker("network", "rm", this.publicNetwork).catch(() => {});
                if (attempt === 10) throw error;
            }
        }
    }

    /** Makes a bundle with this content the current one; returns its hash. */
    use(content: string): Promise<string> {
        return useBundle(this.name, content);
    }

    exec(...command: string[]): Promise<string> {
        return docker("exec", this.name, ...command);
    }

    /** A machine of the cloud service that answers every connection with its name. */
    async startMachine(label: string): Promise<string> {
        const name = `${this.id}-${label}`;
        this.machines.push(name);
        const server = `require("node:net").createServer((client) => client.on("error", () => {}).end("${label}")).listen(8080)`;
        await docker(
            ...["run", "--detach", "--name", name, "--network", this.privateNetwork, "--stop-timeout", "1"],
            ...["--entrypoint", "node", this.image, "-e", server],
        );
        return name;
    }

    client(): AgentClient {
        return new AgentClient(() => {
            const stream = ["socat", "-t", "60", "-", "UNIX-CONNECT:/run/switchyard/agent.sock"];
            const { stdin, stdout } = spawn("docker", ["exec", "--interactive", this.name, ...stream]);
            return Duplex.from({ writable: stdin, readable: stdout });
        });
    }

    async remove(): Promise<void> {
        await docker("rm", "--force", "--volumes", this.name, ...this.machines).catch(() => {});
        await docker("network", "rm", this.publicNetwork, this.privateNetwork).catch(() => {});
        await docker("volume", "rm", this.volume).catch(() => {});
        await docker("rmi", this.image).catch(() => {});
    }
}

export const AGENT = readFileSync(path.join(__dirname, "../../../dist/runtime/agent.js"), "utf8");
