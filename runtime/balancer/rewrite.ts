import { sameDestination } from "../../model/balancer/changes";
import type { GatewayInterfaces } from "../../model/balancer/network";
import type { Frontend, Plan, Table } from "../../model/balancer/plan";
import { renderTimeouts } from "./access";
import type { Commands } from "./commands";
import { MEASURED_SETS } from "./counters";
import { elementsOf, MAPS } from "./elements";
import { declarationsOf, renderParts, renderStampSet } from "./render";
import { declare, type Declaration } from "./text";
import { change, TABLE } from "./transactions";

/**
 * How a new configuration takes the place of the old one, in one transaction: what must leave goes first.
 *
 * The chains through which packets enter stay: the kernel calls a new chain in front of the one that it replaces, and a
 * packet that meets the new one just before the transaction counts and the old one just after would find both empty, pass
 * untranslated, and be refused. The same chain shows each packet its old rules or its new ones.
 */

/** Everything. For a table that cannot be made into ours. */
export const REMOVE_TABLE = `table ${TABLE}\ndelete table ${TABLE}\n`;

/** What the image's init closes (closed.nft), in the same transaction as the first table. */
export const OPEN = "table ip switchyard-closed\ndelete table ip switchyard-closed\n";

/**
 * From one plan's table to the next one's, without what both have: of a change to one of 1,000 frontends the kernel is told
 * no more than that.
 */
export function renderDifference(before: Plan, next: Plan, interfaces: GatewayInterfaces, stamp: number): string {
    const [has, will] = [declarationsOf(before, interfaces), declarationsOf(next, interfaces)];
    const sets = compare(has.sets, will.sets);
    const chains = compare(has.chains, will.chains);
    const elements = elementDifference(before, next);
    return [
        `flush set ${TABLE} stamp`,
        ...chains.changed.map(([, name]) => `flush chain ${TABLE} ${name}`),
        ...chains.gone.map(([, name]) => `flush chain ${TABLE} ${name}`),
        ...elements.map(({ map, leaving }) => change("delete", map, leaving)),
        ...sets.gone.map(([, name]) => `delete set ${TABLE} ${name}`),
        ...chains.gone.map(([, name]) => `delete chain ${TABLE} ${name}`),
        ...(before.countsPackets && !next.countsPackets ? MEASURED_SETS.map((set) => `flush set ${TABLE} ${set}`) : []),
        renderParts([
            renderStampSet(stamp),
            ...sets.new.map(declare),
            renderTimeouts(next),
            ...[...chains.changed, ...chains.new].map(declare),
        ]),
        ...elements.map(({ map, coming }) => change("add", map, coming)),
        "",
    ].join("\n");
}

/** By name: those that the next has otherwise, those that only it has, and those that it has not. */
function compare(before: readonly Declaration[], next: readonly Declaration[]) {
    const has = new Map(before.map((one) => [one[1], one]));
    const names = new Set(next.map(([, name]) => name));
    const isChanged = (one: Declaration) => {
        const earlier = has.get(one[1]);
        return earlier !== undefined && earlier !== one && declare(earlier) !== declare(one);
    };
    return {
        changed: next.filter(isChanged),
        new: next.filter(([, name]) => !has.has(name)),
        gone: before.filter(([, name]) => !names.has(name)),
    };
}

function elementDifference(before: Plan, next: Plan) {
    const [has, will] = [elementsOf(changedFrom(before, next)), elementsOf(changedFrom(next, before))];
    const text = ([key, value]: [string, string]) => (value === "" ? key : `${key} : ${value}`);
    return MAPS.map((map) => ({
        map,
        leaving: [...has[map]].filter(([key, value]) => will[map].get(key) !== value).map(([key]) => key),
        coming: [...will[map]].filter(([key, value]) => has[map].get(key) !== value).map(text),
    }));
}

/** The plan with those frontends that the other has not just so. What is silenced may be so for several: it stays whole. */
function changedFrom(plan: Plan, other: Plan): Plan {
    const others = new Map(other.frontends.map((frontend) => [frontend.name, frontend]));
    const isSame = (frontend: Frontend) => {
        const { name } = frontend;
        const twin = others.get(name);
        return (
            twin !== undefined &&
            (twin === frontend || JSON.stringify(twin) === JSON.stringify(frontend)) &&
            plan.refusing.has(name) === other.refusing.has(name) &&
            plan.forgiving.has(name) === other.forgiving.has(name) &&
            sameTable(plan.tables.get(name)!, other.tables.get(name)!)
        );
    };
    const isLosing = ({ name }: Frontend) => plan.resetting.has(name) || other.resetting.has(name);
    return { ...plan, frontends: plan.frontends.filter((frontend) => isLosing(frontend) || !isSame(frontend)) };
}

function sameTable(one: Table, other: Table): boolean {
    return one === other || one.every((destination, slot) => sameDestination(destination, other[slot]));
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
