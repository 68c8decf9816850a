import { TABLE } from "./transactions";

/** One transaction of anybody's in this namespace, as `nft monitor` tells it. */
export interface Transaction {
    /** The kernel counts all transactions. */
    readonly generation: number;
    /** `nft (process 4711)` */
    readonly author: string;
    readonly touchesTable: boolean;
    readonly removesTable: boolean;
    /** The number that one of ours leaves. */
    readonly stamp?: number;
}

const GENERATION = /^# new generation (\d+) by process (\d+) \((.*)\)$/;
const STAMP = new RegExp(`^add element ${TABLE} stamp \\{ 0x([0-9a-f]+) \\}`);
const OBJECT = new RegExp(`^(add|delete|insert|replace) \\w+ ${TABLE}( |$)`);

/** Reads the lines of `nft monitor`: what changed, and then who changed it. */
export class MonitorReader {
    private touchesTable = false;
    private removesTable = false;
    private stamp?: number;
    private partial = false;

    /** The transaction that this line ends. One of which a part was lost is left out: the ledger sees the gap. */
    read(line: string): Transaction | undefined {
        const end = GENERATION.exec(line);
        if (!end) {
            this.remember(line);
            return undefined;
        }
        const { touchesTable, removesTable, stamp, partial } = this;
        this.touchesTable = this.removesTable = this.partial = false;
        delete this.stamp;
        if (partial) return undefined;
        return {
            generation: Number(end[1]),
            author: `${end[3]} (process ${end[2]})`,
            touchesTable,
            removesTable,
            stamp,
        };
    }

    private remember(line: string): void {
        // The socket overflowed.
        if (line.startsWith("# ERROR")) this.partial = true;
        if (!OBJECT.test(line)) return;
        this.touchesTable = true;
        if (line === `delete table ${TABLE}`) this.removesTable = true;
        if (line === `add table ${TABLE}`) this.removesTable = false;
        const stamp = STAMP.exec(line);
        if (stamp) this.stamp = parseInt(stamp[1]!, 16);
    }
}
