import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { Commands } from "./commands";
import { TABLE } from "./render";

const RESTART_AFTER_MS = 1_000;

/** One transaction that touched the table and carries none of our stamps. */
export interface ForeignChange {
    /** `nft (process 4711) removed the table` */
    readonly what: string;
}

export interface WatchListener {
    foreignChange(change: ForeignChange): void;
    /** Changes may have gone unseen. */
    blind(why: string): void;
}

/**
 * Follows all changes of rules in this network namespace. Ours are told from others' by their stamp, not by the process
 * that made them: the kernel names processes by numbers that a container does not see.
 */
export class Watch {
    private readonly ours = new Set<number>();
    private child?: ChildProcessWithoutNullStreams;
    private restart?: NodeJS.Timeout;
    private closed = false;

    constructor(
        private readonly commands: Commands,
        private readonly listener: WatchListener,
    ) {
        this.start();
    }

    /** Announces a transaction of ours, before it is made. */
    expect(stamp: number): void {
        this.ours.add(stamp);
    }

    /** Takes the announcement back: the transaction failed. */
    forget(stamp: number): void {
        this.ours.delete(stamp);
    }

    close(): void {
        this.closed = true;
        clearTimeout(this.restart);
        this.child?.kill("SIGKILL");
    }

    private start(): void {
        const child = this.commands.start(["nft", "monitor"]);
        this.child = child;
        let said = "";
        child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said = chunk.trim()));
        child.stdin.on("error", () => {});
        child.on("error", (error) => (said = error.message));
        child.on("close", () => {
            if (this.closed) return;
            this.restart = setTimeout(() => {
                this.start();
                this.listener.blind(`nft monitor ended (${said || "no message"})`);
            }, RESTART_AFTER_MS);
        });
        const transaction = new Transaction();
        createInterface({ input: child.stdout }).on("line", (line) => {
            if (/^# ERROR/.test(line)) return this.listener.blind("nft monitor could not keep up");
            const author = transaction.read(line);
            if (author === undefined) return;
            if (transaction.touchesTable && !this.ours.delete(transaction.stamp ?? -1))
                this.listener.foreignChange({ what: `${author} ${transaction.summary}` });
            transaction.reset();
        });
    }
}

const GENERATION = /^# new generation \d+ by process (\d+) \((.*)\)$/;
const STAMP = new RegExp(`^add element ${TABLE} stamp \\{ 0x([0-9a-f]+) \\}`);
const OBJECT = new RegExp(`^(add|delete|insert|replace) \\w+ ${TABLE}( |$)`);

/** The lines of one transaction as `nft monitor` prints them, the last one saying who made it. */
class Transaction {
    touchesTable = false;
    stamp?: number;
    private removed = false;
    private added = false;

    /** Who made the transaction, when the line ends it. */
    read(line: string): string | undefined {
        const generation = GENERATION.exec(line);
        if (generation) return `${generation[2]} (process ${generation[1]})`;
        if (!OBJECT.test(line)) return undefined;
        this.touchesTable = true;
        if (line === `delete table ${TABLE}`) this.removed = true;
        if (line === `add table ${TABLE}`) this.added = true;
        const stamp = STAMP.exec(line);
        if (stamp) this.stamp = parseInt(stamp[1]!, 16);
        return undefined;
    }

    get summary(): string {
        if (this.removed && !this.added) return "removed the balancer's table";
        return "changed the balancer's table";
    }

    reset(): void {
        Object.assign(this, { touchesTable: false, stamp: undefined, removed: false, added: false });
    }
}
