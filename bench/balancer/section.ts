import { Topology } from "../../test/runtime/support";
import type { Context, Section, Table } from "../report";
import { interleave } from "../support/interleave";
import { medianOf, textBy, textOf } from "../support/statistics";
import { startMembers } from "./members";
import { bulk, datagrams, keepAlive, latency, newConnections, type Latency, type Rate } from "./measures";
import { measureSets } from "./sets";
import { MEMBERS, type StartWay, type Way } from "./way";
import { bareRules } from "./ways/bareRules";
import { direct } from "./ways/direct";
import { haproxy } from "./ways/haproxy";
import { nginxStream } from "./ways/nginxStream";
import { routing } from "./ways/routing";
import { switchyard } from "./ways/switchyard";
import { trackedRouting } from "./ways/trackedRouting";

const LIMIT = "plain routing";
const TRACKED = "tracked routing";
const WAYS: Readonly<Record<string, StartWay>> = {
    direct,
    [LIMIT]: routing,
    [TRACKED]: trackedRouting,
    "bare rules": bareRules,
    Switchyard: switchyard,
    "HAProxy, tcp": haproxy,
    "nginx, stream": nginxStream,
};

interface Subject {
    readonly title: string;
    readonly unit: string;
    readonly digits: number;
    /** Microseconds of the processors for one unit, or, of Gbit, milliseconds. */
    readonly cpu: { readonly unit: string; readonly factor: number };
    readonly goal: string;
    measure(way: Way, seconds: number): Promise<Rate>;
}
const MICROSECONDS = { unit: "CPU µs", factor: 1 };
const SUBJECTS: readonly Subject[] = [
    {
        title: "Requests over kept connections",
        unit: "requests/s",
        digits: 0,
        cpu: MICROSECONDS,
        goal: "0.97",
        measure: keepAlive,
    },
    {
        title: "New connections",
        unit: "connections/s",
        digits: 0,
        cpu: MICROSECONDS,
        goal: "0.95",
        measure: newConnections,
    },
    { title: "Bulk", unit: "Gbit/s", digits: 1, cpu: { unit: "CPU ms", factor: 1e-3 }, goal: "0.97", measure: bulk },
    {
        title: "Datagrams of 64 bytes",
        unit: "packets/s",
        digits: 0,
        cpu: MICROSECONDS,
        goal: "0.95",
        measure: datagrams,
    },
];

/** Connections through the gateway, beside what else could stand in its place. */
export async function balancerSection({ quick, say }: Context): Promise<Section> {
    const seconds = quick ? 1 : 2;
    const rounds = quick ? 1 : 3;
    const nets: Topology[] = [];
    try {
        const ways = new Map<string, Way>();
        for (const [name, start] of Object.entries(WAYS)) {
            say(`starting ${name}`);
            const net = new Topology(MEMBERS + 1);
            nets.push(net);
            await startMembers(net);
            ways.set(name, await start(net));
        }
        const rates = new Map<string, Map<string, Rate[]>>();
        for (const { title, measure } of SUBJECTS) {
            const able = [...ways].filter(([, way]) => measure !== datagrams || way.hasUdp);
            const contestants = able.map(([name, way]) => ({ name, run: () => measure(way, seconds) }));
            rates.set(title, await interleave(contestants, rounds, (step) => say(`${title}: ${step}`)));
        }
        const slowest = Math.min(
            ...[...rates.get(SUBJECTS[0]!.title)!.values()].map((all) => medianOf(all.map(perSecond))),
        );
        const load = Math.round(slowest / 2);
        const asked = [...ways].map(([name, way]) => ({ name, run: () => latency(way, seconds, load) }));
        const latencies = await interleave(asked, rounds, (step) => say(`latency: ${step}`));
        const sets = await measureSets(quick, say);
        return {
            title: "Balancer: connections through the gateway",
            method: [
                "All in network namespaces of this machine: client, gateway and four members (nginx), connected as Docker connects them. Each contestant has namespaces and members of its own, all alike.",
                "Routes spread connections over the members by hash (multipath), as the balancers do: were each thread of the client served by one member alone, fewer switches between processes would make it half as fast again.",
                "Plain routing is the same gateway without any rule. Tracked routing has connection tracking on, as Docker's rules for names turn it on in every container. Bare rules are the fewest that balance: up to there the price is the kernel's, the rest is Switchyard's.",
                `wrk with ${MEMBERS} threads and 64 connections, iperf3 with one connection; ${rounds} × ${seconds} s each. Everybody has 63,000 source ports, and ports in time-wait are used again.`,
                "Settings are those that each comes with: a thread or worker for each processor, health checks as by default.",
                "CPU is of the whole machine, client and members included: on few processors what a balancer takes, others lack.",
            ],
            tables: [
                ...SUBJECTS.map((subject) => rateTable(subject, rates.get(subject.title)!)),
                latencyTable(load, latencies),
                sets.table,
            ],
            measured: { rates: plain(rates), latencies: Object.fromEntries(latencies), sets: sets.measured },
        };
    } finally {
        for (const net of nets) await net.remove();
    }
}

const perSecond = (rate: Rate) => rate.perSecond;

function rateTable({ title, unit, digits, cpu, goal }: Subject, rates: ReadonlyMap<string, Rate[]>): Table {
    const median = (name: string) => medianOf(rates.get(name)!.map(perSecond));
    return {
        title,
        columns: ["", unit, `× ${LIMIT}`, `× ${TRACKED}`, `${cpu.unit} for one`, "failed"],
        rows: [...rates].map(([name, all]) => [
            name,
            textOf(all.map(perSecond), digits),
            (median(name) / median(LIMIT)).toFixed(2),
            (median(name) / median(TRACKED)).toFixed(2),
            medianOf(all.map(({ cpuMicroseconds }) => cpuMicroseconds * cpu.factor)).toFixed(1),
            String(all.reduce((sum, { failed }) => sum + failed, 0)),
        ]),
        notes: [`Goal: Switchyard at least ${goal} × ${LIMIT}, and above every other balancer.`],
    };
}

function latencyTable(load: number, latencies: ReadonlyMap<string, Latency[]>): Table {
    const limit = (of: keyof Latency) => medianOf(latencies.get(LIMIT)!.map((latency) => latency[of]));
    const added = (all: Latency[], of: keyof Latency) => medianOf(all.map((latency) => latency[of])) - limit(of);
    return {
        title: `Time of a request at ${load.toLocaleString("en")} requests/s, half of what the slowest can do`,
        columns: ["", "p50, µs", "p99, µs", "added to p50", "added to p99"],
        rows: [...latencies].map(([name, all]) => [
            name,
            textBy(all, ({ p50 }) => p50, 0),
            textBy(all, ({ p99 }) => p99, 0),
            added(all, "p50").toFixed(0),
            added(all, "p99").toFixed(0),
        ]),
        notes: [`Added: to ${LIMIT}.`],
    };
}

function plain(rates: ReadonlyMap<string, ReadonlyMap<string, Rate[]>>) {
    return Object.fromEntries([...rates].map(([title, all]) => [title, Object.fromEntries(all)]));
}
