import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import type { RunningProcess } from "./processes";
import type { Topology } from "./topology";
import { pause } from "./wait";

const BUNDLE = path.join(__dirname, "../../../dist/runtime/agent.js");

/** An agent in the topology's gateway. Started again, it finds the state that the one before it left. */
export class TestAgent {
    private readonly folder = mkdtempSync(path.join(os.tmpdir(), "switchyard-agent-"));
    readonly socket = path.join(this.folder, "agent.sock");
    readonly stateDirectory = path.join(this.folder, "state");
    private process?: RunningProcess;

    constructor(
        private readonly net: Topology,
        private readonly env: NodeJS.ProcessEnv = {},
    ) {
        process.on("exit", () => this.removeFolder());
    }

    /** Starts the agent; it takes connections when this returns. */
    async start(): Promise<void> {
        rmSync(this.socket, { force: true });
        const { virtualIp, publicSubnet, privateSubnet, privateGateway, internalVirtualIp } = this.net.network;
        const agent = this.net.processes.start(this.net.gateway, [process.execPath, BUNDLE], {
            SWITCHYARD_VIRTUAL_IP: virtualIp,
            SWITCHYARD_PUBLIC_SUBNET: publicSubnet,
            SWITCHYARD_PRIVATE_SUBNET: privateSubnet,
            SWITCHYARD_PRIVATE_GATEWAY: privateGateway,
            SWITCHYARD_INTERNAL_VIRTUAL_IP: internalVirtualIp,
            SWITCHYARD_SOCKET: this.socket,
            SWITCHYARD_STATE_DIRECTORY: this.stateDirectory,
            ...this.env,
        });
        this.process = agent;
        const deadline = Date.now() + 20_000;
        while (!(await this.answers())) {
            if (!agent.alive || Date.now() > deadline)
                throw new Error(`the agent did not come up: ${agent.stderr || agent.stdout}`);
            await pause(10);
        }
    }

    private answers(): Promise<boolean> {
        return new Promise((resolve) => {
            const connection = connect(this.socket, () => {
                connection.destroy();
                resolve(true);
            });
            connection.on("error", () => resolve(false));
        });
    }

    async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
        await this.process?.kill(signal);
    }

    /** What the agent has printed since it was started last. */
    get output(): string {
        return (this.process?.stdout ?? "") + (this.process?.stderr ?? "");
    }

    async remove(): Promise<void> {
        await this.kill();
        this.removeFolder();
    }

    private removeFolder(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

export async function startAgent(net: Topology, env: NodeJS.ProcessEnv = {}): Promise<TestAgent> {
    const agent = new TestAgent(net, env);
    await agent.start();
    return agent;
}
