import type { ProbeResult } from "../../../model/health/health";
import type { Ask } from "../probes";
import { repeat } from "../schedule";
import { Gate } from "./gate";
import type { Question } from "./question";
import type { ResolveHost } from "./resolver";

export type Seen = ProbeResult & { readonly latencyMs?: number };
type Listener = (seen: Seen) => void;

export interface Senses {
    readonly ask: Ask;
    readonly resolve: ResolveHost;
}

/** A name may lead to many; clients try a few. */
const MOST_ADDRESSES = 8;
const SHORTEST_TIMEOUT_SECONDS = 0.05;

/** A service may come up a moment after the policy that leads to it. */
const ARRIVAL_PACE_SECONDS = 1;
const LONGEST_ARRIVAL_MS = 60_000;

/** Asks all questions, each at its own pace, and the same question of several policies once. */
export class Probers {
    private readonly probers = new Map<string, Prober>();
    private readonly gate = new Gate();

    constructor(private readonly senses: Senses) {}

    /** Calls `listener` with each answer, and with the last one if it `knowsNone`. Returns how to stop. */
    follow(question: Question, listener: Listener, knowsNone: boolean): () => void {
        const key = proberKey(question);
        const prober = this.probers.get(key) ?? new Prober(question, this.senses, this.gate, knowsNone);
        this.probers.set(key, prober);
        prober.listeners.add(listener);
        if (prober.last && knowsNone) listener(prober.last);
        return () => {
            prober.listeners.delete(listener);
            if (prober.listeners.size > 0) return;
            prober.close();
            if (this.probers.get(key) === prober) this.probers.delete(key);
        };
    }

    /** Asks everybody once more, as soon as may be. */
    now(): void {
        for (const prober of this.probers.values()) prober.now();
    }
}

/** Questions of one key are asked together. */
export function proberKey({ target, asked, timing }: Question): string {
    return [target, asked, timing.intervalSeconds, timing.timeoutSeconds].join(" ");
}

class Prober {
    readonly listeners = new Set<Listener>();
    last?: Seen;
    private asking?: Promise<void>;
    private due?: Promise<void>;
    private isClosed = false;
    private stop = () => {};

    constructor(
        private readonly question: Question,
        private readonly senses: Senses,
        private readonly gate: Gate,
        private readonly isNew: boolean,
    ) {
        void this.begin();
    }

    /** Whoever waits to ask need not wait twice. */
    now(): void {
        this.due ??= this.gate.run(() => this.once()).finally(() => delete this.due);
    }

    close(): void {
        this.isClosed = true;
        this.stop();
    }

    private async begin(): Promise<void> {
        await this.gate.run(() => this.once());
        if (this.isClosed) return;
        const { intervalSeconds } = this.question.timing;
        if (this.isNew && this.last?.outcome !== "success" && intervalSeconds > ARRIVAL_PACE_SECONDS) this.await();
        else this.settle(intervalSeconds);
    }

    /** Asks whoever is new and has not come up yet more often than later, until it has. */
    private await(): void {
        const latest = performance.now() + LONGEST_ARRIVAL_MS;
        const ask = async (): Promise<void> => {
            await this.gate.run(() => this.once());
            if (this.isClosed || (this.last?.outcome !== "success" && performance.now() < latest)) return;
            this.stop();
            this.settle(this.question.timing.intervalSeconds);
        };
        this.stop = repeat(ARRIVAL_PACE_SECONDS, ask, ARRIVAL_PACE_SECONDS);
    }

    /** From a moment of its own on: who begins together must not ask together for ever. */
    private settle(intervalSeconds: number): void {
        this.stop = repeat(intervalSeconds, () => this.once(), Math.random() * intervalSeconds);
    }

    private once(): Promise<void> {
        if (this.isClosed) return Promise.resolve();
        this.asking ??= this.ask().then((seen) => {
            delete this.asking;
            if (this.isClosed) return;
            this.last = seen;
            for (const listener of [...this.listeners]) listener(seen);
        });
        return this.asking;
    }

    private async ask(): Promise<Seen> {
        const { whom, timing } = this.question;
        const begin = performance.now();
        let addresses: readonly string[];
        if ("hostName" in whom) {
            const answer = await this.senses.resolve(whom.hostName, timing.timeoutSeconds);
            if ("reason" in answer) return { outcome: answer.isAnswer ? "refusal" : "silence", reason: answer.reason };
            ({ addresses } = answer);
        } else {
            ({ addresses } = whom);
        }
        // Finding the host is part of its answer: its clients wait for it too.
        const left = timing.timeoutSeconds - (performance.now() - begin) / 1000;
        const result = await this.askAny(addresses, Math.max(SHORTEST_TIMEOUT_SECONDS, left));
        if (result.outcome !== "success") return result;
        return { ...result, latencyMs: Math.round((performance.now() - begin) * 10) / 10 };
    }

    /** Clients try the next address when one does not answer, so one that does is enough. */
    private askAny(addresses: readonly string[], timeoutSeconds: number): Promise<ProbeResult> {
        const { probe, port } = this.question;
        const asked = addresses
            .slice(0, MOST_ADDRESSES)
            .map((address) => this.senses.ask(probe, { address, port }, timeoutSeconds));
        const successes = asked.map(async (answer) => {
            const result = await answer;
            if (result.outcome !== "success") throw new Error(result.reason);
            return result;
        });
        return Promise.any(successes).catch(() => asked[0]!);
    }
}
