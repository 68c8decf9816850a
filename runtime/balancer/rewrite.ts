import type { Plan } from "../../model/balancer/plan";
import type { Commands } from "./commands";
import { dynamicSets, frontendChains } from "./access";
import { MEASURE, MEASURED_SETS } from "./counters";
import { elementsOf, MAPS } from "./elements";
import { change, TABLE } from "./transactions";

/**
 * What must leave a table before a new configuration comes, in the same transaction.
 *
 * The chains through which packets enter stay: the kernel calls a new chain in front of the one that it replaces, and a
 * packet that meets the new one just before the transaction counts and the old one just after would find both empty, pass
 * untranslated, and be refused. The same chain shows each packet its old rules or its new ones.
 */

/** Everything. For a table that cannot be made into ours. */
export const REMOVE_TABLE = `table ${TABLE}\ndelete table ${TABLE}\n`;

/** What the image's init closes (closed.nft), in the same transaction as the first table. */
export const OPEN = "table ip switchyard-closed\ndelete table ip switchyard-closed\n";

/** What the table of one plan has and that of the next has not. */
export function renderLeaving(before: Plan, next: Plan): string {
    const has = elementsOf(before);
    const stays = elementsOf(next);
    const gone = (names: (plan: Plan) => readonly string[]) => {
        const kept = new Set(names(next));
        return names(before).filter((name) => !kept.has(name));
    };
    return [
        `flush table ${TABLE}`,
        `flush set ${TABLE} stamp`,
        ...MAPS.map((map) => {
            const keys = [...has[map]].filter(([key, value]) => stays[map].get(key) !== value).map(([key]) => key);
            return change("delete", map, keys);
        }),
        ...gone(setNames).map((name) => `delete set ${TABLE} ${name}`),
        ...gone(frontendChains).map((name) => `delete chain ${TABLE} ${name}`),
        ...(before.countsPackets && !next.countsPackets ? renderNotMeasuring() : []),
        "",
    ].join("\n");
}

function renderNotMeasuring(): string[] {
    return [`delete chain ${TABLE} ${MEASURE}`, ...MEASURED_SETS.map((set) => `flush set ${TABLE} ${set}`)];
}

function setNames(plan: Plan): string[] {
    return dynamicSets(plan).map(([, name]) => name);
}

/** The names of what a table holds: an earlier agent's, or one that somebody else has changed. */
export interface Held {
    readonly sets: readonly string[];
    readonly maps: readonly string[];
    readonly chains: readonly string[];
}

/**
 * All contents that come from plans, and everything that has no name of the next `table`'s. Sets that the kernel fills as
 * packets pass keep what they count.
 */
export function renderClearing({ sets, maps, chains }: Held, table: string): string {
    const stays = new Set([...table.matchAll(/^ {4}(?:set|map|chain) (\S+) \{$/gm)].map(([, name]) => name));
    const dynamic = new Set(
        [...table.matchAll(/^ {4}set (\S+) \{\n(?: {8}.*\n)*? {8}flags dynamic\b/gm)].map(([, name]) => name),
    );
    const leaving = (names: readonly string[]) => names.filter((name) => !stays.has(name));
    return [
        `flush table ${TABLE}`,
        ...sets.filter((name) => !dynamic.has(name)).map((name) => `flush set ${TABLE} ${name}`),
        ...maps.map((name) => `flush map ${TABLE} ${name}`),
        ...leaving(sets).map((name) => `delete set ${TABLE} ${name}`),
        ...leaving(maps).map((name) => `delete map ${TABLE} ${name}`),
        ...leaving(chains).map((name) => `delete chain ${TABLE} ${name}`),
        "",
    ].join("\n");
}

/** What our table holds now; undefined when there is none. */
export async function listHeld(commands: Commands): Promise<Held | undefined> {
    const { code, stdout } = await commands.attempt(["nft", "--json", "--terse", "list", "table", ...TABLE.split(" ")]);
    if (code !== 0) return undefined;
    const { nftables } = JSON.parse(stdout) as { nftables: Record<string, { name: string }>[] };
    const named = (kind: string) => nftables.flatMap((object) => object[kind]?.name ?? []);
    return { sets: named("set"), maps: named("map"), chains: named("chain") };
}
