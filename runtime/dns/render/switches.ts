import { elsewhere } from "../../../model/dns/divisions";
import type { Answer, ClientMap, Division, Switch } from "../../../model/dns/plan";
import type { ByNetwork } from "../../../model/dns/decision";
import { placeCodes, type ClassNames, type PlaceTable } from "../geo/table";
import { referenceTo } from "./addresses";
import { remembered } from "./remembered";
import { pluginOf } from "./zone";

/** A resource of gdnsd's `geoip`. */
export const renderSwitch = remembered(({ cases }: Switch, name: string, map: string) => {
    const lines = [...cases].map(([key, answer]) => `${key} => ${renderCase(answer)}`);
    return `      ${name} => { map => ${map}, dcmap => { ${lines.join(", ")} } }\n`;
});

function renderCase(answer: Answer): string {
    switch (answer.kind) {
        case "name":
            return `${answer.name}.`;
        case "addresses":
            return answer.addresses.length === 1
                ? referenceTo(answer.addresses[0]!)
                : `[ ${answer.addresses.join(", ")} ]`;
        default:
            return `%${pluginOf(answer.kind)}!${answer.of}`;
    }
}

/** A map of gdnsd's `geoip`: what it calls datacenters are names of classes. */
export function renderMap(name: string, map: ClientMap, places: PlaceTable | undefined): string {
    if (map.kind === "networks") return renderNetworks(name, map.division);
    if (!places) throw new Error("there is no geo database");
    const names = new Set(map.divisions.flatMap((division) => [...division.names.values()].flat()));
    // One list has a client's class of each division: a resource knows those of one.
    const listOf = (own: ClassNames) => map.divisions.flatMap(({ id }) => own.get(id)!).join(", ");
    const unknown = listOf(places.unknown);
    // What equals the default need not be said.
    const codes = places.known
        .map((own, number) => ({ list: listOf(own), ...placeCodes(number) }))
        .filter(({ list }) => list !== unknown);
    const continents = [...new Set(codes.map(({ continent }) => continent))].map((continent) => {
        const own = codes.filter((code) => code.continent === continent);
        return `        ${continent} => { ${own.map(({ country, list }) => `${country} => [ ${list} ]`).join(", ")} }\n`;
    });
    return `      ${name} => { datacenters => [ ${[...names].join(", ")} ], geoip2_db => ${places.file}, map => {
        default => [ ${unknown} ]
${continents.join("")}      } }\n`;
}

function renderNetworks(name: string, division: Division<ByNetwork>): string {
    const { classifier, names } = division;
    const { networks, otherwise } = classifier;
    const others = typeof otherwise === "string" ? names.get(otherwise)! : [elsewhere(division)];
    const lists = new Map(Object.entries(networks).map(([network, of]) => [network, names.get(of)!]));
    // Clients in no network would get the first datacenter that the resource knows.
    for (const all of ["0.0.0.0/0", "::/0"]) if (!lists.has(all)) lists.set(all, others);
    const nets = [...lists].map(([network, list]) => `        ${network} => [ ${list.join(", ")} ]\n`);
    const datacenters = new Set([...names.values(), others].flat());
    return `      ${name} => { datacenters => [ ${[...datacenters].join(", ")} ], nets => {\n${nets.join("")}      } }\n`;
}
