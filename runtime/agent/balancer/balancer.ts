import { compile } from "../../../model/balancer/compile";
import { EMPTY_CONFIGURATION, type BalancerConfiguration } from "../../../model/balancer/configuration";
import { initialHealth } from "../../../model/health/health";
import type { ConnectionsLeft } from "../../../model/balancer/control";
import type { GatewayNetwork } from "../../../model/balancer/network";
import type { Plan } from "../../../model/balancer/plan";
import { reuse } from "../../../model/balancer/reuse";
import { Candidate } from "./candidate";
import { departures, type Departure } from "./drain";
import type { EventLog } from "../events";
import type { Kernel } from "./kernel";
import { identity, membersOf, type Member } from "./members";
import type { Names } from "./names";
import type { Ask } from "../probes";
import type { Answer } from "./resolver";
import type { Applied } from "./memory";
import { Turns } from "../turns";
import { MemberWatch, type Known, type Surroundings } from "./watch";

export interface BalancerParts {
    readonly network: GatewayNetwork;
    readonly kernel: Kernel;
    readonly names: Names;
    readonly ask: Ask;
    readonly events: EventLog;
    /** Called when another configuration begins to serve. */
    readonly onApplied?: (configuration: BalancerConfiguration) => void;
    /** Called after health or addresses have changed, to keep them for the next agent. */
    readonly onHealth: () => void;
}

const RETRY_MS = 1_000;
const LONGEST_FIRST_LOOK_MS = 2_000;
const LONGEST_FIRST_ASK_MS = 1_000;

/** What serves now: a configuration and the watches of its members. Keeps the kernel's plan in step with both. */
export class Balancer {
    applied: Applied = { revision: 0, configuration: EMPTY_CONFIGURATION };
    watches: ReadonlyMap<string, MemberWatch> = new Map();
    /** What the kernel serves, as far as we brought it there. */
    plan?: Plan;
    /** Why the kernel does not serve what it should, while it does not. */
    problem?: string;

    /** All work on the kernel's plan, one after another. */
    private readonly turns = new Turns();
    private queued?: Promise<void>;
    private retry?: NodeJS.Timeout;
    private looksFirst = false;

    private readonly surroundings: Surroundings;

    constructor(private readonly parts: BalancerParts) {
        const { names, ask } = parts;
        this.surroundings = { names, ask, onChange: (watch, event) => this.changed(watch, event) };
    }

    /**
     * Serves what the last agent served, as far as it was healthy then; watches nobody yet. A kernel that still serves
     * is left alone when something is not known of a member, until each was looked at once. Before one that serves nothing
     * yet does, Docker is asked where the machines are: after a restart of the host they have other addresses.
     */
    async restore(
        applied: Applied,
        known: ReadonlyMap<string, Known>,
        { kernelServes = false }: { kernelServes?: boolean } = {},
    ): Promise<void> {
        const members = membersOf(applied.configuration);
        const stillKnown = kernelServes ? known : await this.whereTheyAreNow(members, known);
        this.applied = applied;
        this.watches = new Map(
            members.map((member) => [
                member.key,
                new MemberWatch(member, this.surroundings, stillKnown.get(identity(member))),
            ]),
        );
        this.looksFirst = kernelServes && [...this.watches.values()].some(({ member }) => !known.has(identity(member)));
        await this.refresh();
        this.parts.onApplied?.(applied.configuration);
    }

    start(): void {
        for (const watch of this.watches.values()) watch.start();
        if (this.looksFirst) void this.lookFirst();
    }

    async close(): Promise<void> {
        clearTimeout(this.retry);
        for (const watch of this.watches.values()) watch.close();
        await this.turns.done();
    }

    /** Brings the kernel up to date; changes that come while one waits its turn are served by that one. */
    refresh(): Promise<void> {
        if (this.looksFirst) return Promise.resolve();
        this.queued ??= this.turns.take(async () => {
            delete this.queued;
            try {
                await this.serve(this.applied.configuration, this.watches);
                delete this.problem;
            } catch (error) {
                this.notServed(error as Error);
            }
        });
        return this.queued;
    }

    /** A configuration that could come next; members whose machine and probe stay keep their watch. */
    prepare(configuration: BalancerConfiguration): Candidate {
        return new Candidate(reuse(this.applied.configuration, configuration), this.watches, this.surroundings);
    }

    /**
     * Serves the candidate from now on: one swap, all or nothing. `keep` stores what is passed to it for the next agent;
     * it comes first, so that no agent ever serves less than what was announced as applied.
     */
    async adopt(
        candidate: Candidate,
        owner: string | undefined,
        keep: (applied: Applied) => Promise<void>,
    ): Promise<Departure[]> {
        const left = await this.turns.take(async () => {
            const before = this.applied;
            const next = {
                revision: before.revision + 1,
                configuration: candidate.configuration,
                owner,
                appliedAt: Date.now(),
            };
            const watches = candidate.watches();
            await keep(next);
            try {
                await this.serve(next.configuration, watches);
            } catch (error) {
                await keep(before).catch(() => {});
                throw error;
            }
            this.looksFirst = false;
            const left = departures(this.watches, candidate.members);
            for (const [key, watch] of this.watches) if (watches.get(key) !== watch) watch.close();
            this.applied = next;
            this.watches = watches;
            delete this.problem;
            candidate.settle();
            this.parts.onApplied?.(next.configuration);
            this.parts.onHealth();
            // A member may have changed during the swap.
            void this.refresh();
            return left;
        });
        await this.parts.kernel.settled();
        return left;
    }

    /** Sends a machine that is about to stop no new connections. */
    async quiesce(container: string): Promise<void> {
        const watches = [...this.watches.values()].filter((watch) => watch.member.container === container);
        for (const watch of watches) watch.quiesce();
        if (watches.length === 0) return;
        await this.refresh();
        await this.parts.kernel.settled();
    }

    /** What a machine still carries. */
    async connectionsLeft(container: string): Promise<ConnectionsLeft> {
        const left = departures(this.watches, []).filter((departure) => departure.container === container);
        const counts = await this.parts.kernel.countConnections(left.map(({ machine }) => machine));
        return {
            connections: counts.reduce((sum, count) => sum + count, 0),
            drainSeconds: Math.max(0, ...left.map(({ drainSeconds }) => drainSeconds)),
        };
    }

    /** Health by identity, as the next agent is to find it. */
    known(): Map<string, Known> {
        return new Map([...this.watches.values()].map((watch) => [identity(watch.member), watch.known]));
    }

    private changed(watch: MemberWatch, event?: string): void {
        if (this.watches.get(watch.member.key) !== watch) return;
        if (event !== undefined) this.parts.events.add("member", `${watch.member.label} ${event}`);
        this.parts.onHealth();
        void this.refresh();
    }

    /** What is known, without what was known of other addresses. Where DNS does not answer soon, all stays. */
    private async whereTheyAreNow(members: readonly Member[], known: ReadonlyMap<string, Known>) {
        const answers = new Map<string, Answer>();
        const asked = [...new Set(members.filter((m) => known.has(identity(m))).map(({ container }) => container))];
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([
            Promise.all(asked.map(async (name) => answers.set(name, await this.parts.names.ask(name)))),
            new Promise((resolve) => (timer = setTimeout(resolve, LONGEST_FIRST_ASK_MS))),
        ]);
        clearTimeout(timer);
        const now = new Map(known);
        for (const member of members) {
            const answer = answers.get(member.container);
            if (!answer || answer.kind === "failed") continue;
            const address = answer.kind === "address" ? answer.address : undefined;
            const before = known.get(identity(member));
            if (address !== before?.address)
                now.set(identity(member), { health: initialHealth(Date.now(), before?.health), address });
        }
        return now;
    }

    private async lookFirst(): Promise<void> {
        const deadline = Date.now() + LONGEST_FIRST_LOOK_MS;
        while (Date.now() < deadline && [...this.watches.values()].some((watch) => !watch.hasLooked))
            await new Promise((resolve) => setTimeout(resolve, 20));
        this.looksFirst = false;
        await this.refresh();
    }

    private async serve(configuration: BalancerConfiguration, watches: ReadonlyMap<string, MemberWatch>) {
        const observations = { get: (key: string) => watches.get(key)?.observation };
        const plan = compile(configuration, this.parts.network, observations);
        await this.parts.kernel.apply(plan);
        this.plan = plan;
    }

    private notServed(error: Error): void {
        const problem = `the kernel does not serve the present configuration: ${error.message}`;
        if (problem !== this.problem) this.parts.events.add("problem", problem);
        this.problem = problem;
        clearTimeout(this.retry);
        this.retry = setTimeout(() => void this.refresh(), RETRY_MS).unref();
    }
}
