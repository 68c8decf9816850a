import { dnsConfiguration, type DnsConfiguration } from "../../../model/dns/configuration";
import type { DnsPlan, ZoneRecord } from "../../../model/dns/plan";
import type { ProbeResult } from "../../../model/health/health";
import type { ActiveProbe } from "../../../model/health/probe";
import { DnsApplies } from "../../../runtime/agent/dns/apply";
import type { Engine } from "../../../runtime/agent/dns/engine";
import type { Applied, Known } from "../../../runtime/agent/dns/memory";
import { Probers } from "../../../runtime/agent/dns/prober";
import type { HostAnswer } from "../../../runtime/agent/dns/resolver";
import { Serving } from "../../../runtime/agent/dns/serving";
import { EventLog } from "../../../runtime/agent/events";
import type { Target } from "../../../runtime/agent/target";
import { SILENT, SUCCESS } from "./agent";

/** Endpoints that exist only here: where names lead, and what a probe of each address sees. */
export class Places {
    readonly hosts = new Map<string, HostAnswer>();
    readonly answers = new Map<string, ProbeResult>();
    readonly asked: { address: string; port: number; probe: ActiveProbe; at: number }[] = [];
    /** Of every address without an answer of its own. */
    usual: ProbeResult = SUCCESS;
    hang = false;

    readonly resolve = async (hostName: string): Promise<HostAnswer> =>
        this.hosts.get(hostName) ?? { reason: `${hostName} does not exist (NXDOMAIN)`, isAnswer: true };

    readonly ask = async (
        probe: ActiveProbe,
        { address, port }: Target,
        timeoutSeconds: number,
    ): Promise<ProbeResult> => {
        this.asked.push({ address, port, probe, at: Date.now() });
        if (!this.hang) return this.answers.get(address) ?? this.usual;
        await new Promise((resolve) => setTimeout(resolve, timeoutSeconds * 1000));
        return SILENT;
    };

    askedOf(address: string): number[] {
        return this.asked.filter((asked) => asked.address === address).map(({ at }) => at);
    }
}

/** An engine that remembers its plans. */
export class MemoryEngine implements Engine {
    readonly plans: DnsPlan[] = [];
    failure?: string;
    /** Pending while a plan is being put into service. */
    applying = Promise.resolve();

    async apply(plan: DnsPlan): Promise<void> {
        await this.applying;
        if (this.failure) throw new Error(this.failure);
        this.plans.push(plan);
    }

    problems(): readonly string[] {
        return [];
    }

    async counters() {
        return { uptime: 28, noerror: 7 };
    }

    async close(): Promise<void> {}

    /** Where a policy's name leads now: names and addresses, sorted; undefined when there is no such name. */
    answer(prefix: string): string[] | undefined {
        const plan = this.plans.at(-1)!;
        const found = plan.zones[0]?.records.find(({ name }) => name === prefix);
        return found && leadsTo(plan, found.answer).sort();
    }
}

function leadsTo(plan: DnsPlan, answer: ZoneRecord["answer"]): string[] {
    if (answer.kind === "addresses") return [...answer.addresses];
    if (answer.kind === "name") return [answer.name];
    if (answer.kind === "switch")
        return [...plan.switches.get(answer.of)!.cases.values()].flatMap((choice) => leadsTo(plan, choice));
    const pool = plan.pools.get(answer.of)!;
    return pool.kind === "some" ? [...pool.addresses] : pool.choices.flatMap(({ answer }) => leadsTo(plan, answer));
}

/** An agent without sockets, files and gdnsd. */
export function makeDnsAgent() {
    const places = new Places();
    const engine = new MemoryEngine();
    const events = new EventLog(
        [],
        () => {},
        () => {},
    );
    const probers = new Probers(places);
    const kept: { applied?: Applied; known: ReadonlyMap<string, Known> } = { known: new Map() };
    const store = { failure: undefined as string | undefined };
    const serving: Serving = new Serving({
        engine,
        probers,
        events,
        onHealth: () => (kept.known = structuredClone(serving.known())),
    });
    const applies = new DnsApplies({
        serving,
        events,
        keep: async (applied) => {
            if (store.failure) throw new Error(store.failure);
            kept.applied = applied;
        },
        onApplied: async () => {},
    });
    return { places, engine, events, probers, serving, applies, kept, store };
}

export const MONITOR = { protocol: "http", port: 80, path: "/healthz" } as const;

/** A traffic manager of these policies, over the cloud services `east` (192.0.2.1) and `west` (192.0.2.2). */
export function dns(policies: Readonly<Record<string, object>>, settings: object = {}): DnsConfiguration {
    return dnsConfiguration.parse({
        domain: "trafficmanager.example",
        cloudServiceDomain: "cloudapp.example",
        nameServers: { ns1: { hostName: "ns1.trafficmanager.example", addresses: ["192.0.2.53"] } },
        cloudServices: { east: { addresses: ["192.0.2.1"] }, west: { addresses: ["192.0.2.2"] } },
        policies: Object.fromEntries(
            Object.entries(policies).map(([prefix, policy]) => [prefix, { prefix, monitor: MONITOR, ...policy }]),
        ),
        ...settings,
    });
}

/** East, and west while east does not answer. */
export const FAILOVER = {
    method: "Failover",
    endpoints: { east: { cloudService: "east", priority: 1 }, west: { cloudService: "west", priority: 2 } },
};
