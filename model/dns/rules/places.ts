import { COUNTRIES } from "../countries";
import type { TrafficPolicy } from "../policy";
import { known, knownEntries, type Problem } from "./problem";

/** One code belongs to one endpoint, as in Azure. */
export function placeProblems({ endpoints }: Extract<TrafficPolicy, { method: "Geographic" }>): Problem[] {
    const owners = new Map<string, string>();
    return knownEntries(endpoints).flatMap(([name, { places }]) =>
        known(places).flatMap((code): Problem[] => {
            const path = ["endpoints", name, "places"];
            const owner = owners.get(code);
            if (owner === undefined) owners.set(code, name);
            if (owner !== undefined && owner !== name)
                return [{ path, message: `must not have ${code}, which already belongs to endpoint ${owner}` }];
            if (isKnownPlace(code)) return [];
            return [{ path, message: `must not have ${code}: there is no country ${code.slice(0, 2)} (ISO 3166-1)` }];
        }),
    );
}

function isKnownPlace(code: string): boolean {
    return code === "WORLD" || code.startsWith("GEO-") || Object.hasOwn(COUNTRIES, code.slice(0, 2));
}
