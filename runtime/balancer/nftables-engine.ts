import { randomInt } from "node:crypto";
import { elementChanges, isEmptyChange, type ElementChanges } from "../../model/balancer/changes";
import type { GatewayInterfaces } from "../../model/balancer/network";
import type { Plan } from "../../model/balancer/plan";
import { Commands } from "./commands";
import { forgetConnections, movableConnections } from "./conntrack";
import type { Engine } from "./engine";
import { checkNftVersion, loadText, NftProcess } from "./nft-process";
import { renderChanges, renderTable, TABLE } from "./render";
import { staleAfter, staleAmong } from "./stale";
import { Watch } from "./watch";

export interface NftablesEngineOptions {
    readonly interfaces: GatewayInterfaces;
    readonly commands?: Commands;
    /** How often to look whether the table is still there, besides following all changes. */
    readonly checkSeconds?: number;
}

/** More changed elements than this go faster by a file than by a line. */
const LONGEST_LINE_ELEMENTS = 2_000;
/** Somebody who changes the table for ever costs one load in this time. */
const HEAL_PAUSE_MS = 1_000;

export async function startNftablesEngine(options: NftablesEngineOptions): Promise<Engine> {
    const commands = options.commands ?? new Commands();
    await checkNftVersion(commands);
    await commands.run(["conntrack", "--version"]);
    return new NftablesEngine(options.interfaces, commands, options.checkSeconds ?? 10);
}

class NftablesEngine implements Engine {
    private readonly nft: NftProcess;
    private readonly watch: Watch;
    private readonly timer: NodeJS.Timeout;
    private readonly listeners: ((what: string) => void)[] = [];
    /** All work on the table, one after another. */
    private queue: Promise<unknown> = Promise.resolve();
    private closed = false;

    /** What the kernel is to hold. */
    private plan?: Plan;
    /** Whether it does, as far as we know: only then a change of elements is enough. */
    private inKernel = false;
    /** The number that our last transaction left in the table. */
    private stamp = 0;
    private sweepDue = true;
    private healDue?: string;
    private lastHeal = 0;

    constructor(
        private readonly interfaces: GatewayInterfaces,
        private readonly commands: Commands,
        checkSeconds: number,
    ) {
        this.nft = new NftProcess(commands);
        this.watch = new Watch(commands, {
            foreignChange: ({ what }) => this.heal(what),
            blind: (why) => this.enqueue(() => this.check(why)),
        });
        this.timer = setInterval(() => this.enqueue(() => this.check()), checkSeconds * 1_000);
        this.timer.unref();
    }

    apply(plan: Plan): Promise<void> {
        return this.enqueue(async () => {
            const from = this.plan;
            await this.load(plan);
            this.plan = plan;
            await this.forgetStale(from, plan);
        });
    }

    onForeignChange(listener: (what: string) => void): void {
        this.listeners.push(listener);
    }

    async close(): Promise<void> {
        this.closed = true;
        clearInterval(this.timer);
        this.watch.close();
        await this.queue;
        this.nft.close();
    }

    private enqueue<T>(work: () => Promise<T>): Promise<T> {
        const result = this.queue.then(work);
        this.queue = result.catch(() => {});
        return result;
    }

    private async load(plan: Plan): Promise<void> {
        const changes = this.plan && this.inKernel ? elementChanges(this.plan, plan) : undefined;
        if (changes && isEmptyChange(changes)) return;
        if (changes && (await this.tryChanges(plan, changes))) return;
        await this.transaction((stamp) => loadText(this.commands, renderTable(plan, this.interfaces, stamp)));
        this.inKernel = true;
    }

    /** False when the kernel holds something else than we thought: then only a whole load helps. */
    private async tryChanges(plan: Plan, changes: ElementChanges): Promise<boolean> {
        const count = changes.slotsToClear.length + changes.slotsToSet.size;
        try {
            await this.transaction((stamp) => {
                const line = renderChanges(plan, changes, stamp);
                return count > LONGEST_LINE_ELEMENTS ? loadText(this.commands, line + "\n") : this.nft.run(line);
            });
            return true;
        } catch {
            this.inKernel = false;
            return false;
        }
    }

    private async transaction(make: (stamp: number) => Promise<void>): Promise<void> {
        const stamp = randomInt(1, 2 ** 32);
        this.watch.expect(stamp);
        try {
            await make(stamp);
        } catch (error) {
            this.watch.forget(stamp);
            throw error;
        }
        this.stamp = stamp;
    }

    private async forgetStale(from: Plan | undefined, plan: Plan): Promise<void> {
        const { virtualIp } = plan.network;
        try {
            if (from && !this.sweepDue) await forgetConnections(staleAfter(from, plan), this.commands);
            else {
                const found = await movableConnections(virtualIp, this.commands);
                await forgetConnections(staleAmong(plan, found), this.commands);
            }
            this.sweepDue = false;
        } catch {
            // The plan serves; what is left over is swept at the next check.
            this.sweepDue = true;
        }
    }

    private async check(why?: string): Promise<void> {
        if (!this.plan || this.closed) return;
        const { stdout } = await this.commands.attempt(["nft", "list", "set", ...TABLE.split(" "), "stamp"]);
        const stamp = /elements = \{ 0x([0-9a-f]+)/.exec(stdout)?.[1];
        if (stamp === undefined || parseInt(stamp, 16) !== this.stamp)
            await this.restore("the balancer's table was not as it was left");
        else if (why !== undefined) await this.restore(`changes may have gone unseen: ${why}`);
        if (this.sweepDue) await this.forgetStale(undefined, this.plan);
    }

    private heal(what: string): void {
        if (this.closed) return;
        const waiting = this.healDue !== undefined;
        this.healDue = what;
        if (waiting) return;
        setTimeout(
            () => {
                const due = this.healDue!;
                delete this.healDue;
                void this.enqueue(() => this.restore(due)).catch(() => {});
            },
            Math.max(0, this.lastHeal + HEAL_PAUSE_MS - Date.now()),
        );
    }

    private async restore(what: string): Promise<void> {
        if (!this.plan || this.closed) return;
        this.lastHeal = Date.now();
        this.inKernel = false;
        await this.load(this.plan);
        for (const listener of this.listeners) listener(what);
    }
}
