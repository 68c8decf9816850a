import type { ElementChanges } from "../../model/balancer/changes";
import type { GatewayInterfaces } from "../../model/balancer/network";
import type { Destination, Frontend, Plan } from "../../model/balancer/plan";
import { portsOf } from "../../model/balancer/ports";
import { subnetMask } from "../../model/network/addresses";
import { declare, dynamicSets, renderAcl, renderAdmission, renderTimeouts } from "./access";
import { COUNT_ANSWERS, COUNT_CONNECTIONS, countArrival, renderCounterSets, renderMeasure } from "./counters";
import {
    chain,
    connectionMark,
    elementsOf,
    keys,
    MAP_TYPES,
    mapOfSlot,
    portsOfFrontend,
    REFUSE,
    SLOT_MAPS,
    slotMap,
    target,
    type SlotMap,
} from "./elements";

/**
 * The text of the one table that carries all traffic of a gateway.
 *
 * The path of a client's first packet to VIP:80:
 * 1. `arrive` sees it before any translation. It belongs to no connection, and `services` sends it to the chain of its
 *    address, protocol and port, `tcp-80`.
 * 2. `tcp-80` asks who may connect and how much, where that is limited (access.ts). Then it hashes the client's address and
 *    port, or what the set's distribution leaves of them, to one of the set's slots and writes the slot's number on the
 *    packet (its mark). An endpoint has one slot and needs no hash.
 * 3. `translate` replaces the destination by what `slots` holds for that number: the chosen machine.
 *    A range of ports has one slot for all: its machines are in `spans` and keep the port, or in `shifted`, and `shifts`
 *    says which port becomes which. Nothing there: a frontend in `refusing` answers "refused"; otherwise the packet is dropped, and the client tries again.
 * 4. The packet is routed to the private interface, and `leave` lets it keep the client's address; only clients on the
 *    public subnet itself, and machines of the cloud service, are shown as the gateway, because their answers would
 *    otherwise not come back this way.
 * All later packets, both ways, follow the kernel's record of the connection (conntrack); once it is under way they meet
 * one rule, the first of `arrive`. The record carries the port of the frontend (its mark) until the machine has answered
 * a tcp connection: so what may be moved when a member goes is found among 100,000 others in 20 ms instead of 300.
 * What a machine sends out on its own leaves as the VIP. Internal sets have an address of their own on the private side.
 *
 * On the way, sets count what came, where it went and whether it was answered (counters.ts).
 *
 * Rules follow from the configuration. Health changes only elements of `slots`, `refusing` and `silenced`, which is
 * atomic without a lost packet. Maps are asked twice since kernels before 6.12.48 may miss an element while a change is under way.
 * `stamp` holds a number that each of our transactions replaces, so that others' changes stand out (ledger.ts).
 * A new configuration takes the place of the old one within the same chains (rewrite.ts). Their rules have no sets of
 * ranges of their own: in its first moments the kernel does not find them, and a client that was to be shown as the
 * gateway was shown as itself.
 */

export const TABLE = "ip switchyard";

/** Every balancer hashes alike: a gateway that knows no connection sends each to the member that already had it. */
const SEED = "0x5717c4a2";
/** Of udp, where a set goes by the protocol too. */
const UDP_SEED = "0x5717c4a3";

/** No packet that begins a tcp connection. */
const MIDDLE = "tcp flags & (fin | syn | rst | ack) != syn";

/** All of the table. What it already has is not added twice; what is to leave must leave first, in the same transaction. */
export function renderTable(
    plan: Plan,
    { publicInterface, privateInterface }: GatewayInterfaces,
    stamp: number,
): string {
    const { virtualIp, publicSubnet, privateSubnet, privateGateway } = plan.network;
    const elements = elementsOf(plan);
    return `table ${TABLE} {
    set stamp {
        type mark
        elements = { ${stamp} }
    }
${renderMap("slots", elements)}${renderMap("spans", elements)}${renderMap("shifted", elements)}${renderMap("shifts", elements)}${renderMap("refusing", elements)}${renderMap("acl", elements)}${renderMap("silenced", elements)}${dynamicSets(plan).map(declare).join("")}${renderTimeouts(plan)}${renderCounterSets()}    chain refuse {
        meta l4proto tcp reject with tcp reset
        reject
    }
${plan.frontends.map(renderFrontend).join("")}${renderMap("services", elements)}    chain outbound {
${renderLostAnswers(plan)}        snat ip to ${virtualIp}
    }
    chain answered {
${ruleLines(COUNT_ANSWERS)}        tcp flags & (syn | ack) == (syn | ack) ct mark set 0
    }
    chain arrive {
        type filter hook prerouting priority dstnat - 10; policy accept;
        ct status assured accept
        ct state established goto answered
        ct state related accept
        ct state invalid drop
        iifname "${publicInterface}" ip daddr != ${virtualIp} drop comment "only the VIP is reached from outside"
${renderSilence(plan, privateInterface)}        ip daddr . meta l4proto . th dport vmap @services
        ip daddr . meta l4proto . th dport vmap @services
        iifname "${privateInterface}" ip daddr ${privateSubnet} ${MIDDLE} drop comment "an answer to nobody"
        ip daddr ${virtualIp} ${MIDDLE} drop comment "an answer to a machine that must speak first"
    }
    chain translate {
        type nat hook prerouting priority dstnat; policy accept;
${renderTranslations(plan)}        ip daddr . meta l4proto . th dport vmap @refusing
        meta mark != 0 drop
    }
    chain leave {
        type nat hook postrouting priority srcnat; policy accept;
${ruleLines(COUNT_CONNECTIONS)}        ct status dnat ip saddr ${publicSubnet} oifname "${privateInterface}" snat ip to ${privateGateway}
        ct status dnat ip saddr ${privateSubnet} oifname "${privateInterface}" snat ip to ${privateGateway}
        iifname "${privateInterface}" oifname "${publicInterface}" goto outbound
    }
${plan.countsPackets ? renderMeasure() : ""}}
`;
}

/** One line, one transaction: what leaves goes before what comes. */
export function renderChanges(plan: Plan, changes: ElementChanges, stamp: number): string {
    const frontends = new Map(plan.frontends.map((frontend) => [frontend.name, frontend]));
    const keysOf = (names: readonly string[]) => names.flatMap((name) => keys(frontends.get(name)!));
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
        change("delete", "silenced", changes.toHear.map(silent)),
        `flush set ${TABLE} stamp`,
        ...SLOT_MAPS.map((map) => change("add", map, set(map))),
        change(
            "add",
            "refusing",
            keysOf(changes.toRefuse).map((key) => `${key} : ${REFUSE}`),
        ),
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

/** A transaction that leaves everything as it was, our table too. */
export function renderNoChange(): string {
    return `add table ${TABLE}-watch; delete table ${TABLE}-watch`;
}

/** Nothing for an empty list. */
export function change(verb: "add" | "delete", name: string, list: readonly string[]): string {
    return list.length === 0 ? "" : `${verb} element ${TABLE} ${name} { ${list.join(", ")} }`;
}

function renderFrontend(frontend: Frontend): string {
    const { firstSlot, slotCount } = frontend;
    const slot = slotCount === 1 ? firstSlot : `jhash ${hashed(frontend)} offset ${firstSlot}`;
    const rules = [
        `ct mark set ${connectionMark(frontend)} comment "${comment(frontend.name)}"`,
        countArrival(frontend),
        ...renderAdmission(frontend),
        `meta mark set ${slot}`,
    ];
    return renderAcl(frontend) + declare(["chain", chain(frontend), rules]);
}

/** Address and port of the frontend are the same for all its connections: the client's are what tells them apart. */
function hashed({ protocol, source, slotCount }: Frontend): string {
    if (!source) return `ip saddr . th sport mod ${slotCount} seed ${SEED}`;
    // Other dice do what the protocol among the hashed would, which nft does not combine with a prefix.
    const seed = source.byProtocol && protocol === "udp" ? UDP_SEED : SEED;
    const client = source.prefixLength === 32 ? "ip saddr" : `ip saddr & ${subnetMask(source.prefixLength)}`;
    return `${client} mod ${slotCount} seed ${seed}`;
}

/**
 * The connections of a member that went down are forgotten, so the client's next packet meets a member that knows nothing
 * of it, and a reset. Were the member still alive and spoke first, its connection would begin again.
 */
function renderSilence({ frontends }: Plan, privateInterface: string): string {
    if (!frontends.some(({ resetsOnDown }) => resetsOnDown)) return "";
    return `        iifname "${privateInterface}" ${MIDDLE} ip saddr . tcp sport @silenced reject with tcp reset\n`;
}

/**
 * A machine may answer a client of whom the kernel has no record: after a gateway was replaced, or of a udp flow that was
 * just moved. Sent out as if the machine had begun, the answer would make a record that shadows the frontend's.
 */
function renderLostAnswers({ frontends, network: { virtualIp } }: Plan): string {
    const rules: string[] = [];
    const owners = new Map<number, number[]>();
    // Clients of internal sets are shown as the gateway, which answers for itself.
    const onVip = frontends.filter(({ address }) => address === virtualIp);
    for (const { privatePort, port, portCount } of ofProtocol(onVip, "tcp")) {
        for (const offset of Array(portCount).keys())
            owners.set(privatePort + offset, [...(owners.get(privatePort + offset) ?? []), port + offset]);
    }
    // A private port of one frontend tells which connection this was, and it goes on; of several, the client must speak first.
    const known = [...owners].filter(([, ports]) => ports.length === 1);
    const shared = [...owners].filter(([, ports]) => ports.length > 1);
    if (known.length > 0) {
        const map = known.map(([privatePort, [port]]) => `${privatePort} : ${virtualIp} . ${port}`);
        rules.push(`${MIDDLE} snat ip to tcp sport map { ${map.join(", ")} }`);
    }
    if (shared.length > 0) rules.push(`${MIDDLE} tcp sport { ${shared.map(([port]) => port).join(", ")} } drop`);
    const udpPorts = ofProtocol(onVip, "udp").flatMap((frontend) => [...portsOf(portsOfFrontend(frontend))]);
    if (udpPorts.length > 0) rules.push(`udp sport { ${udpPorts.join(", ")} } snat ip to ${virtualIp} random`);
    return ruleLines(rules);
}

function ofProtocol(frontends: readonly Frontend[], protocol: Frontend["protocol"]): Frontend[] {
    return frontends.filter((frontend) => frontend.protocol === protocol);
}

/** Each is asked twice; those that no frontend needs are left out. */
function renderTranslations({ frontends }: Plan): string {
    const used = new Set(frontends.map(slotMap));
    const rules = SLOT_MAPS.filter((map) => map === "slots" || used.has(map)).flatMap((map) =>
        ["tcp", "udp"].map((protocol) => {
            const port = map === "shifted" ? ` : ip daddr . meta l4proto . ${protocol} dport map @shifts` : "";
            return `        meta l4proto ${protocol} dnat ip to meta mark map @${map}${port}\n`;
        }),
    );
    return [...rules, ...rules].join("");
}

function renderMap(name: keyof typeof MAP_TYPES, elements: ReturnType<typeof elementsOf>): string {
    const kind = MAP_TYPES[name].includes(" : ") ? "map" : "set";
    const lines = [...elements[name]].map(([key, value]) => `            ${key}${value && ` : ${value}`}`);
    const list = lines.length === 0 ? "" : `        elements = {\n${lines.join(",\n")}\n        }\n`;
    return `    ${kind} ${name} {\n        type ${MAP_TYPES[name]}\n${list}    }\n`;
}

function ruleLines(rules: readonly string[]): string {
    return rules.map((rule) => `        ${rule}\n`).join("");
}

/** nft takes any text of up to 128 bytes except quotes, and knows no escapes. */
function comment(name: string): string {
    return name.replace(/[^\w./:@ -]/g, "?").slice(0, 120);
}
