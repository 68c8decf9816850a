import type { Table } from "../report";
import type { BarChart } from "../support/bars";
import { textBy, textOf } from "../support/statistics";
import type { Answered } from "./asks";
import { kindOf, LIMIT, timesLimit } from "./goals";
import type { DnsControl } from "./verdicts";

export function answersChart(most: ReadonlyMap<string, Answered[]>): BarChart {
    const bars = [...timesLimit(most)].map(([name, value]) => ({ name, value, kind: kindOf(name) }));
    const x = { title: `× ${LIMIT}`, ticks: [0, 0.25, 0.5, 0.75, 1, 1.25] };
    return { name: "dns", title: "Names", x, groups: [{ name: "Answers per CPU second", bars }] };
}

export function answersTable(
    most: ReadonlyMap<string, Answered[]>,
    steady: ReadonlyMap<string, number[]>,
    load: number,
): Table {
    const perCpu = (all: Answered[]) => all.map(({ perCpuSecond }) => perCpuSecond);
    const shares = timesLimit(most);
    return {
        title: "Answers",
        columns: [
            "",
            "answers per CPU second",
            `× ${LIMIT}`,
            "answers/s",
            "lost",
            `p99 at ${load.toLocaleString("en")}/s, µs`,
        ],
        rows: [...most].map(([name, all]) => [
            name,
            textOf(perCpu(all), 0),
            shares.get(name)!.toFixed(2),
            textBy(all, ({ perSecond }) => perSecond, 0),
            String(all.reduce((sum, { lost }) => sum + lost, 0)),
            textOf(steady.get(name)!, 0),
        ]),
        notes: [`Goal: at least 0.9 × ${LIMIT}, and above the others.`],
    };
}

export function controlTable(control: ReadonlyMap<number, DnsControl>): Table {
    return {
        title: "One policy among others, of ten endpoints each",
        columns: ["policies", "applying all, ms", "from a verdict to the changed answer, ms"],
        rows: [...control].map(([policies, { applying, verdicts }]) => [
            policies.toLocaleString("en"),
            applying.toFixed(0),
            textOf(verdicts, 1),
        ]),
        notes: ["Goal: among 1,000 policies one follows a verdict within 50 ms."],
    };
}
