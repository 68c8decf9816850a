import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import * as z from "zod";
import { describeChanges } from "../../model/schema/changes";

const MOST_KEPT = 20;
const INDEX = "index.json";
const HASH_LENGTH = 12;
const UNKNOWN_CHANGES = "what changed is not known";
/** A configuration holds keys of probes. */
const OWNER_ONLY = 0o600;

const entry = z.object({
    revision: z.int(),
    hash: z.string().regex(/^[0-9a-f]+$/),
    appliedAt: z.number(),
    changes: z.array(z.string()),
    /** Files besides the configuration, by content hash. */
    needs: z.array(z.string()).default([]),
});
export type RevisionEntry = z.infer<typeof entry>;

interface Applied<Configuration> {
    readonly revision: number;
    readonly configuration: Configuration;
    readonly appliedAt?: number | undefined;
}

/** The last applied configurations, each in a file named by the hash of its content, and what changed with each. */
export class Revisions<Configuration> {
    private entries: readonly RevisionEntry[] = [];
    /** Why the last one could not be kept, while it could not. */
    problem?: string;

    /** @param schema of a configuration
     *  @param secrets paths whose values no change shows
     *  @param needsOf files that a configuration cannot be served without, by content hash */
    constructor(
        private readonly directory: string,
        private readonly schema: z.ZodType<Configuration>,
        private readonly secrets: readonly string[],
        private readonly needsOf: (configuration: Configuration) => readonly string[] = () => [],
    ) {}

    /** Who was killed between an apply and its entry here finds that out now. */
    async load(applied: Applied<Configuration>): Promise<void> {
        try {
            const text = await fs.readFile(path.join(this.directory, INDEX), "utf8").catch(() => "[]");
            this.entries = z.array(entry).parse(JSON.parse(text)).slice(-MOST_KEPT);
        } catch {
            // What was applied before is of less use than an agent that runs.
            this.entries = [];
        }
        const last = this.entries.at(-1);
        if (applied.revision > (last?.revision ?? 0)) await this.add(last && (await this.configuration(last)), applied);
    }

    /** Newest last. */
    list(): readonly RevisionEntry[] {
        return this.entries;
    }

    /** Keeps what was just applied. That it could not be kept is no reason for an apply to fail: `problem` tells. */
    async add(before: Configuration | undefined, { revision, configuration, appliedAt }: Applied<Configuration>) {
        const text = canonicalJson(configuration);
        const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
        const changes = before === undefined ? [UNKNOWN_CHANGES] : describeChanges(before, configuration, this.secrets);
        // Numbers begin anew where the memory of what served was lost.
        const earlier = this.entries.filter((entry) => entry.revision < revision);
        const needs = [...this.needsOf(configuration)];
        const added = { revision, hash, appliedAt: appliedAt ?? Date.now(), changes, needs };
        this.entries = [...earlier, added].slice(-MOST_KEPT);
        try {
            await fs.mkdir(this.directory, { recursive: true });
            await writeFileAtomic(this.file(hash), text, { mode: OWNER_ONLY });
            await writeFileAtomic(path.join(this.directory, INDEX), JSON.stringify(this.entries), { mode: OWNER_ONLY });
            await this.forgetOthers();
            delete this.problem;
        } catch (error) {
            this.problem = `revision ${revision} is not kept for a rollback: ${(error as Error).message}`;
        }
    }

    /** Files that a revision needs, by content hash. */
    needs(): Set<string> {
        return new Set(this.entries.flatMap(({ needs }) => needs));
    }

    /** Those whose hash begins so, newest first. */
    startingWith(hash: string): RevisionEntry[] {
        return this.entries.filter((entry) => entry.hash.startsWith(hash)).reverse();
    }

    /** Undefined when it cannot be read any more. */
    async configuration({ hash }: RevisionEntry): Promise<Configuration | undefined> {
        const text = await fs.readFile(this.file(hash), "utf8").catch(() => undefined);
        if (text === undefined) return undefined;
        try {
            return this.schema.parse(JSON.parse(text));
        } catch {
            return undefined;
        }
    }

    private file(hash: string): string {
        return path.join(this.directory, `${hash}.json`);
    }

    private async forgetOthers(): Promise<void> {
        const kept = new Set([INDEX, ...this.entries.map(({ hash }) => `${hash}.json`)]);
        for (const file of await fs.readdir(this.directory))
            if (!kept.has(file)) await fs.rm(path.join(this.directory, file), { force: true });
    }
}

/** The same text for the same content, in whatever order it was given. */
function canonicalJson(value: unknown): string {
    return JSON.stringify(value, (_, part: unknown) => {
        if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
        return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
    });
}
