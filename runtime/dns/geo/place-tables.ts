import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { codesOf, type Place } from "../../../model/dns/countries";
import type { ByPlace } from "../../../model/dns/decision";
import type { Division, DnsPlan } from "../../../model/dns/plan";
import { GeoDatabase } from "./database";
import { encodeDatabase } from "./encode";
import { reduceTree } from "./reduce";
import { placeCodes, type PlaceTable } from "./table";

type Divisions = ReadonlyMap<string, readonly Division<ByPlace>[]>;

/**
 * Writes for gdnsd, in place of the whole database, one that knows only what a plan's maps tell apart. That takes half
 * a second, and is needed anew when the configuration changes, not when health does.
 */
export class PlaceTables {
    private readonly folder: string;
    private last?: { key: string; table: PlaceTable };

    /** @param geoFile the file of a database, by its content hash */
    constructor(
        root: string,
        private readonly geoFile: (hash: string) => string = (hash) => hash,
    ) {
        this.folder = path.join(root, "geo");
    }

    /** Undefined when the plan asks for no places. */
    async of({ maps, geoDatabase }: DnsPlan): Promise<PlaceTable | undefined> {
        const divisions: Divisions = new Map(
            [...maps].flatMap(([name, map]) => (map.kind === "places" ? [[name, map.divisions] as const] : [])),
        );
        if (divisions.size === 0 || geoDatabase === undefined) return undefined;
        const ids = [...divisions].map(([name, list]) => [name, ...list.map(({ id }) => id)]);
        const key = createHash("sha256")
            .update(JSON.stringify([geoDatabase, ids]))
            .digest("hex")
            .slice(0, 16);
        if (this.last?.key !== key) this.last = { key, table: await this.write(key, geoDatabase, divisions) };
        return this.last.table;
    }

    /** gdnsd reads no other any more. */
    keepOnly(table: PlaceTable | undefined): void {
        mkdirSync(this.folder, { recursive: true });
        for (const name of readdirSync(this.folder)) {
            const file = path.join(this.folder, name);
            if (file !== table?.file) rmSync(file, { force: true });
        }
    }

    private async write(key: string, geoDatabase: string, divisions: Divisions): Promise<PlaceTable> {
        const { tree } = await GeoDatabase.open(this.geoFile(geoDatabase));
        const unknown = namesAt({}, divisions);
        const numbers = new Map<string, number>();
        const known: ReadonlyMap<string, readonly string[]>[] = [];
        const nowhere = textOf(unknown);
        const branches = await reduceTree(tree, (entry) => {
            const names = namesAt(tree.placeAt(entry), divisions);
            const text = textOf(names);
            if (text === nowhere) return undefined;
            if (!numbers.has(text)) numbers.set(text, known.push(names) - 1);
            return numbers.get(text)!;
        });
        const places = known.map((_, number) => {
            const { continent, country } = placeCodes(number);
            return new Map([
                ["continent", new Map([["code", continent]])],
                ["country", new Map([["iso_code", country]])],
            ]);
        });
        const file = path.join(this.folder, `${key}.mmdb`);
        mkdirSync(this.folder, { recursive: true });
        writeFileSync(`${file}.new`, encodeDatabase(branches, places, tree.addressFamily));
        renameSync(`${file}.new`, file);
        const lists = [...divisions.keys()].map(
            (map) => [map, { unknown: unknown.get(map)!, known: known.map((names) => names.get(map)!) }] as const,
        );
        return { file, lists: new Map(lists) };
    }
}

/** The names of a place's classes, by map: one list holds those of every division. */
function namesAt(place: Place, divisions: Divisions): Map<string, readonly string[]> {
    const codes = codesOf(place);
    const classOf = ({ places, otherwise }: ByPlace) => {
        const code = codes.find((code) => Object.hasOwn(places, code));
        return code === undefined ? otherwise : places[code];
    };
    return new Map(
        [...divisions].map(([map, list]) => [
            map,
            list.flatMap(({ classifier, names }) => names.get(classOf(classifier) ?? "") ?? []),
        ]),
    );
}

function textOf(names: ReadonlyMap<string, readonly string[]>): string {
    return JSON.stringify([...names.values()]);
}
