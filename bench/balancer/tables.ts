import type { Table } from "../report";
import type { BarChart } from "../support/bars";
import { medianOf, textBy } from "../support/statistics";
import type { Latency, Rate } from "./measures";
import { kindOf, LIMIT, timesLimit, TRACKED, type Subject } from "./subjects";

export function rateTable({ title, unit, digits, cpu, goal }: Subject, rates: ReadonlyMap<string, Rate[]>): Table {
    const shares = timesLimit(rates);
    return {
        title,
        columns: ["", unit, `× ${LIMIT}`, `× ${TRACKED}`, `${cpu.unit} for one`, "failed"],
        rows: [...rates].map(([name, all]) => [
            name,
            textBy(all, ({ perSecond }) => perSecond, digits),
            shares.get(name)!.toFixed(2),
            (shares.get(name)! / shares.get(TRACKED)!).toFixed(2),
            medianOf(all.map(({ cpuMicroseconds }) => cpuMicroseconds * cpu.factor)).toFixed(1),
            String(all.reduce((sum, { failed }) => sum + failed, 0)),
        ]),
        notes: [`Goal: Switchyard at least ${goal} × ${LIMIT}, and above every other balancer.`],
    };
}

/** All subjects at a glance. */
export function rateChart(rates: ReadonlyMap<string, ReadonlyMap<string, Rate[]>>): BarChart {
    const groups = [...rates].map(([name, all]) => ({
        name,
        bars: [...timesLimit(all)].map(([name, value]) => ({ name, value, kind: kindOf(name) })),
    }));
    const x = { title: `× ${LIMIT}`, ticks: [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5] };
    return { name: "balancer", title: "Connections through the gateway", x, groups };
}

export function latencyTable(load: number, latencies: ReadonlyMap<string, Latency[]>): Table {
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
