import type { DnsPlan } from "../../model/dns/plan";
import { Daemon } from "./daemon";
import { ConfigurationDirectory } from "./directory";
import { PlaceTables } from "./geo/place-tables";
import { renderPlan } from "./render";
import { flattened } from "./statistics";
import { Watch } from "./watch";

export interface DnsEngineOptions {
    /** Addresses with ports on which queries come. Default: port 53 of all. */
    readonly listen?: readonly string[];
    /** Where gdnsd's control socket is. */
    readonly runDirectory?: string;
    /** Where the engine writes gdnsd's configuration: in memory, best. */
    readonly configurationDirectory?: string;
    /** The file of a geo database, by its content hash. */
    readonly geoFile?: (hash: string) => string;
    /** How to call gdnsd. */
    readonly command?: readonly string[];
}

const EVERYWHERE = ["0.0.0.0:53", "[::]:53"];
const BETWEEN_TRIES_MS = 20;
const AGAIN_MS = 500;

/**
 * Has gdnsd serve plans. gdnsd goes on without the engine, and the next engine takes over the one that runs. A plan is
 * served by a new process, to which the old one gives its sockets: no query is lost.
 */
export class DnsEngine {
    private readonly directory: ConfigurationDirectory;
    private readonly daemon: Daemon;
    private readonly places: PlaceTables;
    private readonly settings;
    /** What is done with gdnsd is done one after another. */
    private turn: Promise<unknown> = Promise.resolve();
    /** The plan that waits for its turn, and those who wait for it. */
    private waiting?: { plan: DnsPlan; served: Promise<void> };
    private watch?: Watch;
    private problem?: string;
    private again?: NodeJS.Timeout;
    private closed = false;

    constructor(options: DnsEngineOptions = {}) {
        const runDirectory = options.runDirectory ?? "/run/gdnsd";
        this.directory = new ConfigurationDirectory(options.configurationDirectory ?? "/run/switchyard/gdnsd");
        this.daemon = new Daemon(options.command ?? ["gdnsd"], this.directory.link, runDirectory);
        this.places = new PlaceTables(this.directory.root, options.geoFile);
        this.settings = {
            listen: options.listen ?? EVERYWHERE,
            runDirectory,
            stateDirectory: `${this.directory.root}/state`,
        };
    }

    /**
     * Takes over the gdnsd that runs; else starts one with what was served last. Where nothing was, the first plan starts
     * it, so that nobody is refused an answer that is about to come.
     */
    async start(): Promise<void> {
        await this.inTurn(async () => {
            if (this.directory.current !== undefined) await this.revive();
        });
    }

    /**
     * Resolves when the plan serves. Throws one sentence, and what served before serves on. Of plans that wait for their
     * turn only the last is served: the others' callers hear of that one.
     */
    async apply(plan: DnsPlan): Promise<void> {
        if (this.waiting) {
            this.waiting.plan = plan;
            return this.waiting.served;
        }
        const waiting = { plan, served: Promise.resolve() };
        this.waiting = waiting;
        waiting.served = this.inTurn(() => {
            delete this.waiting;
            return this.serve(waiting.plan);
        });
        return waiting.served;
    }

    /** What keeps names from being answered, in sentences. */
    problems(): readonly string[] {
        return this.problem === undefined ? [] : [this.problem];
    }

    /** What gdnsd has counted since it first started; replacements take the counts over. Undefined while it does not run. */
    async counters(): Promise<Readonly<Record<string, number>> | undefined> {
        const statistics = await this.daemon.statistics();
        return statistics === undefined ? undefined : flattened(statistics);
    }

    /** Leaves gdnsd as it is: it serves on. */
    async close(): Promise<void> {
        this.closed = true;
        clearTimeout(this.again);
        await this.turn;
        this.watch?.close();
    }

    private async serve(plan: DnsPlan): Promise<void> {
        const places = await this.places.of(plan);
        const version = this.directory.write(renderPlan(plan, this.settings, places));
        const before = this.directory.current;
        this.directory.use(version);
        try {
            await this.load();
        } catch (error) {
            this.directory.use(before);
            if (before !== undefined) await this.revive();
            throw error;
        } finally {
            this.directory.removeOthers();
        }
        this.places.removeOthers();
    }

    /** Has gdnsd serve what the directory says, whatever runs now. */
    private async load(): Promise<void> {
        this.watch?.expectEnd();
        for (;;) {
            const outcome = await this.daemon.replace();
            if (outcome === "done") break;
            if (outcome === "failed") throw new Error((await this.daemon.complaint()) ?? "gdnsd cannot be replaced");
            // Somebody else's may have read what was there before.
            if (outcome === "gone" && (await this.daemon.start()) === "own") break;
            await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
        }
        await this.look();
    }

    /** Sees to it that a gdnsd runs. */
    private async revive(): Promise<void> {
        try {
            if (!(await this.daemon.isRunning())) await this.daemon.start();
            await this.look();
        } catch (error) {
            this.problem = `no name is answered: ${(error as Error).message}`;
            if (this.closed) return;
            clearTimeout(this.again);
            this.again = setTimeout(() => this.onEnd(), AGAIN_MS).unref();
        }
    }

    private async look(): Promise<void> {
        this.watch?.close();
        this.watch = await Watch.begin(this.daemon, () => this.onEnd());
        delete this.problem;
    }

    private onEnd(): void {
        if (!this.closed) void this.inTurn(() => this.revive());
    }

    private inTurn<T>(action: () => Promise<T>): Promise<T> {
        const done = this.turn.then(action);
        this.turn = done.catch(() => {});
        return done;
    }
}
