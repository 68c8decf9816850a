import type { GatewayInterfaces } from "../../model/balancer/network";
import type { Frontend, Plan } from "../../model/balancer/plan";
import { subnetMask } from "../../model/network/addresses";
import { dynamicSets, renderAcl, renderAdmission, renderTimeouts } from "./access";
import { COUNT_ANSWERS, COUNT_CONNECTIONS, countArrival, renderCounterSets, renderMeasure } from "./counters";
import { chain, connectionMark, elementsOf, MAP_TYPES, MAPS, SLOT_MAPS, slotMap } from "./elements";
import { MIDDLE, renderLostAnswers, renderSilence } from "./outbound";
import { declare, indented } from "./text";
import { TABLE } from "./transactions";

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
 * Rules follow from the configuration. Health changes only elements of `slots`, `refusing`, `forgiving` and `silenced`,
 * which is atomic without a lost packet. Maps are asked twice since kernels before 6.12.48 may miss an element while a
 * change is under way.
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
export function renderTable(
    plan: Plan,
    { publicInterface, privateInterface }: GatewayInterfaces,
    stamp: number,
): string {
    const { virtualIp, publicSubnet, privateSubnet, privateGateway } = plan.network;
    const elements = elementsOf(plan);
    // `services` leads to the frontends' chains, so it comes behind them.
    const maps = MAPS.filter((name) => name !== "services").map((name) => renderMap(name, elements));
    return `table ${TABLE} {
    set stamp {
        type mark
        elements = { ${stamp} }
    }
${maps.join("")}${dynamicSets(plan).map(declare).join("")}${renderTimeouts(plan)}${renderCounterSets()}    chain refuse {
        meta l4proto tcp reject with tcp reset
        reject
    }
${plan.frontends.map(renderFrontend).join("")}${renderMap("services", elements)}    chain outbound {
${renderLostAnswers(plan)}        snat ip to ${virtualIp}
    }
    chain answered {
${indented(COUNT_ANSWERS)}        tcp flags & (syn | ack) == (syn | ack) ct mark set 0
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
${indented(COUNT_CONNECTIONS)}        ct status dnat ip saddr ${publicSubnet} oifname "${privateInterface}" snat ip to ${privateGateway}
        ct status dnat ip saddr ${privateSubnet} oifname "${privateInterface}" snat ip to ${privateGateway}
        iifname "${privateInterface}" oifname "${publicInterface}" goto outbound
    }
${plan.countsPackets ? renderMeasure() : ""}}
`;
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
    const list = lines.length === 0 ? [] : [`elements = {\n${lines.join(",\n")}\n        }`];
    return declare([kind, name, [`type ${MAP_TYPES[name]}`, ...list]]);
}

/** nft takes any text of up to 128 bytes except quotes, and knows no escapes. */
function comment(name: string): string {
    return name.replace(/[^\w./:@ -]/g, "?").slice(0, 120);
}
