import fs from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import * as z from "zod";
import { CONFIGURATION_COPY, CONFIGURATION_FILE, loggedEvent, type LoggedEvent } from "../../model/control";

/** What one kind of agent remembers. */
export interface Memory<Applied, Known> {
    /** What serves, and since when. */
    readonly applied: z.ZodType<Applied>;
    /** What is known of one of those that are probed. */
    readonly known: z.ZodType<Known>;
    /** What serves before the first apply. */
    readonly nothing: Applied;
}

export interface Stored<Applied, Known> {
    readonly applied: Applied;
    readonly known: ReadonlyMap<string, Known>;
    readonly events: readonly LoggedEvent[];
    /** What could not be read, one sentence each. */
    readonly problems: readonly string[];
    /** Whether there was a configuration that cannot be read: then nobody knows what served. */
    readonly lostConfiguration: boolean;
}

const HEALTH = "health.json";
const EVENTS = "events.json";
/** Health and events may be a moment old after a crash; they are not worth a write each. */
const LAZY_MS = 300;
/** A configuration holds keys of probes. */
const OWNER_ONLY = 0o600;

/** An agent's memory, on a volume that outlives the agent and its container. */
export class Store<Applied, Known> {
    private readonly lazy = new Map<string, { timer: NodeJS.Timeout; content: () => unknown }>();
    private writing: Promise<unknown> = Promise.resolve();
    private failure?: string;

    constructor(
        private readonly directory: string,
        private readonly memory: Memory<Applied, Known>,
    ) {}

    async load(): Promise<Stored<Applied, Known>> {
        await fs.mkdir(this.directory, { recursive: true });
        await this.removeUnfinished();
        const problems: string[] = [];
        const configuration =
            (await this.read(CONFIGURATION_FILE, this.memory.applied, problems)) ??
            (problems.length > 0 ? await this.read(CONFIGURATION_COPY, this.memory.applied, []) : undefined);
        const lostConfiguration = problems.length > 0 && configuration === undefined;
        const health = await this.read(HEALTH, z.record(z.string(), this.memory.known), problems);
        const events = await this.read(EVENTS, z.array(loggedEvent), problems);
        return {
            applied: configuration ?? this.memory.nothing,
            known: new Map(Object.entries(health ?? {})),
            events: events ?? [],
            problems,
            lostConfiguration,
        };
    }

    /** Returns when the configuration is on the disk. Health first: who starts from this configuration needs it. */
    async keepConfiguration(configuration: Applied, known: ReadonlyMap<string, Known>): Promise<void> {
        await this.write(HEALTH, Object.fromEntries(known));
        await this.write(CONFIGURATION_FILE, configuration);
        // The apply is done without it; the failure shows in the status.
        await this.write(CONFIGURATION_COPY, configuration).catch(() => {});
    }

    keepHealthSoon(known: () => ReadonlyMap<string, Known>): void {
        this.writeSoon(HEALTH, () => Object.fromEntries(known()));
    }

    keepEventsSoon(events: () => readonly LoggedEvent[]): void {
        this.writeSoon(EVENTS, events);
    }

    /** Why the last write failed, while it did. */
    trouble(): string | undefined {
        return this.failure;
    }

    /** Writes what is due soon, now. */
    async close(): Promise<void> {
        const due = [...this.lazy];
        this.lazy.clear();
        for (const [file, { timer, content }] of due) {
            clearTimeout(timer);
            await this.write(file, content()).catch(() => {});
        }
    }

    private writeSoon(file: string, content: () => unknown): void {
        if (this.lazy.has(file)) return;
        const timer = setTimeout(() => {
            this.lazy.delete(file);
            // The failure shows in the status.
            this.write(file, content()).catch(() => {});
        }, LAZY_MS);
        this.lazy.set(file, { timer, content });
    }

    private write(file: string, content: unknown): Promise<void> {
        const text = JSON.stringify(content);
        const written = this.writing.then(async () => {
            try {
                await writeFileAtomic(path.join(this.directory, file), text, { mode: OWNER_ONLY });
                await fs.rm(this.aside(file), { force: true });
                if (file === CONFIGURATION_FILE) await this.syncDirectory();
                delete this.failure;
            } catch (error) {
                this.failure = `${path.join(this.directory, file)} could not be written: ${(error as Error).message}`;
                throw new Error(this.failure);
            }
        });
        this.writing = written.catch(() => {});
        return written;
    }

    /** Where a file goes that makes no sense, until there is a good one. */
    private aside(file: string): string {
        return `${path.join(this.directory, file)}.unreadable`;
    }

    /** A rename is on the disk when its directory is. */
    private async syncDirectory(): Promise<void> {
        const directory = await fs.open(this.directory);
        await directory.sync().finally(() => directory.close());
    }

    private async read<S extends z.ZodType>(
        file: string,
        schema: S,
        problems: string[],
    ): Promise<z.output<S> | undefined> {
        const location = path.join(this.directory, file);
        const aside = this.aside(file);
        try {
            return parseKnown(schema, JSON.parse(await fs.readFile(location, "utf8")));
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") {
                // An earlier agent moved it aside, and nothing has taken its place yet.
                if (await exists(aside)) problems.push(`${location} is missing; ${aside} could not be read before`);
                return undefined;
            }
            const why = reasonOf(error);
            // A disk that cannot be read today says nothing against the file.
            if (!(error instanceof z.ZodError || error instanceof SyntaxError)) {
                problems.push(`${location} could not be read: ${why}`);
                return undefined;
            }
            await fs.rename(location, aside).catch(() => {});
            problems.push(`${location} could not be read and was moved to ${aside}: ${why.replace(/\s+/g, " ")}`);
            return undefined;
        }
    }

    /** An agent that is killed while it writes leaves its unfinished file. */
    private async removeUnfinished(): Promise<void> {
        for (const file of await fs.readdir(this.directory)) {
            if (/^(configuration|configuration\.copy|health|events)\.json\.\d+$/.test(file))
                await fs.rm(path.join(this.directory, file));
        }
    }
}

/** Leaves out keys that only a newer agent knows, which may have run before this one: the rest still serves. */
function parseKnown<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
    const { success, data, error } = schema.safeParse(value);
    if (success) return data;
    for (const issue of error.issues) {
        if (issue.code !== "unrecognized_keys") continue;
        const holder = issue.path.reduce((at, key) => (at as Record<PropertyKey, unknown>)[key], value);
        for (const key of issue.keys) delete (holder as Record<string, unknown>)[key];
    }
    return schema.parse(value);
}

/** What JSON.parse says quotes the text, which may hold secrets. */
function reasonOf(error: unknown): string {
    if (error instanceof z.ZodError) return z.prettifyError(error);
    return error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
}

async function exists(file: string): Promise<boolean> {
    return fs.access(file).then(
        () => true,
        () => false,
    );
}
