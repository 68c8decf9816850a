import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compile } from "../../../model/dns/compile";
import { dnsConfiguration, type DnsConfiguration } from "../../../model/dns/configuration";
import type { Decision } from "../../../model/dns/decision";
import type { DnsPlan } from "../../../model/dns/plan";
import { DnsEngine } from "../../../runtime/dns";
import { ask, type Question, type Reply } from "./client";
import { daemonsIn, freePort } from "./host";

export const DOMAIN = "trafficmanager.example";

let serial = 0;

const running = new Set<TestServer>();
process.on("exit", () => {
    for (const server of running) server.remove();
});

/** A configuration of policies, called as their prefixes. */
export function configurationOf(prefixes: readonly string[], more: object = {}, ttlSeconds = 300): DnsConfiguration {
    const endpoints = { east: { hostName: "east.example", alwaysServe: true } };
    return dnsConfiguration.parse({
        domain: DOMAIN,
        cloudServiceDomain: "cloudapp.example",
        nameServers: { ns1: { hostName: `ns1.${DOMAIN}`, addresses: ["198.51.100.53"] } },
        policies: Object.fromEntries(
            prefixes.map((prefix) => [prefix, { method: "RoundRobin", prefix, ttlSeconds, endpoints }]),
        ),
        ...more,
    });
}

/** What is served while its policies are decided so. */
export function compiled(configuration: DnsConfiguration, decisions: Readonly<Record<string, Decision>>): DnsPlan {
    const states = new Map(Object.entries(decisions).map(([policy, decision]) => [policy, { decision }]));
    return compile(configuration, states, { serial: ++serial });
}

/** What is served while policies, called as their prefixes, are decided so. */
export function planOf(decisions: Readonly<Record<string, Decision>>, more: object = {}, ttlSeconds = 300): DnsPlan {
    return compiled(configurationOf(Object.keys(decisions), more, ttlSeconds), decisions);
}

/** gdnsd on a port of the loopback, and engines that drive it, one after another. */
export class TestServer {
    private readonly root = mkdtempSync(path.join(tmpdir(), "switchyard-dns-"));
    engine!: DnsEngine;

    private constructor(readonly port: number) {
        running.add(this);
    }

    static async start(geoFile?: (hash: string) => string): Promise<TestServer> {
        const server = new TestServer(await freePort());
        await server.newEngine(geoFile);
        return server;
    }

    /** What an engine has to know, here or in another process. */
    get options() {
        return {
            listen: [`127.0.0.1:${this.port}`],
            runDirectory: path.join(this.root, "run"),
            configurationDirectory: path.join(this.root, "configuration"),
        };
    }

    async newEngine(geoFile?: (hash: string) => string): Promise<void> {
        this.engine = new DnsEngine({ ...this.options, geoFile });
        await this.engine.start();
    }

    async stop(): Promise<void> {
        await this.engine.close();
        this.remove();
    }

    remove(): void {
        this.kill();
        rmSync(this.root, { recursive: true, force: true });
        running.delete(this);
    }

    /** Asks for a policy by its prefix, or for a full name that ends in a dot. */
    ask(name: string, question: Question = {}): Promise<Reply> {
        return ask(this.port, name.endsWith(".") ? name.slice(0, -1) : `${name}.${DOMAIN}`, question);
    }

    /** How often each answer came. */
    async count(name: string, times: number, question: Question = {}): Promise<Record<string, number>> {
        const counts: Record<string, number> = {};
        for (let done = 0; done < times; done += 50) {
            const replies = await Promise.all(Array.from({ length: 50 }, () => this.ask(name, question)));
            for (const { data } of replies) counts[data.join(" ")] = (counts[data.join(" ")] ?? 0) + 1;
        }
        return counts;
    }

    /** The numbers of gdnsd's processes; two for a moment, while one takes over. */
    daemons(): number[] {
        return daemonsIn(this.root);
    }

    kill(signal: NodeJS.Signals = "SIGKILL"): void {
        for (const pid of this.daemons()) process.kill(pid, signal);
    }
}

/** Free for udp and tcp. */
