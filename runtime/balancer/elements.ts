import type { AclEntry } from "../../model/balancer/acl";
import { silenced } from "../../model/balancer/changes";
import { firstSlotOf, slotsOf, type Destination, type Frontend, type Plan } from "../../model/balancer/plan";
import { portsOf, type PortRange } from "../../model/balancer/ports";

/** What the maps and sets of the balancer's table hold: all of it that changes while rules stay. */

export const REFUSE = "goto refuse";

export const SLOT_MAPS = ["slots", "spans", "shifted"] as const;
export type SlotMap = (typeof SLOT_MAPS)[number];

export const MAP_TYPES = {
    slots: "mark : ipv4_addr . inet_service",
    spans: "mark : ipv4_addr",
    shifted: "mark : ipv4_addr",
    shifts: "ipv4_addr . inet_proto . inet_service : inet_service",
    refusing: "ipv4_addr . inet_proto . inet_service : verdict",
    acl: "ipv4_addr . mark : verdict; counter",
    // Sets: they say nothing of their elements but that they are there.
    forgiving: "mark",
    silenced: "ipv4_addr . inet_service",
    services: "ipv4_addr . inet_proto . inet_service : verdict",
} as const;

export const MAPS = Object.keys(MAP_TYPES) as (keyof typeof MAP_TYPES)[];

/** What the maps of the table hold, by key. */
export function elementsOf(plan: Plan): Record<keyof typeof MAP_TYPES, ReadonlyMap<string, string>> {
    const inMap = (map: SlotMap) => {
        const slots = plan.frontends
            .filter((frontend) => slotMap(frontend) === map)
            .flatMap((frontend) => slotsOf(plan, frontend));
        return new Map(slots.map(([slot, destination]) => [String(slot), target(map, destination)]));
    };
    const all = (frontends: readonly Frontend[], value: (frontend: Frontend) => string) =>
        new Map(frontends.flatMap((frontend) => keys(frontend).map((key) => [key, value(frontend)] as const)));
    const shifts = plan.frontends
        .filter((frontend) => slotMap(frontend) === "shifted")
        .flatMap((frontend) =>
            keys(frontend).map((key, offset) => [key, String(frontend.privatePort + offset)] as const),
        );
    return {
        slots: inMap("slots"),
        spans: inMap("spans"),
        shifted: inMap("shifted"),
        shifts: new Map(shifts),
        refusing: all(
            plan.frontends.filter(({ name }) => plan.refusing.has(name)),
            () => REFUSE,
        ),
        forgiving: new Map(
            plan.frontends
                .filter(({ name }) => plan.forgiving.has(name))
                .map((frontend) => [forgivenMark(frontend), ""]),
        ),
        acl: new Map(plan.frontends.flatMap(aclElements)),
        services: all(plan.frontends, (frontend) => `goto ${chain(frontend)}`),
        silenced: new Map([...silenced(plan).values()].map((destination) => [target("slots", destination), ""])),
    };
}

/** Its comment is part of an element, so that what was counted for one rule is not taken for another's. */
function aclElements(frontend: Frontend): [string, string][] {
    return (frontend.acl ?? []).map((entry) => [
        `${entry.address} . ${aclMark(frontend, entry.length)} comment "${ruleName(entry)}"`,
        entry.action === "permit" ? "return" : "drop",
    ]);
}

/** A number of the frontend's own. Those of slots are not meant: none is chosen before the ACL was asked. */
export function aclMark({ firstSlot }: Frontend, length: number): number {
    return firstSlot + length;
}

export function ruleName({ order }: Pick<AclEntry, "order">): string {
    return order === undefined ? "default" : `rule ${order}`;
}

/** Which map a frontend's slots are in: they differ in what becomes of the port. */
export function slotMap({ port, portCount, privatePort }: Frontend): SlotMap {
    if (portCount === 1) return "slots";
    return port === privatePort ? "spans" : "shifted";
}

export function mapOfSlot(plan: Plan): (slot: number) => SlotMap {
    const maps = new Map(plan.frontends.map((frontend) => [frontend.firstSlot, slotMap(frontend)]));
    return (slot) => maps.get(firstSlotOf(slot))!;
}

export function target(map: SlotMap, { address, port }: Destination): string {
    return map === "slots" ? `${address} . ${port}` : address;
}

export function portsOfFrontend({ port, portCount }: Frontend): PortRange {
    return { first: port, count: portCount };
}

/** One for each port. */
export function keys(frontend: Frontend): string[] {
    const { address, protocol } = frontend;
    return [...portsOf(portsOfFrontend(frontend))].map((port) => `${address} . ${protocol} . ${port}`);
}

const MOST_PORTS = 65_536;

/** What a frontend's connections carry in the kernel's records; its protocol tells tcp from udp. */
export function connectionMark(frontend: Pick<Frontend, "internal" | "port">): number {
    return frontend.internal ? MOST_PORTS + frontend.port : frontend.port;
}

/** Its key in `forgiving`. */
export function forgivenMark(frontend: Frontend): string {
    return String(connectionMark(frontend));
}

/** Named by what is unique and never needs quoting. */
export function chain(frontend: Frontend): string {
    const { protocol, port } = frontend;
    return frontend.internal ? `internal-${protocol}-${port}` : `${protocol}-${port}`;
}
