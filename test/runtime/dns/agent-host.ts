import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { applyEvent, revision, type Revision } from "../../../model/control";
import type { DnsConfiguration } from "../../../model/dns/configuration";
import { appliedDns, dnsStatus, type DnsStatus } from "../../../model/dns/control";
import { askAgent, type Reply } from "../../unit/support/controlClient";
import { pause, until } from "../support/wait";
import { ask } from "./client";
import { daemonsIn, freePort } from "./host";

/** The agent's bundle as a process, with gdnsd on a port of the loopback: a DNS runtime without its container. */
export class AgentHost {
    static readonly bundle = path.join(__dirname, "../../../dist/runtime/dns-agent.js");
    private readonly root = mkdtempSync(path.join(tmpdir(), "switchyard-dns-agent-"));
    private readonly memory = path.join(this.root, "run");
    private readonly socket = path.join(this.root, "agent.sock");
    private agent?: ChildProcess;
    private printed = "";

    private constructor(
        readonly port: number,
        /** Another port that nobody has. */
        readonly endpointPort: number,
    ) {
        process.on("exit", () => this.removeNow());
    }

    static async make(): Promise<AgentHost> {
        return new AgentHost(await freePort(), await freePort());
    }

    /** Returns when the agent is up. */
    async startAgent(): Promise<void> {
        rmSync(path.join(this.root, "ready"), { force: true });
        const agent = spawn(process.execPath, [AgentHost.bundle], {
            stdio: ["ignore", "pipe", "pipe"],
            env: {
                ...process.env,
                SWITCHYARD_SOCKET: this.socket,
                SWITCHYARD_STATE_DIRECTORY: path.join(this.root, "state"),
                SWITCHYARD_DNS_LISTEN: `127.0.0.1:${this.port}`,
                SWITCHYARD_GDNSD_RUN_DIRECTORY: path.join(this.memory, "gdnsd"),
                SWITCHYARD_GDNSD_CONFIGURATION_DIRECTORY: path.join(this.memory, "configuration"),
            },
        });
        this.printed = "";
        for (const stream of [agent.stdout, agent.stderr])
            stream.setEncoding("utf8").on("data", (text: string) => (this.printed += text));
        this.agent = agent;
        await until("the agent is up", () => {
            if (agent.exitCode !== null) throw new Error(`the agent did not come up: ${this.printed}`);
            return existsSync(path.join(this.root, "ready"));
        });
    }

    /** A file of the agent's memory. */
    stored(file: string): string {
        return path.join(this.root, "state", file);
    }

    async killAgent(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
        const { agent } = this;
        delete this.agent;
        if (!agent || agent.exitCode !== null) return;
        const ended = once(agent, "close");
        agent.kill(signal);
        await ended;
    }

    killGdnsd(): void {
        for (const pid of this.gdnsd()) process.kill(pid, "SIGKILL");
    }

    /** As a container that is started again: what was not on its volume is gone. */
    forgetMemory(): void {
        rmSync(this.memory, { recursive: true, force: true });
    }

    /** Agent, gdnsd and all files. */
    async remove(): Promise<void> {
        await this.killAgent();
        this.removeNow();
    }

    /** Applies and returns what it waited for; throws what it was refused for. */
    async apply(configuration: DnsConfiguration | null): Promise<string[]> {
        const { revision } = appliedDns.parse(await this.get("/v1/configuration"));
        const reply = await askAgent(this.socket, "PUT", "/v1/configuration", { configuration, basedOn: revision });
        return finished(reply);
    }

    async rollback(hash: string): Promise<void> {
        finished(await askAgent(this.socket, "POST", `/v1/revisions/${hash}/rollback`));
    }

    async status(): Promise<DnsStatus> {
        return dnsStatus.parse(await this.get("/v1/status"));
    }

    async revisions(): Promise<Revision[]> {
        return revision.array().parse(await this.get("/v1/revisions"));
    }

    async get(url: string): Promise<unknown> {
        return JSON.parse((await askAgent(this.socket, "GET", url)).text);
    }

    /** The addresses that a name has. */
    async addresses(name: string): Promise<string[]> {
        return (await ask(this.port, name)).data;
    }

    /** Waits until the name has this address. */
    async leadsTo(name: string, address: string): Promise<void> {
        await until(`${name} leads to ${address}`, async () => {
            const addresses = await this.addresses(name).catch(() => []);
            return addresses.join() === address;
        });
    }

    /** The numbers of gdnsd's processes; two for a moment, while one takes over. */
    gdnsd(): number[] {
        return daemonsIn(this.root);
    }

    private removeNow(): void {
        this.agent?.kill("SIGKILL");
        this.killGdnsd();
        rmSync(this.root, { recursive: true, force: true });
    }
}

function finished({ status, text }: Reply): string[] {
    if (status !== 200) throw new Error(`${status}: ${text}`);
    const events = text
        .trim()
        .split("\n")
        .map((line) => applyEvent.parse(JSON.parse(line)));
    const last = events.at(-1)!;
    if (last.event === "failed") throw new Error(last.problems.join("\n"));
    return events.flatMap((event) => (event.event === "progress" ? [event.message] : []));
}

/** An endpoint: a web server on an address of the loopback. */
export class Endpoint {
    private server?: http.Server;

    constructor(
        readonly address: string,
        readonly port: number,
    ) {}

    async start(): Promise<void> {
        if (this.server) return;
        const server = http.createServer((_, response) => response.end());
        await new Promise<void>((resolve) => server.listen(this.port, this.address, resolve));
        this.server = server;
    }

    async stop(): Promise<void> {
        const { server } = this;
        delete this.server;
        server?.closeAllConnections();
        if (server) await new Promise((resolve) => server.close(resolve));
    }
}

/** Asks for a name again and again, a few at a time, until it is ended. */
export function startQueries(port: number, name: string) {
    const seen = { asked: 0, lost: 0, answers: new Set<string>() };
    let isOver = false;
    const one = async () => {
        while (!isOver) {
            seen.asked++;
            try {
                seen.answers.add((await ask(port, name)).data.join());
            } catch {
                seen.lost++;
            }
            await pause(2);
        }
    };
    const all = Promise.all(Array.from({ length: 4 }, one));
    return {
        async end() {
            isOver = true;
            await all;
            return seen;
        },
    };
}
