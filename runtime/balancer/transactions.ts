import type { ElementChanges } from "../../model/balancer/changes";
import type { Destination, Plan } from "../../model/balancer/plan";
import type { Declaration } from "./text";
import { forgivenMark, keys, mapOfSlot, REFUSE, SLOT_MAPS, target, type SlotMap } from "./elements";

export const TABLE = "ip switchyard";

/** One line, one transaction: what leaves goes before what comes. */
export function renderChanges(plan: Plan, changes: ElementChanges, stamp: number): string {
    const frontends = new Map(plan.frontends.map((frontend) => [frontend.name, frontend]));
    const keysOf = (names: readonly string[]) => names.flatMap((name) => keys(frontends.get(name)!));
    const marksOf = (names: readonly string[]) => names.map((name) => forgivenMark(frontends.get(name)!));
    const mapOf = mapOfSlot(plan);
    const clear = (map: SlotMap) => changes.slotsToClear.filter((slot) => mapOf(slot) === map).map(String);
    const set = (map: SlotMap) =>
        [...changes.slotsToSet]
            .filter(([slot]) => mapOf(slot) === map)
            .map(([slot, destination]) => `${slot} : ${target(map, destination)}`);
    const silent = (destination: Destination) => target("slots", destination);
    return [
        ...SLOT_MAPS.map((map) => change("delete", map, clear(map))),
        change("delete", "refusing", keysOf(changes.toAccept)),
        change("delete", "forgiving", marksOf(changes.toPassOn)),
        change("delete", "silenced", changes.toHear.map(silent)),
        `flush set ${TABLE} stamp`,
        ...SLOT_MAPS.map((map) => change("add", map, set(map))),
        change(
            "add",
            "refusing",
            keysOf(changes.toRefuse).map((key) => `${key} : ${REFUSE}`),
        ),
        change("add", "forgiving", marksOf(changes.toForgive)),
        change("add", "silenced", changes.toSilence.map(silent)),
        change("add", "stamp", [String(stamp)]),
    ]
        .filter((command) => command !== "")
        .join("; ");
}

/** A transaction that only says that it is ours. */
export function renderStamp(stamp: number): string {
    return `flush set ${TABLE} stamp; add element ${TABLE} stamp { ${stamp} }`;
}

/** How long an agent that looked at refusals may be late with its next look. */
export const ATTENDED_SECONDS = 4;

export const ATTENDED: Declaration = ["set", "attended", ["type inet_proto", "flags timeout"]];

/** A transaction that says: somebody looks at what members refuse. It wears off, should nobody say so again. */
export function renderAttention(stamp: number): string {
    return `flush set ${TABLE} attended; ${renderStamp(stamp)}; add element ${TABLE} attended { tcp timeout ${ATTENDED_SECONDS}s }`;
}

/** A transaction that leaves everything as it was, our table too. */
export function renderNoChange(): string {
    return `add table ${TABLE}-watch; delete table ${TABLE}-watch`;
}

/** Nothing for an empty list. */
export function change(verb: "add" | "delete", name: string, list: readonly string[]): string {
    return list.length === 0 ? "" : `${verb} element ${TABLE} ${name} { ${list.join(", ")} }`;
}
