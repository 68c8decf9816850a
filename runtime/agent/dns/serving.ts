import { compile } from "../../../model/dns/compile";
import type { DnsConfiguration } from "../../../model/dns/configuration";
import { prepare, type Decider, type PolicyStates } from "../../../model/dns/decide";
import { endpointKey, type EndpointHealth } from "../../../model/dns/observation";
import { EMPTY_PLAN } from "../../../model/dns/plan";
import { sameDecision } from "../../../model/dns/same";
import type { EventLog } from "../events";
import { Turns } from "../turns";
import { EndpointMonitor } from "./endpoint-monitor";
import type { Engine } from "./engine";
import { endpointRecord, NOTHING_APPLIED, type Applied, type Known } from "./memory";
import type { Probers } from "./prober";
import { questionsOf, type Question } from "./question";
import { reasonOf } from "./report";
import { Statuses, type StatusChange } from "./statuses";

export interface ServingParts {
    readonly engine: Engine;
    readonly probers: Probers;
    readonly events: EventLog;
    /** Called after statuses have changed, to keep them for the next agent. */
    readonly onHealth: () => void;
}

const RETRY_MS = 1_000;
const NOBODY: Decider = { policies: new Map(), decide: () => new Map(), redecide: () => new Map() };

/** What serves now: a configuration, the monitors of its endpoints, and what they lead to. Keeps the engine in step. */
export class Serving {
    applied: Applied = NOTHING_APPLIED;
    /** By `endpointKey`. */
    monitors: ReadonlyMap<string, EndpointMonitor> = new Map();
    states: PolicyStates = new Map();
    statuses = new Statuses();
    /** Why the engine does not serve what it should, while it does not. */
    problem?: string;

    decider: Decider = NOBODY;
    /** By `endpointKey`, of those that are probed. */
    healths = new Map<string, EndpointHealth>();
    /** Policies of which an endpoint has another health than when they were decided. */
    private readonly changed = new Set<string>();
    private serial = 0;
    /** All work on the engine, one after another. */
    private readonly turns = new Turns();
    private queued?: Promise<void>;
    private retry?: NodeJS.Timeout;
    /** By `endpointKey`, of a configuration that is about to be adopted. */
    private readonly met = new Map<string, EndpointMonitor>();

    constructor(private readonly parts: ServingParts) {}

    /** Serves what the last agent served, with the statuses of then; asks nobody yet. */
    async restore(applied: Applied, known: ReadonlyMap<string, Known>): Promise<void> {
        this.applied = applied;
        this.monitors = new Map(
            questionsOf(applied.configuration).map((question) => [
                question.key,
                this.monitorFor(question, known.get(endpointRecord(question.key))),
            ]),
        );
        this.healths = healthsOf(this.monitors);
        this.decider = deciderOf(applied.configuration);
        this.states = this.decider.decide(this.healths);
        this.statuses = new Statuses(known);
        this.note(this.statuses.follow(this.states));
        await this.turns.take(() => this.serve());
    }

    /** Begins to ask. */
    start(): void {
        for (const monitor of this.monitors.values()) monitor.serve(monitor.question, this.parts.probers);
    }

    async close(): Promise<void> {
        clearTimeout(this.retry);
        for (const monitor of this.monitors.values()) monitor.close();
        this.dismiss();
        await this.turns.done();
    }

    /** Begins to ask the endpoints that a configuration would add, so that nobody is sent to one that was never asked. */
    meet(questions: readonly Question[]): EndpointMonitor[] {
        this.dismiss();
        for (const question of questions) {
            const { key, target } = question;
            if (this.monitors.get(key)?.question.target === target) continue;
            const monitor = this.monitorFor(question);
            this.met.set(key, monitor);
            monitor.serve(question, this.parts.probers);
        }
        return [...this.met.values()];
    }

    /** Lets go of those whom `adopt` has not taken on. */
    dismiss(): void {
        for (const monitor of this.met.values()) monitor.close();
        this.met.clear();
    }

    /**
     * Serves the configuration from now on, all or nothing: throws what keeps it from being served or kept, and what
     * served before serves on.
     * @param questions of the configuration
     */
    adopt(
        configuration: DnsConfiguration | null,
        questions: readonly Question[],
        owner: string | undefined,
        keep: (applied: Applied) => Promise<void>,
    ): Promise<void> {
        return this.turns.take(async () => {
            const { engine, probers } = this.parts;
            const before = this.applied;
            const next = { revision: before.revision + 1, configuration, owner, appliedAt: Date.now() };
            const places = questions.map((question) => {
                const known = [this.monitors.get(question.key), this.met.get(question.key)].find(
                    (monitor) => monitor?.question.target === question.target,
                );
                return { question, monitor: known ?? this.monitorFor(question) };
            });
            const monitors = new Map(places.map(({ question, monitor }) => [question.key, monitor]));
            const healths = healthsOf(monitors);
            const decider = deciderOf(configuration);
            const states = decider.decide(healths);
            await engine.apply(this.plan(configuration, states));
            try {
                await keep(next);
            } catch (error) {
                await this.serve();
                throw error;
            }
            this.applied = next;
            this.decider = decider;
            this.healths = healths;
            this.states = states;
            delete this.problem;
            const left = [...this.monitors].filter(([key, monitor]) => monitors.get(key) !== monitor);
            this.monitors = monitors;
            this.met.clear();
            this.note(this.statuses.follow(states));
            for (const { question, monitor } of places) monitor.serve(question, probers);
            for (const [, monitor] of left) monitor.close();
            this.parts.onHealth();
            // An endpoint may have changed meanwhile.
            for (const monitor of monitors.values())
                if (healths.get(monitor.question.key) !== monitor.verdict) this.hear(monitor);
        });
    }

    /** Resolves when the engine serves what is known by now. */
    async settled(): Promise<void> {
        await this.turns.done();
    }

    /** Status and health, as the next agent is to find them. */
    known(): Map<string, Known> {
        const known = new Map<string, Known>(this.statuses.records());
        for (const [key, monitor] of this.monitors) {
            const record = endpointRecord(key);
            known.set(record, { ...known.get(record)!, ...monitor.known });
        }
        return known;
    }

    private monitorFor(question: Question, known?: Known): EndpointMonitor {
        return new EndpointMonitor(question, (monitor) => this.hear(monitor), known);
    }

    /** A monitor has another verdict: verdicts that come while one waits its turn are served with that one. */
    private hear(monitor: EndpointMonitor): void {
        const { key, policy } = monitor.question;
        if (this.monitors.get(key) !== monitor) return;
        this.healths.set(key, monitor.verdict);
        this.changed.add(policy);
        this.queued ??= this.turns.take(async () => {
            // After all answers that have come by now: thousands come together when probing begins.
            await new Promise((resolve) => setImmediate(resolve));
            delete this.queued;
            const before = this.states;
            this.states = this.decider.redecide(before, this.healths, this.changed);
            this.changed.clear();
            this.note(this.statuses.follow(this.states, before));
            this.parts.onHealth();
            if (this.problem !== undefined || !sameAnswers(before, this.states)) await this.serve();
        });
    }

    /** Has the engine serve what is so now, and tries again where that fails. */
    private async serve(): Promise<void> {
        clearTimeout(this.retry);
        try {
            await this.parts.engine.apply(this.plan(this.applied.configuration, this.states));
            delete this.problem;
        } catch (error) {
            const problem = `the present answers are not served: ${(error as Error).message}`;
            if (problem !== this.problem) this.parts.events.add("problem", problem);
            this.problem = problem;
            this.retry = setTimeout(() => void this.turns.take(() => this.serve()), RETRY_MS).unref();
        }
    }

    private plan(configuration: DnsConfiguration | null, states: PolicyStates) {
        // The clock, so that servers beside each other and agents after each other need not agree on a count.
        this.serial = Math.max(this.serial + 1, Math.floor(Date.now() / 1000));
        if (configuration === null) return { ...EMPTY_PLAN, serial: this.serial };
        return compile(configuration, states, { serial: this.serial });
    }

    private note(changes: readonly StatusChange[]): void {
        this.parts.events.addAll(
            changes.map(({ policy, endpoint, status }) =>
                endpoint === undefined
                    ? { kind: "policy", message: `${policy} is ${status}` }
                    : {
                          kind: "endpoint",
                          message: `${endpoint} of ${policy} is ${status}${this.why(policy, endpoint)}`,
                      },
            ),
        );
    }

    private why(policy: string, name: string): string {
        const endpoint = this.applied.configuration!.policies[policy]!.endpoints[name]!;
        const status = this.states.get(policy)!.endpoints.get(name)!;
        const reason = reasonOf(endpoint, status, this.monitors.get(endpointKey(policy, name)), this.states);
        return reason === "" ? "" : `: ${reason}`;
    }
}

function healthsOf(monitors: ReadonlyMap<string, EndpointMonitor>): Map<string, EndpointHealth> {
    return new Map([...monitors].map(([key, { verdict }]) => [key, verdict]));
}

function deciderOf(configuration: DnsConfiguration | null): Decider {
    return configuration === null ? NOBODY : prepare(configuration);
}

function sameAnswers(before: PolicyStates, after: PolicyStates): boolean {
    for (const [policy, state] of after) {
        const earlier = before.get(policy);
        if (earlier === state) continue;
        if (!earlier || !sameDecision(earlier.decision, state.decision)) return false;
    }
    return true;
}
