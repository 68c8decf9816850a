import type { Context, Section, Table } from "../report";
import { interleave } from "../support/interleave";
import { medianOf, textBy, textOf } from "../support/statistics";
import { askAtMost, askSteadily, type Answered } from "./asks";
import type { Server } from "./server";
import { echo } from "./servers/echo";
import { gdnsd } from "./servers/gdnsd";
import { knot } from "./servers/knot";
import { powerdns } from "./servers/powerdns";
import { switchyard } from "./servers/switchyard";
import { measureControl, type DnsControl } from "./verdicts";

const LIMIT = "gdnsd, a plain record";

/** Names answered as each method answers them, beside other servers that can. */
export async function dnsSection({ quick, say }: Context): Promise<Section> {
    const [seconds, rounds] = quick ? [1, 1] : [2, 3];
    const servers: Server[] = [];
    const started = async (starting: Promise<Server>) => {
        const server = await starting;
        servers.push(server);
        return server;
    };
    try {
        say("starting servers");
        const ours = await started(switchyard());
        const contestants: { name: string; server: Server; asked: string }[] = [
            { name: "an echo (perl)", server: await started(echo()), asked: "one" },
            { name: LIMIT, server: await started(gdnsd()), asked: "one" },
            { name: "Switchyard: one answer (Failover)", server: ours, asked: "one" },
            { name: "Switchyard: one of three (RoundRobin, Weighted)", server: ours, asked: "random" },
            { name: "Switchyard: all three (MultiValue)", server: ours, asked: "several" },
            { name: "Switchyard: by network (Subnet)", server: ours, asked: "network" },
            { name: "Knot, geoip: one of three", server: await started(knot("weighted")), asked: "random" },
            { name: "Knot, geoip: by network", server: await started(knot("subnet")), asked: "network" },
            { name: "PowerDNS, shared LUA: one of three", server: await started(powerdns()), asked: "random" },
        ];
        const most = await interleave(
            contestants.map(({ name, server, asked }) => ({ name, run: () => askAtMost(server, asked, seconds) })),
            rounds,
            say,
        );
        const slowest = Math.min(...[...most.values()].map((all) => medianOf(all.map(({ perSecond }) => perSecond))));
        const load = Math.round(slowest / 2);
        const steady = await interleave(
            contestants.map(({ name, server, asked }) => ({
                name,
                run: () => askSteadily(server, asked, seconds, load),
            })),
            rounds,
            (step) => say(`steadily: ${step}`),
        );
        const counts = quick ? [10, 100] : [10, 100, 1000];
        const control = new Map<number, DnsControl>();
        for (const policies of counts) {
            say(`changes among ${policies} policies`);
            control.set(policies, await measureControl(policies, quick ? 5 : 50));
        }
        return {
            title: "DNS: answers of traffic policies",
            method: [
                `dnsperf over the loopback, ${rounds} × ${seconds} s each, one name asked again and again. dnsperf takes more of the processors than any server: answers per CPU second of the server's processes tell servers apart, answers per second do not.`,
                "Settings are those that each comes with.",
            ],
            tables: [answersTable(most, steady, load), controlTable(control)],
            measured: {
                most: Object.fromEntries(most),
                p99: { load, ...Object.fromEntries(steady) },
                control: Object.fromEntries(control),
            },
        };
    } finally {
        for (const server of servers) await server.end();
    }
}

function answersTable(
    most: ReadonlyMap<string, Answered[]>,
    steady: ReadonlyMap<string, number[]>,
    load: number,
): Table {
    const perCpu = (all: Answered[]) => all.map(({ perCpuSecond }) => perCpuSecond);
    const limit = medianOf(perCpu(most.get(LIMIT)!));
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
            (medianOf(perCpu(all)) / limit).toFixed(2),
            textBy(all, ({ perSecond }) => perSecond, 0),
            String(all.reduce((sum, { lost }) => sum + lost, 0)),
            textOf(steady.get(name)!, 0),
        ]),
        notes: [`Goal: at least 0.9 × ${LIMIT}, and above the others.`],
    };
}

function controlTable(control: ReadonlyMap<number, DnsControl>): Table {
    return {
        title: "Policies of ten endpoints, answered at random",
        columns: ["policies", "applying all, ms", "from a verdict to the changed answer, ms"],
        rows: [...control].map(([policies, { applying, verdicts }]) => [
            policies.toLocaleString("en"),
            applying.toFixed(0),
            textOf(verdicts, 1),
        ]),
        notes: ["Goal: 1,000 policies follow a verdict within 50 ms."],
    };
}
