import { randomInt } from "node:crypto";
import { elementChanges, isEmptyChange } from "../../model/balancer/changes";
import type { GatewayInterfaces } from "../../model/balancer/network";
import type { Plan } from "../../model/balancer/plan";
import type { Looks } from "../../model/balancer/traffic";
import { Commands } from "./commands";
import { CounterReader } from "./counter-reader";
import type { Engine } from "./engine";
import { Forgetter } from "./forgetter";
import { checkNftVersion, loadText, NftProcess } from "./nft-process";
import { renderTable } from "./render";
import { listHeld, OPEN, REMOVE_TABLE, renderClearing, renderDifference } from "./rewrite";
import { ATTENDED_SECONDS, renderAttention, renderChanges, renderNoChange, renderStamp } from "./transactions";
import { Watch } from "./watch";

export interface NftablesEngineOptions {
    readonly interfaces: GatewayInterfaces;
    readonly commands?: Commands;
    /** How often to look whether the table is still there, besides following all changes. */
    readonly checkSeconds?: number;
}

/** More than this goes faster by a file than by a line. */
const LONGEST_LINE = 100_000;
/** Somebody who changes the table for ever costs one load in this time. */
const HEAL_PAUSE_MS = 1_000;
const ATTEND_EVERY_MS = 1_000;
/** Transactions of ours that the watch may be late with before it counts as dead. */
const MOST_UNSEEN = 3;

export async function startNftablesEngine(options: NftablesEngineOptions): Promise<Engine> {
    const commands = options.commands ?? new Commands();
    await checkNftVersion(commands);
    await commands.run(["conntrack", "--version"]);
    const engine = new NftablesEngine(options.interfaces, commands);
    await engine.start((options.checkSeconds ?? 5) * 1_000);
    return engine;
}

class NftablesEngine implements Engine {
    private readonly nft: NftProcess;
    private readonly counters: CounterReader;
    private readonly watch: Watch;
    private readonly forgetter: Forgetter;
    private readonly listeners: ((what: string) => void)[] = [];
    private checkTimer?: NodeJS.Timeout;
    private healTimer?: NodeJS.Timeout;
    private lastHeal = 0;
    /** When the caller last attended, and when the kernel was last told so. */
    private lookedAt = 0;
    private saidAt = 0;
    private closed = false;

    /** All work on the table, one after another. */
    private queue: Promise<unknown> = Promise.resolve();
    /** What the kernel is to hold. */
    private plan?: Plan;
    /** Whether it does, as far as we know: only then a change of elements is enough. */
    private inKernel = false;

    constructor(
        private readonly interfaces: GatewayInterfaces,
        private readonly commands: Commands,
    ) {
        this.nft = new NftProcess(commands);
        this.counters = new CounterReader(commands);
        this.forgetter = new Forgetter(commands);
        this.watch = new Watch(commands, (what) => this.heal(what));
    }

    async start(checkMs: number): Promise<void> {
        try {
            await this.watch.start(() => this.nft.run(renderNoChange()));
        } catch (error) {
            this.watch.close();
            this.nft.close();
            throw error;
        }
        this.checkTimer = setInterval(() => void this.enqueue(() => this.check()).catch(() => {}), checkMs);
    }

    apply(plan: Plan): Promise<void> {
        return this.enqueue(async () => {
            await this.load(plan);
            this.plan = plan;
            this.forgetter.serves(plan);
            // The first plan that is forgiving need not wait for the next look.
            void this.sayThatSomebodyAttends().catch(() => {});
        });
    }

    settled(): Promise<void> {
        return this.forgetter.settled();
    }

    async traffic(): Promise<Looks> {
        return this.plan && !this.closed ? this.counters.read(this.plan) : { now: new Map() };
    }

    async attend(): Promise<void> {
        this.lookedAt = Date.now();
        await this.sayThatSomebodyAttends();
    }

    onForeignChange(listener: (what: string) => void): void {
        this.listeners.push(listener);
    }

    async close(): Promise<void> {
        this.closed = true;
        clearInterval(this.checkTimer);
        clearTimeout(this.healTimer);
        this.watch.close();
        this.counters.close();
        await this.queue;
        this.nft.close();
    }

    private enqueue<T>(work: () => Promise<T>): Promise<T> {
        const result = this.queue.then(() => {
            if (this.closed) throw new Error("the engine is closed");
            return work();
        });
        this.queue = result.catch(() => {});
        return result;
    }

    private async sayThatSomebodyAttends(): Promise<void> {
        const now = Date.now();
        if (!this.plan?.forgiving.size || this.closed) return;
        if (now - this.lookedAt > ATTENDED_SECONDS * 1_000 || now - this.saidAt < ATTEND_EVERY_MS) return;
        this.saidAt = now;
        await this.enqueue(async () => {
            if (this.inKernel) await this.tryLine(renderAttention);
        });
    }

    /** By elements where that is enough and works, else what differs, else the whole table. */
    private async load(plan: Plan): Promise<void> {
        const before = this.inKernel ? this.plan : undefined;
        const changes = before && elementChanges(before, plan);
        if (changes && isEmptyChange(changes)) return;
        if (changes && (await this.tryLine((stamp) => renderChanges(plan, changes, stamp)))) return;
        if (before && !changes && (await this.tryDifference(before, plan))) return;
        const held = await listHeld(this.commands);
        if (held && (await this.attempt(() => this.loadTable(plan, (table) => renderClearing(held, table))))) return;
        await this.loadTable(plan, () => REMOVE_TABLE);
    }

    /** False when the kernel holds something else than we thought: then only a whole load helps. */
    private tryLine(render: (stamp: number) => string): Promise<boolean> {
        return this.attempt(() =>
            this.transaction((stamp) => {
                const line = render(stamp);
                return line.length > LONGEST_LINE ? loadText(this.commands, `${line}\n`) : this.nft.run(line);
            }),
        );
    }

    private tryDifference(before: Plan, plan: Plan): Promise<boolean> {
        return this.attempt(() =>
            this.transaction((stamp) =>
                loadText(this.commands, renderDifference(before, plan, this.interfaces, stamp)),
            ),
        );
    }

    private async loadTable(plan: Plan, leaving: (table: string) => string): Promise<void> {
        await this.transaction((stamp) => {
            const table = renderTable(plan, this.interfaces, stamp);
            return loadText(this.commands, leaving(table) + table + OPEN);
        });
        this.inKernel = true;
    }

    private async attempt(change: () => Promise<void>): Promise<boolean> {
        try {
            await change();
            return true;
        } catch {
            this.inKernel = false;
            return false;
        }
    }

    private async transaction(make: (stamp: number) => Promise<void>): Promise<void> {
        const stamp = randomInt(1, 2 ** 32);
        this.watch.ledger.announce(stamp);
        try {
            await make(stamp);
        } catch (error) {
            this.watch.ledger.withdraw(stamp);
            throw error;
        }
    }

    /** A transaction of ours that changes nothing: it fails when the table is gone, and shows the watch what it missed. */
    private async check(): Promise<void> {
        if (!this.plan) return;
        if (this.watch.ledger.unseen > MOST_UNSEEN) this.watch.renew();
        if (!this.inKernel || !(await this.tryLine(renderStamp))) {
            const isThere = (await listHeld(this.commands)) !== undefined;
            await this.restore(
                isThere ? "a change of the balancer's table had failed" : "the balancer's table was gone",
            );
        }
        this.forgetter.retry();
    }

    private heal(what: string): void {
        if (this.closed || this.healTimer) return;
        const pause = Math.max(0, this.lastHeal + HEAL_PAUSE_MS - Date.now());
        this.healTimer = setTimeout(() => {
            delete this.healTimer;
            // What fails here is tried again at the next check.
            void this.enqueue(() => this.restore(what)).catch(() => {});
        }, pause);
    }

    private async restore(what: string): Promise<void> {
        if (!this.plan) return;
        this.lastHeal = Date.now();
        this.inKernel = false;
        await this.load(this.plan);
        for (const listener of this.listeners) listener(what);
    }
}
