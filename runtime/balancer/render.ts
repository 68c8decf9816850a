import type { GatewayInterfaces } from "../../model/balancer/network";
import type { Frontend, Plan } from "../../model/balancer/plan";
import { subnetMask } from "../../model/network/addresses";
import { aclChains, dynamicSets, renderAdmission, renderTimeouts } from "./access";
import { COUNT_ANSWERS, COUNT_CONNECTIONS, countArrival, counterSets, measure } from "./counters";
import { chain, connectionMark, elementsOf, MAP_TYPES, MAPS, SLOT_MAPS, slotMap } from "./elements";
import { lostAnswers, MIDDLE, silence } from "./outbound";
import { declare, type Declaration } from "./text";
import { ATTENDED, TABLE } from "./transactions";

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
 * one rule, the first of `arrive`; of udp three, in its first seconds. The record carries the port of the frontend (its mark) until the machine has answered
 * a tcp connection: so what may be moved when a member goes is found among 100,000 others in 20 ms instead of 300.
 * What a machine sends out on its own leaves as the VIP. Internal sets have an address of their own on the private side.
 *
 * On the way, sets count what came, where it went and whether it was answered (counters.ts).
 *
 * Rules follow from the configuration. Health changes only elements of `slots`, `refusing`, `forgiving` and `silenced`,
 * which is atomic without a lost packet. Maps are asked twice since kernels before 6.12.48 may miss an element while a
 * change is under way.
 * `attended` holds an element while an agent reads what members refuse; it times out soon after the last time.
 * `stamp` holds a number that each of our transactions replaces, so that others' changes stand out (ledger.ts).
 * A new configuration takes the place of the old one within the same chains (rewrite.ts). Their rules have no sets of
 * ranges of their own: in its first moments the kernel does not find them, and a client that was to be shown as the
 * gateway was shown as itself.
 */

/** Every balancer hashes alike: a gateway that knows no connection sends each to the member that already had it. */
const SEED = "0x5717c4a2";
/** Of udp, where a set goes by the protocol too. */
const UDP_SEED = "0x5717c4a3";

/** All of the table. What it already has is not added twice; what is to leave must leave first, in the same transaction. */
export function renderTable(plan: Plan, interfaces: GatewayInterfaces, stamp: number): string {
    const elements = elementsOf(plan);
    // `services` leads to the frontends' chains, so it comes behind them.
    const maps = MAPS.filter((name) => name !== "services").map((name) => renderMap(name, elements));
    const { sets, chains } = declarationsOf(plan, interfaces);
    return renderParts([
        renderStampSet(stamp),
        ...maps,
        declare(ATTENDED),
        ...sets.map(declare),
        renderTimeouts(plan),
        ...chains.map(declare),
        renderMap("services", elements),
    ]);
}

/** Text for parts of the table. */
export function renderParts(parts: readonly string[]): string {
    return `table ${TABLE} {\n${parts.join("")}}\n`;
}

export function renderStampSet(stamp: number): string {
    return declare(["set", "stamp", ["type mark", `elements = { ${stamp} }`]]);
}

/** What the table declares besides the maps of the plan's elements and what is never removed. */
export function declarationsOf(
    plan: Plan,
    { publicInterface, privateInterface }: GatewayInterfaces,
): { sets: Declaration[]; chains: Declaration[] } {
    const { virtualIp, publicSubnet, privateSubnet, privateGateway } = plan.network;
    const begins = (hook: string) => `type ${hook}; policy accept;`;
    const service = "ip daddr . meta l4proto . th dport vmap @services";
    const shown = (clients: string) =>
        `ct status dnat ip saddr ${clients} oifname "${privateInterface}" snat ip to ${privateGateway}`;
    const chains: [string, string[]][] = [
        ["refuse", ["meta l4proto tcp reject with tcp reset", "reject"]],
        ...plan.frontends.flatMap(chainsOf),
        ["outbound", [...lostAnswers(plan), `snat ip to ${virtualIp}`]],
        ["answered", [...COUNT_ANSWERS, "tcp flags & (syn | ack) == (syn | ack) ct mark set 0"]],
        [
            "arrive",
            [
                begins("filter hook prerouting priority dstnat - 10"),
                "ct status assured accept",
                "meta l4proto tcp ct state established goto answered",
                "ct state established,related accept",
                "ct state invalid drop",
                `iifname "${publicInterface}" ip daddr != ${virtualIp} drop comment "only the VIP is reached from outside"`,
                ...silence(plan, privateInterface),
                service,
                service,
                `iifname "${privateInterface}" ip daddr ${privateSubnet} ${MIDDLE} drop comment "an answer to nobody"`,
                `ip daddr ${virtualIp} ${MIDDLE} drop comment "an answer to a machine that must speak first"`,
            ],
        ],
        [
            "translate",
            [
                begins("nat hook prerouting priority dstnat"),
                ...translations(plan),
                "ip daddr . meta l4proto . th dport vmap @refusing",
                "meta mark != 0 drop",
            ],
        ],
        [
            "leave",
            [
                begins("nat hook postrouting priority srcnat"),
                ...COUNT_CONNECTIONS,
                shown(publicSubnet),
                shown(privateSubnet),
                `iifname "${privateInterface}" oifname "${publicInterface}" goto outbound`,
            ],
        ],
        ...(plan.countsPackets ? [measure()] : []),
    ];
    return {
        sets: [...dynamicSets(plan), ...counterSets()],
        chains: chains.map(([name, lines]) => ["chain", name, lines]),
    };
}

/** A frontend's own, behind the one that it asks first. */
function chainsOf(frontend: Frontend): [string, string[]][] {
    const { firstSlot, slotCount } = frontend;
    const slot = slotCount === 1 ? firstSlot : `jhash ${hashed(frontend)} offset ${firstSlot}`;
    const rules = [
        `ct mark set ${connectionMark(frontend)} comment "${comment(frontend.name)}"`,
        countArrival(frontend),
        ...renderAdmission(frontend),
        `meta mark set ${slot}`,
    ];
    return [...aclChains(frontend), [chain(frontend), rules]];
}

/** Address and port of the frontend are the same for all its connections: the client's are what tells them apart. */
function hashed({ protocol, source, slotCount }: Frontend): string {
    if (!source) return `ip saddr . th sport mod ${slotCount} seed ${SEED}`;
    // Other dice do what the protocol among the hashed would, which nft does not combine with a prefix.
    const seed = source.byProtocol && protocol === "udp" ? UDP_SEED : SEED;
    const client = source.prefixLength === 32 ? "ip saddr" : `ip saddr & ${subnetMask(source.prefixLength)}`;
    return `${client} mod ${slotCount} seed ${seed}`;
}

/** Each is asked twice; those that no frontend needs are left out. */
function translations({ frontends }: Plan): string[] {
    const used = new Set(frontends.map(slotMap));
    const rules = SLOT_MAPS.filter((map) => map === "slots" || used.has(map)).flatMap((map) =>
        ["tcp", "udp"].map((protocol) => {
            const port = map === "shifted" ? ` : ip daddr . meta l4proto . ${protocol} dport map @shifts` : "";
            return `meta l4proto ${protocol} dnat ip to meta mark map @${map}${port}`;
        }),
    );
    return [...rules, ...rules];
}

function renderMap(name: keyof typeof MAP_TYPES, elements: ReturnType<typeof elementsOf>): string {
    const kind = MAP_TYPES[name].includes(" : ") ? "map" : "set";
    const lines = [...elements[name]].map(([key, value]) => `            ${key}${value && ` : ${value}`}`);
    const list = lines.length === 0 ? [] : [`elements = {\n${lines.join(",\n")}\n        }`];
    return declare([kind, name, [`type ${MAP_TYPES[name]}`, ...list]]);
}

/** nft takes any text of up to 128 bytes except quotes, and knows no escapes. */
function comment(name: string): string {
    return name.replace(/[^\w./:@ -]/g, "?").slice(0, 120);
}
