import { LONGEST_TTL_SECONDS } from "../../../model/dns/policy";
import type { DnsPlan } from "../../../model/dns/plan";
import type { PlaceTable } from "../geo/table";
import { renderAddresses } from "./addresses";
import { renderPool } from "./pools";
import { renderMap, renderSwitch } from "./switches";
import { renderZone } from "./zone";

export interface GdnsdSettings {
    /** Addresses with ports: `0.0.0.0:53`, `[::]:53`. */
    readonly listen: readonly string[];
    /** Where its control socket is. */
    readonly runDirectory: string;
    readonly stateDirectory: string;
}

/** A configuration directory of gdnsd's: path → text. */
export type GdnsdFiles = ReadonlyMap<string, string>;

export function renderPlan(plan: DnsPlan, settings: GdnsdSettings, places?: PlaceTable): GdnsdFiles {
    return new Map([
        ["config", renderOptions(settings) + renderPlugins(plan, places)],
        ...plan.zones.map((zone) => [`zones/${zone.name}`, renderZone(zone, plan.serial)] as const),
    ]);
}

function renderOptions({ listen, runDirectory, stateDirectory }: GdnsdSettings): string {
    // gdnsd raises, or lowers, what is out of its limits.
    return `options => {
  listen => [ ${listen.map((address) => `"${address}"`).join(", ")} ]
  run_dir => "${runDirectory}"
  state_dir => "${stateDirectory}"
  min_ttl => 0
  max_ttl => ${LONGEST_TTL_SECONDS}
  max_ncache_ttl => 86400
}
`;
}

/** All members are up for gdnsd, always: whoever is not to be answered is not in the plan. So it monitors nothing. */
function renderPlugins({ pools, switches, maps }: DnsPlan, places: PlaceTable | undefined): string {
    let text = "";
    if (pools.size > 0) {
        text += "  weighted => {\n    service_types => []\n";
        for (const [name, pool] of pools) text += renderPool(pool, name);
        text += "  }\n";
    }
    if (switches.size > 0) {
        const mapOf = new Map(
            [...maps].flatMap(([name, map]) =>
                (map.kind === "networks" ? [map.division] : map.divisions).map(({ id }) => [id, name] as const),
            ),
        );
        // A client whose class a switch does not know gets no data.
        text += "  geoip => {\n    service_types => []\n    undefined_datacenters_ok => true\n    maps => {\n";
        for (const [name, map] of maps) text += renderMap(name, map, places);
        text += "    }\n    resources => {\n";
        for (const [name, choice] of switches) text += renderSwitch(choice, name, mapOf.get(choice.division)!);
        text += `    }\n  }\n${renderAddresses(switches.values())}`;
    }
    return text && `plugins => {\n${text}}\n`;
}
