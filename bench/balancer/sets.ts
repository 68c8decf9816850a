import { Topology } from "../../test/runtime/support";
import type { Table } from "../report";
import { interleave } from "../support/interleave";
import { medianOf, textOf } from "../support/statistics";
import { startMembers } from "./members";
import { keepAlive, newConnections, type Rate } from "./measures";
import { MEMBERS } from "./way";
import { balanced } from "./ways/balanced";
import { configurationOf, serve } from "./ways/switchyard";

const COUNTS = [1, 10, 100, 1000];
const SECONDS = 1;

interface Both {
    readonly kept: Rate;
    readonly fresh: Rate;
}

/** What a connection costs among more and more sets: it must not grow. */
export async function measureSets(quick: boolean, say: (step: string) => void) {
    const net = new Topology(MEMBERS + 1);
    try {
        await startMembers(net);
        const way = balanced(net);
        const counts = quick ? [1, 100] : COUNTS;
        const contestants = counts.map((count) => ({
            name: String(count),
            async run(): Promise<Both> {
                const agent = await serve(net, configurationOf(net, count - 1));
                const both = { kept: await keepAlive(way, SECONDS), fresh: await newConnections(way, SECONDS) };
                // All that it made goes with its gateway, at once.
                await agent.remove();
                net.replaceGateway();
                return both;
            },
        }));
        const found = await interleave(contestants, quick ? 1 : 3, (step) => say(`among sets: ${step}`));
        return { table: tableOf(found), measured: Object.fromEntries(found) };
    } finally {
        await net.remove();
    }
}

function tableOf(found: ReadonlyMap<string, Both[]>): Table {
    const rates = (all: Both[], of: keyof Both) => all.map((both) => both[of].perSecond);
    const base = (of: keyof Both) => medianOf(rates(found.get("1")!, of));
    return {
        title: "Switchyard among other sets",
        columns: ["sets", "requests/s", "× one set", "new connections/s", "× one set"],
        rows: [...found].map(([count, all]) => [
            count,
            textOf(rates(all, "kept"), 0),
            (medianOf(rates(all, "kept")) / base("kept")).toFixed(2),
            textOf(rates(all, "fresh"), 0),
            (medianOf(rates(all, "fresh")) / base("fresh")).toFixed(2),
        ]),
        notes: [
            "The other sets have the same members and no probes: what grows is the table that each new connection is looked up in.",
        ],
    };
}
