import { ofFamily } from "../../../model/dns/answers";
import type { Answer, Zone } from "../../../model/dns/plan";

/** Never resolves (RFC 2606): a zone must name a server. */
const NO_NAME_SERVER = "invalid";

/** A zone's file (RFC 1035, 5). Names without a dot at the end are below the zone. */
export function renderZone(zone: Zone, serial: number): string {
    const { refreshSeconds, retrySeconds, expireSeconds, negativeTtlSeconds, ttlSeconds } = zone;
    const servers = zone.nameServers.length > 0 ? zone.nameServers : [NO_NAME_SERVER];
    const times = [serial % 2 ** 32, refreshSeconds, retrySeconds, expireSeconds, negativeTtlSeconds].join(" ");
    // Resolvers keep a negative answer for the smaller of the SOA's own time and the one in it (RFC 2308, 5).
    let text = `@ ${negativeTtlSeconds} SOA ${servers[0]}. ${zone.hostmaster}. ( ${times} )\n`;
    for (const server of servers) text += `@ ${ttlSeconds} NS ${server}.\n`;
    for (const { name, ttlSeconds, answer } of zone.records) text += renderRecord(name, ttlSeconds, answer);
    return text;
}

function renderRecord(name: string, ttl: number, answer: Answer): string {
    switch (answer.kind) {
        case "name":
            return `${name} ${ttl} CNAME ${answer.name}.\n`;
        case "addresses":
            return (["A", "AAAA"] as const)
                .flatMap((type) =>
                    ofFamily(answer.addresses, type === "A" ? 4 : 6).map(
                        (address) => `${name} ${ttl} ${type} ${address}\n`,
                    ),
                )
                .join("");
        default: {
            const type = answer.gives === "name" ? "DYNC" : "DYNA";
            // The second is the least: without it gdnsd may halve the first.
            return `${name} ${ttl}/${ttl} ${type} ${pluginOf(answer.kind)}!${answer.of}\n`;
        }
    }
}

export function pluginOf(kind: "pool" | "switch"): string {
    return kind === "pool" ? "weighted" : "geoip";
}
