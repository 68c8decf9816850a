import type { Context, Goal, Section } from "../report";
import { sharesOf } from "../support/lines";
import { spreadOf, textBy, textOf } from "../support/statistics";
import { CONTESTANTS, PROBE, type Start } from "./contestants";
import { KINDS, type Kind } from "./kinds";
import { prepareLane, type Failure } from "./lane";

interface Found {
    readonly kind: string;
    readonly contestant: string;
    readonly failures: readonly Failure[];
}

interface Pair {
    readonly kind: string;
    readonly how: Kind;
    readonly contestant: string;
    readonly start: Start;
}

const OURS = "Switchyard";
/** Kinds of which nobody is told anything: what is asked of a silent death holds for them. */
const SILENT = ["is silent (black-holed)", "is paused"];

/** How long clients notice that a member fails. */
export async function failoverSection({ quick, say }: Context): Promise<Section> {
    const [lanes, times] = quick ? [1, 2] : [2, 50];
    const pairs = Object.entries(KINDS).flatMap(([kind, how]) =>
        Object.entries(CONTESTANTS).map(([contestant, start]) => ({ kind, how, contestant, start })),
    );
    say(`${pairs.length * lanes} gateways at the same time, ${times} failures each`);
    const found = await measure(pairs, lanes, times, say);
    const { intervalSeconds, timeoutSeconds, unhealthyThreshold } = PROBE;
    const longest = Math.round((intervalSeconds * unhealthyThreshold + timeoutSeconds) * 1000) + 50;
    return {
        title: "Failover: one of three members fails",
        method: [
            `${lanes * times} failures of each kind. A client makes a new connection with one request every 20 ms and gives up after 1.5 s. All kinds and contestants run at the same time, each in namespaces of its own: what is measured is waiting, not work.`,
            `Both ask each member over http each ${intervalSeconds * 1000} ms, wait as long for the answer, and take it out after ${unhealthyThreshold} failures. Switchyard's passive detection is on, as by default; HAProxy tries another member when a connection cannot be made (\`option redispatch 1\`, \`timeout connect 1s\`, \`retries 3\`).`,
            "Switchyard holds a member down that fails again and again; here it does not (`longestHoldDownSeconds: 0`), so that each is back in time for its next failure.",
            "Detected: until the balancer said that it took the member out (HAProxy's log, the agent's events). Not: it did not while the member failed, for 1.5 s.",
            `Goal: the last connection that fails begins within ${longest} ms: at most an interval until the first probe, another until the second, its timeout, and 50 ms.`,
        ],
        goals: SILENT.map((kind) => goalOf(kind, longest, found)),
        tables: Object.keys(KINDS).map((kind) => ({
            title: `A member ${kind}`,
            columns: [
                "",
                "detected after, ms",
                "failed connections",
                "last that failed, ms after",
                "slowest that was answered, ms",
            ],
            rows: found
                .filter((one) => one.kind === kind)
                .map(({ contestant, failures }) => rowOf(contestant, failures)),
        })),
        charts: [
            {
                name: "failover",
                title: "Time until the last new connection that failed",
                x: { title: "ms after the failure", ticks: [0, 250, 500, 750, 1000, 1250, 1500] },
                y: { title: "share of the failures", ticks: [0, 0.25, 0.5, 0.75, 1] },
                series: found.map(({ kind, contestant, failures }) => ({
                    name: `${contestant}: ${kind.replace(/ .black-holed./, "")}`,
                    points: sharesOf(failures.map(({ lastFailed }) => lastFailed)),
                })),
            },
        ],
        measured: found,
    };
}

/** All begin when all are ready: starting is work, and what is measured is not. */
async function measure(pairs: readonly Pair[], lanes: number, times: number, say: Context["say"]) {
    const each = pairs.flatMap((pair) => Array.from({ length: lanes }, () => pair));
    const ready = await Promise.all(each.map(({ start, how }) => prepareLane(start, how)));
    say("all are ready");
    try {
        const failures = await Promise.all(ready.map((lane) => lane.run(times)));
        return pairs.map((pair) => ({
            kind: pair.kind,
            contestant: pair.contestant,
            failures: failures.filter((_, n) => each[n] === pair).flat(),
        }));
    } finally {
        await Promise.all(ready.map((lane) => lane.remove()));
    }
}

/** Of all failures, also those that a busy machine saw late. */
function goalOf(kind: string, longest: number, found: readonly Found[]): Goal {
    const { failures } = found.find((one) => one.kind === kind && one.contestant === OURS)!;
    const { median, most } = spreadOf(failures.map(({ lastFailed }) => lastFailed));
    return {
        what: `A member ${kind}: the last connection that fails`,
        goal: `begins within ${longest} ms`,
        found: `at most ${most.toFixed(0)} ms, median ${median.toFixed(0)} ms`,
        met: most <= longest,
    };
}

function rowOf(contestant: string, failures: readonly Failure[]): string[] {
    const detected = failures.flatMap(({ detected }) => detected ?? []);
    const missed = failures.length - detected.length;
    return [
        contestant,
        (detected.length === 0 ? "" : textOf(detected, 0)) +
            (missed === 0 ? "" : `; ${missed} of ${failures.length} not`),
        textBy(failures, ({ failed }) => failed, 0),
        textBy(failures, ({ lastFailed }) => lastFailed, 0),
        textBy(failures, ({ slowest }) => slowest, 0),
    ];
}
