import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { Commands } from "./commands";
import { Ledger } from "./ledger";
import { MonitorReader } from "./monitor";

const RESTART_AFTER_MS = 1_000;
const LONGEST_START_MS = 30_000;
const FIRST_WAIT_MS = 20;
/** nft monitor never frees what it printed, about seven times its size: a new one now and then keeps it small. */
const MOST_CHARACTERS = 2 * 1024 * 1024;

function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Follows all changes of rules in this network namespace and reports those by others that concern our table. */
export class Watch {
    readonly ledger = new Ledger();
    private child?: ChildProcessWithoutNullStreams;
    private restart?: NodeJS.Timeout;
    private seesChanges = false;
    private closed = false;
    private lastWords = "";

    constructor(
        private readonly commands: Commands,
        private readonly onForeignChange: (what: string) => void,
    ) {}

    /** Begins to watch. Nothing is missed after it returns, which only a change can tell: `makeChange` makes one. */
    async start(makeChange: () => Promise<void>): Promise<void> {
        this.follow();
        const deadline = Date.now() + LONGEST_START_MS;
        // It reads the whole ruleset first, and begins again whenever that changes meanwhile: a large one needs a pause.
        for (let wait = FIRST_WAIT_MS; !this.seesChanges; wait *= 2) {
            if (Date.now() >= deadline) {
                this.close();
                throw new Error(`nft monitor shows no changes${this.lastWords && `: ${this.lastWords}`}`);
            }
            await makeChange();
            const next = Math.min(Date.now() + wait, deadline);
            while (!this.seesChanges && Date.now() < next) await pause(FIRST_WAIT_MS);
        }
    }

    /** Follows anew; what happens meanwhile shows as a gap in the ledger. */
    renew(): void {
        if (this.closed) return;
        clearTimeout(this.restart);
        const old = this.child;
        this.follow();
        old?.kill("SIGKILL");
    }

    close(): void {
        this.closed = true;
        clearTimeout(this.restart);
        this.child?.kill("SIGKILL");
    }

    private follow(): void {
        const child = this.commands.start(["nft", "monitor"]);
        this.child = child;
        const reader = new MonitorReader();
        let characters = 0;
        child.stderr.setEncoding("utf8").on("data", (chunk: string) => (this.lastWords = chunk.trim()));
        child.stdin.on("error", () => {});
        child.on("error", (error) => (this.lastWords = error.message));
        child.on("close", () => {
            if (this.child === child && !this.closed) this.restart = setTimeout(() => this.renew(), RESTART_AFTER_MS);
        });
        createInterface({ input: child.stdout }).on("line", (line) => {
            if (this.child !== child || this.closed) return;
            characters += line.length;
            const transaction = reader.read(line);
            if (!transaction) return;
            this.seesChanges = true;
            const foreign = this.ledger.enter(transaction);
            if (foreign !== undefined) this.onForeignChange(foreign);
            if (characters > MOST_CHARACTERS) this.renew();
        });
    }
}
