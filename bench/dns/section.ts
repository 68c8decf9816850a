import type { Context, Section } from "../report";
import { interleave } from "../support/interleave";
import { medianOf } from "../support/statistics";
import { goalsOf, ECHO, LIMIT, OURS } from "./goals";
import { askAtMost, askSteadily } from "./asks";
import type { Server } from "./server";
import { echo } from "./servers/echo";
import { gdnsd } from "./servers/gdnsd";
import { knot } from "./servers/knot";
import { powerdns } from "./servers/powerdns";
import { switchyard } from "./servers/switchyard";
import { answersChart, answersTable, controlTable } from "./tables";
import { measureControl, type DnsControl } from "./verdicts";

/** Names answered as each method answers them, beside other servers that can. */
export async function dnsSection({ quick, say }: Context): Promise<Section> {
    const rounds = quick ? 1 : 3;
    const [seconds, steadySeconds] = [quick ? 1 : 2, 1];
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
            { name: ECHO, server: await started(echo()), asked: "one" },
            { name: LIMIT, server: await started(gdnsd()), asked: "one" },
            { name: `${OURS}one answer (Failover)`, server: ours, asked: "one" },
            { name: `${OURS}one of three (RoundRobin, Weighted)`, server: ours, asked: "random" },
            { name: `${OURS}all three (MultiValue)`, server: ours, asked: "several" },
            { name: `${OURS}by network (Subnet; Performance, by latencies)`, server: ours, asked: "network" },
            { name: `${OURS}by place (Geographic; Performance, by distances)`, server: ours, asked: "place" },
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
                run: () => askSteadily(server, asked, steadySeconds, load),
            })),
            rounds,
            (step) => say(`steadily: ${step}`),
        );
        const counts = quick ? [10, 100] : [10, 100, 1000];
        const control = new Map<number, DnsControl>();
        for (const policies of counts) {
            say(`changes among ${policies} policies`);
            control.set(policies, await measureControl(policies, quick ? 4 : 20));
        }
        return {
            title: "DNS: answers of traffic policies",
            method: [
                `dnsperf over the loopback, ${rounds} × ${seconds} s each (${rounds} × ${steadySeconds} s at a steady rate), one name asked again and again. dnsperf takes more of the processors than any server: answers per CPU second of the server's processes tell servers apart, answers per second do not.`,
                "Rows of Switchyard name the methods that come to such answers. Networks and places are looked up by the client's address; of places by a database of 10,000 networks.",
                "Applying: from the request to the agent's last event. A verdict: from the agent's own word about an endpoint that it probes, until the first answer that follows from it; the probe is not counted.",
                "Settings are those that each comes with.",
            ],
            goals: goalsOf(most, control),
            tables: [answersTable(most, steady, load), controlTable(control)],
            charts: [answersChart(most)],
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
