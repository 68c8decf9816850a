import { balancerConfiguration, type BalancerConfiguration } from "../../../model/balancer/configuration";
import type { ProbeResult } from "../../../model/health/health";
import type { GatewayNetwork } from "../../../model/balancer/network";
import type { Plan } from "../../../model/balancer/plan";
import type { Looks, Traffic } from "../../../model/balancer/traffic";
import { BalancerApplies } from "../../../runtime/agent/balancer/apply";
import { Balancer } from "../../../runtime/agent/balancer/balancer";
import { Detector } from "../../../runtime/agent/balancer/detector";
import { EventLog } from "../../../runtime/agent/events";
import type { AclCounts } from "../../../runtime/balancer";
import type { Kernel } from "../../../runtime/agent/balancer/kernel";
import { Meter } from "../../../runtime/agent/balancer/meter";
import { Names } from "../../../runtime/agent/balancer/names";
import type { Target } from "../../../runtime/agent/target";
import type { MachinePorts } from "../../../runtime/balancer";
import type { Answer } from "../../../runtime/agent/balancer/resolver";
import type { Applied } from "../../../runtime/agent/balancer/memory";

export const NETWORK: GatewayNetwork = {
    virtualIp: "203.0.113.10",
    publicSubnet: "203.0.113.0/24",
    privateSubnet: "10.80.1.0/24",
    privateGateway: "10.80.1.1",
    internalVirtualIp: "10.80.1.253",
};

export const SUCCESS: ProbeResult = { outcome: "success" };
export const REFUSED: ProbeResult = { outcome: "refusal", reason: "connection refused" };
export const SILENT: ProbeResult = { outcome: "silence", reason: "no answer" };

/** Machines that exist only here: their addresses by name, and what a probe of each sees. */
export class Machines {
    readonly addresses = new Map<string, string>();
    readonly answers = new Map<string, ProbeResult>();
    readonly asked: string[] = [];
    dnsWorks = true;
    dnsHangs = false;

    start(name: string, address: string, answer: ProbeResult = SUCCESS): void {
        this.addresses.set(name, address);
        this.answers.set(address, answer);
    }

    stop(name: string): void {
        this.addresses.delete(name);
    }

    readonly resolve = async (name: string): Promise<Answer> => {
        if (this.dnsHangs) return new Promise(() => {});
        if (!this.dnsWorks) return { kind: "failed", reason: "ETIMEOUT" };
        const address = this.addresses.get(name);
        return address === undefined ? { kind: "none" } : { kind: "address", address };
    };

    readonly ask = async (_probe: unknown, { address, port }: Target): Promise<ProbeResult> => {
        this.asked.push(`${address}:${port}`);
        return this.answers.get(address) ?? SILENT;
    };
}

/** A kernel that remembers its plans. */
export class MemoryKernel implements Kernel {
    readonly plans: Plan[] = [];
    readonly connections = new Map<string, number>();
    /** What it has counted; a test replaces it. */
    counted: Traffic = new Map();
    private countedBefore?: Traffic;
    /** How often somebody said that it looks. */
    attended = 0;
    /** What reading what was counted waits for. */
    reading: (() => Promise<void>) | undefined;
    failure?: string;
    decided: AclCounts | Error = new Map();
    /** Pending while connections are being forgotten. */
    forgetting = Promise.resolve();

    async apply(plan: Plan): Promise<void> {
        if (this.failure) throw new Error(this.failure);
        this.plans.push(plan);
    }

    settled(): Promise<void> {
        return this.forgetting;
    }

    async countConnections(machines: readonly MachinePorts[]): Promise<number[]> {
        return machines.map(({ address, ports }) => this.connections.get(`${address}:${ports.first}`) ?? 0);
    }

    async traffic(): Promise<Looks> {
        await this.reading?.();
        const before = this.countedBefore;
        this.countedBefore = this.counted;
        return { now: this.counted, before };
    }

    async attend(): Promise<void> {
        this.attended++;
    }

    async aclCounts(): Promise<AclCounts> {
        if (this.decided instanceof Error) throw this.decided;
        return this.decided;
    }

    problems(): readonly string[] {
        return [];
    }

    async close(): Promise<void> {}

    /** Addresses that new connections to this frontend reach now. */
    serving(frontend: string): string[] {
        const plan = this.plans.at(-1);
        return [
            ...new Set((plan?.tables.get(frontend) ?? []).flatMap((destination) => destination?.address ?? [])),
        ].sort();
    }
}

/** An agent without sockets, files and kernel. */
export function makeAgent() {
    const machines = new Machines();
    const kernel = new MemoryKernel();
    const events = new EventLog(
        [],
        () => {},
        () => {},
    );
    const names = new Names(machines.resolve);
    const balancer = new Balancer({ network: NETWORK, kernel, names, ask: machines.ask, events, onHealth: () => {} });
    const meter = new Meter({ kernel, watches: () => balancer.watches, detector: new Detector() });
    const kept: Applied[] = [];
    const store = { failure: undefined as string | undefined };
    const applies = new BalancerApplies({
        balancer,
        kernel,
        events,
        keep: async (applied) => {
            if (store.failure) throw new Error(store.failure);
            kept.push(applied);
        },
    });
    return { machines, kernel, events, names, balancer, meter, applies, kept, store };
}

interface SetOptions {
    /** Containers; those of `stopped` are to be stopped. */
    readonly members: Readonly<Record<string, string>>;
    readonly stopped?: readonly string[];
    readonly probe?: object;
    readonly privatePort?: number;
    readonly drainSeconds?: number;
    readonly allDown?: string;
    /** Of each member, by name. */
    readonly shares?: Readonly<Record<string, object>>;
}

/** A set `http` on port 80 of these containers, by member name. */
export function webSet({ members, stopped = [], shares = {}, ...settings }: SetOptions): BalancerConfiguration {
    return balancerConfiguration.parse({
        loadBalancedSets: {
            http: {
                protocol: "tcp",
                publicPort: 80,
                privatePort: 8080,
                probe: { protocol: "tcp" },
                ...settings,
                members: Object.fromEntries(
                    Object.entries(members).map(([name, container], position) => [
                        name,
                        { container, position, state: stopped.includes(name) ? "stopped" : "running", ...shares[name] },
                    ]),
                ),
            },
        },
    });
}

export function sshEndpoint(container: string): BalancerConfiguration {
    return balancerConfiguration.parse({
        endpoints: { ssh: { protocol: "tcp", publicPort: 2201, privatePort: 22, container } },
    });
}
