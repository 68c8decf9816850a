import { Topology } from "../../test/runtime/support";
import type { Context, Section } from "../report";
import { interleave } from "../support/interleave";
import { textBy } from "../support/statistics";
import { MEMBERS, measureApplies, type Applies } from "./applies";
import { goalsOf, together } from "./goals";
import { measureGrowth } from "./growth";
import { measureVerdicts, type Verdict } from "./verdicts";

const MANY_MEMBERS = 10;

/** What it takes to tell a gateway what to do. */
export async function controlSection({ quick, say }: Context): Promise<Section> {
    const counts = quick ? [10, 100] : [10, 100, 1000];
    const net = new Topology(1);
    try {
        const applies = await interleave(
            counts.map((sets) => ({ name: `${sets} sets`, run: () => measureApplies(net, sets) })),
            quick ? 1 : 3,
            (step) => say(`apply: ${step}`),
        );
        const verdicts = new Map<number, Verdict[]>();
        for (const sets of counts) {
            say(`verdicts among ${sets} sets`);
            verdicts.set(sets, await measureVerdicts(net, sets, MEMBERS, quick ? 10 : 50));
        }
        say("growth of compiling");
        const growth = measureGrowth(quick ? [10, 100, 1000] : [10, 30, 100, 300, 1000, 3000, 10_000], MANY_MEMBERS, 5);
        return {
            title: "Control: telling a gateway what to do",
            method: [
                `Apply: from a provider's request to the agent's last event; ${MEMBERS} members each, no probes to wait for. An agent of its own for each, in a gateway with no sets.`,
                "Verdict: from a probe's verdict about one member to the kernel's table, compiling the plan and changing the table; what the agent notes of it besides is left out.",
            ],
            goals: goalsOf(applies, verdicts),
            tables: [appliesTable(applies), verdictsTable(verdicts), growthTable(growth)],
            charts: [
                {
                    name: "compile",
                    title: `Compiling sets of ${MANY_MEMBERS} members`,
                    x: { title: "sets", ticks: [10, 100, 1000, 10_000], logarithmic: true },
                    y: { title: "ms", ticks: [0.1, 1, 10, 100, 1000, 10_000], logarithmic: true },
                    series: [
                        { name: "compile", points: [...growth] },
                        { name: "linear", points: linear([...growth]) },
                    ],
                },
            ],
            measured: {
                applies: Object.fromEntries(applies),
                verdicts: Object.fromEntries(verdicts),
                growth: Object.fromEntries(growth),
            },
        };
    } finally {
        await net.remove();
    }
}

function appliesTable(applies: ReadonlyMap<string, Applies[]>) {
    return {
        title: `Applying sets of ${MEMBERS} members`,
        columns: ["", "all, ms", "one member's weight, ms", "the agent's memory afterwards, MB"],
        rows: [...applies].map(([name, all]) => [
            name,
            textBy(all, ({ first }) => first, 0),
            textBy(all, ({ oneMember }) => oneMember, 0),
            textBy(all, ({ megabytes }) => megabytes, 0),
        ]),
        notes: ["Goal: 1,000 sets in less than 1 s, in less than 200 MB."],
    };
}

function verdictsTable(verdicts: ReadonlyMap<number, Verdict[]>) {
    return {
        title: "From a verdict to the kernel",
        columns: ["sets", "compiling, ms", "changing the kernel's table, ms", "together, ms"],
        rows: [...verdicts].map(([sets, all]) => [
            sets.toLocaleString("en"),
            textBy(all, ({ compiling }) => compiling, 2),
            textBy(all, ({ applying }) => applying, 2),
            textBy(all, together, 2),
        ]),
        notes: ["Goal: together in less than 2 ms, whatever the number of sets."],
    };
}

function growthTable(growth: ReadonlyMap<number, number>) {
    return {
        title: `Compiling sets of ${MANY_MEMBERS} members`,
        columns: ["sets", "ms", "µs for each member"],
        rows: [...growth].map(([sets, milliseconds]) => [
            sets.toLocaleString("en"),
            milliseconds.toFixed(1),
            ((milliseconds * 1000) / (sets * MANY_MEMBERS)).toFixed(2),
        ]),
    };
}

/** As steep as the first is high. */
function linear(points: readonly [number, number][]): [number, number][] {
    const [x, y] = points[0]!;
    return points.map(([each]) => [each, (y / x) * each]);
}
