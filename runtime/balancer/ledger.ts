import type { Transaction } from "./monitor";

/**
 * Tells others' transactions from ours, also those that went unseen: the kernel counts transactions, and we know how many
 * of ours lie between two that we saw. Processes are no help, since the kernel names them by numbers that a container does
 * not see.
 */
export class Ledger {
    /** Stamps of our transactions that have not been seen yet, in the order in which they are made. */
    private readonly pending: number[] = [];
    private last?: number;

    /** Before a transaction of ours is made. */
    announce(stamp: number): void {
        this.pending.push(stamp);
    }

    /** The announced transaction failed. */
    withdraw(stamp: number): void {
        const index = this.pending.indexOf(stamp);
        if (index !== -1) this.pending.splice(index, 1);
    }

    /** What the transaction tells of others' doings; undefined when all is well. */
    enter({ generation, author, touchesTable, removesTable, stamp }: Transaction): string | undefined {
        const index = stamp === undefined ? -1 : this.pending.indexOf(stamp);
        const ours = index !== -1;
        const mostUnseen = ours ? index : this.pending.length;
        const unseen = this.last === undefined ? 0 : generation - this.last - 1;
        this.last = generation;
        if (ours) this.pending.splice(0, index + 1);
        if (touchesTable && !ours) return `${author} ${removesTable ? "removed" : "changed"} the balancer's table`;
        if (unseen > mostUnseen) return "somebody may have changed the balancer's table unseen";
        return undefined;
    }

    /** How many of our transactions have not been seen. */
    get unseen(): number {
        return this.pending.length;
    }
}
