import { Topology } from "../../test/runtime/support";
import type { Context, Section } from "../report";
import { interleave } from "../support/interleave";
import { medianOf } from "../support/statistics";
import { startMembers } from "./members";
import { datagrams, latency, type Rate } from "./measures";
import { measureSets } from "./sets";
import { BARE, DIRECT, goalOf, LIMIT, OURS, SUBJECTS, TRACKED } from "./subjects";
import { latencyTable, rateChart, rateTable } from "./tables";
import { MEMBERS, type StartWay, type Way } from "./way";
import { bareRules } from "./ways/bareRules";
import { direct } from "./ways/direct";
import { haproxy } from "./ways/haproxy";
import { ipvs } from "./ways/ipvs";
import { nginxStream } from "./ways/nginxStream";
import { routing } from "./ways/routing";
import { switchyard } from "./ways/switchyard";
import { trackedRouting } from "./ways/trackedRouting";

const WAYS: Readonly<Record<string, StartWay>> = {
    [DIRECT]: direct,
    [LIMIT]: routing,
    [TRACKED]: trackedRouting,
    [BARE]: bareRules,
    [OURS]: switchyard,
    "HAProxy, tcp": haproxy,
    "nginx, stream": nginxStream,
    IPVS: ipvs,
};

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
            const way = await start(net);
            if (way) ways.set(name, way);
        }
        const rates = new Map<string, Map<string, Rate[]>>();
        for (const { title, measure } of SUBJECTS) {
            const able = [...ways].filter(([, way]) => measure !== datagrams || way.hasUdp);
            const contestants = able.map(([name, way]) => ({ name, run: () => measure(way, seconds) }));
            rates.set(title, await interleave(contestants, rounds, (step) => say(`${title}: ${step}`)));
        }
        const slowest = Math.min(
            ...[...rates.get(SUBJECTS[0]!.title)!.values()].map((all) =>
                medianOf(all.map(({ perSecond }) => perSecond)),
            ),
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
                ...(ways.has("IPVS") ? [] : ["IPVS: this kernel has none."]),
                "CPU is of the whole machine, client and members included: on few processors what a balancer takes, others lack.",
            ],
            goals: SUBJECTS.map((subject) => goalOf(subject, rates.get(subject.title)!)),
            tables: [
                ...SUBJECTS.map((subject) => rateTable(subject, rates.get(subject.title)!)),
                latencyTable(load, latencies),
                sets.table,
            ],
            charts: [rateChart(rates)],
            measured: { rates: plain(rates), latencies: Object.fromEntries(latencies), sets: sets.measured },
        };
    } finally {
        for (const net of nets) await net.remove();
    }
}

function plain(rates: ReadonlyMap<string, ReadonlyMap<string, Rate[]>>) {
    return Object.fromEntries([...rates].map(([title, all]) => [title, Object.fromEntries(all)]));
}
