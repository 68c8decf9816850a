import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { codesOf, type Place } from "../../../model/dns/countries";
import type { ByPlace } from "../../../model/dns/decision";
import type { Division, DnsPlan } from "../../../model/dns/plan";
import { GeoDatabase } from "./database";
import { encodeDatabase } from "./encode";
import { reduceTree } from "./reduce";
import { placeCodes, type ClassNames, type PlaceTable } from "./table";

/** Health decides which divisions a plan has: a table for a few of their sets each, so that none is made twice. */
const MOST_TABLES = 4;

/**
 * Writes for gdnsd, in place of the whole database, one that knows only what a plan's maps tell apart. That takes half
 * a second, and is hardly ever needed when only health has changed.
 */
export class PlaceTables {
    private readonly folder: string;
    /** The last used first. */
    private tables: { geoDatabase: string; table: PlaceTable }[] = [];

    /** @param geoFile the file of a database, by its content hash */
    constructor(
        root: string,
        private readonly geoFile: (hash: string) => string = (hash) => hash,
    ) {
        this.folder = path.join(root, "geo");
    }

    /** Undefined when the plan asks for no places. */
    async of({ maps, geoDatabase }: DnsPlan): Promise<PlaceTable | undefined> {
        const divisions = [...maps.values()].flatMap((map) => (map.kind === "places" ? map.divisions : []));
        if (divisions.length === 0 || geoDatabase === undefined) return undefined;
        const used = this.tables.find(
            (made) => made.geoDatabase === geoDatabase && divisions.every(({ id }) => made.table.unknown.has(id)),
        ) ?? { geoDatabase, table: await this.write(geoDatabase, divisions) };
        this.tables = [used, ...this.tables.filter((made) => made !== used)].slice(0, MOST_TABLES);
        return used.table;
    }

    /** Those that gdnsd does not read, once it reads the last used. */
    removeOthers(): void {
        mkdirSync(this.folder, { recursive: true });
        const kept = new Set(this.tables.map(({ table }) => table.file));
        for (const name of readdirSync(this.folder)) {
            const file = path.join(this.folder, name);
            if (!kept.has(file)) rmSync(file, { force: true });
        }
    }

    private async write(geoDatabase: string, divisions: readonly Division<ByPlace>[]): Promise<PlaceTable> {
        const { tree } = await GeoDatabase.open(this.geoFile(geoDatabase));
        const unknown = namesAt({}, divisions);
        const nowhere = textOf(unknown);
        const numbers = new Map<string, number>();
        const known: ClassNames[] = [];
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
        const file = path.join(this.folder, fileName(geoDatabase, divisions));
        mkdirSync(this.folder, { recursive: true });
        try {
            writeFileSync(`${file}.new`, encodeDatabase(branches, places, tree.addressFamily));
            renameSync(`${file}.new`, file);
        } catch (error) {
            // Half a file would fill a full disk for good.
            rmSync(`${file}.new`, { force: true });
            throw error;
        }
        return { file, known, unknown };
    }
}

function fileName(geoDatabase: string, divisions: readonly Division[]): string {
    const text = JSON.stringify([geoDatabase, ...divisions.map(({ id }) => id)]);
    return `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.mmdb`;
}

/** The names of a place's class in each division. */
function namesAt(place: Place, divisions: readonly Division<ByPlace>[]): ClassNames {
    const codes = codesOf(place);
    const classOf = ({ places, otherwise }: ByPlace) => {
        const code = codes.find((code) => Object.hasOwn(places, code));
        return code === undefined ? otherwise : places[code];
    };
    return new Map(
        divisions.map(({ id, classifier, names }) => {
            const name = classOf(classifier);
            return [id, name === undefined ? [] : names.get(name)!];
        }),
    );
}

function textOf(names: ClassNames): string {
    return JSON.stringify([...names.values()]);
}
