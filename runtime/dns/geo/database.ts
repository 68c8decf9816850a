import { readFile } from "node:fs/promises";
import { Reader, type Response } from "mmdb-lib";
import Decoder from "mmdb-lib/lib/decoder";
import makeWalker from "mmdb-lib/lib/reader/walker";
import type { Place } from "../../../model/dns/countries";

/** GeoIP2 Country and City, and the flat one of the ip-location-db packages. */
interface Entry {
    readonly country?: { readonly iso_code?: string };
    readonly registered_country?: { readonly iso_code?: string };
    readonly subdivisions?: readonly { readonly iso_code?: string }[];
    readonly country_code?: string;
}

/** Its bytes between the search tree and the data. */
const SEPARATOR_BYTES = 16;

/** The search tree of a MaxMind DB file: a node has two branches, one for each value of the next bit of the address. */
export interface SearchTree {
    readonly nodeCount: number;
    readonly addressFamily: 4 | 6;
    /** A number below `nodeCount` is a node, `nodeCount` is nothing, and more is an entry. */
    branches(node: number): readonly [number, number];
    placeAt(entry: number): Place;
}

/** Tells where addresses are: a file in MaxMind's DB format. */
export class GeoDatabase {
    private constructor(
        private readonly reader: Reader<Response>,
        private readonly bytes: Buffer,
    ) {}

    static async open(file: string): Promise<GeoDatabase> {
        const bytes = await readFile(file).catch((error: Error) => {
            throw new Error(`cannot read the geo database: ${error.message}`);
        });
        try {
            return new GeoDatabase(new Reader(bytes), bytes);
        } catch {
            throw new Error(`the geo database ${file} is not a file in MaxMind's DB format`);
        }
    }

    placeOf(address: string): Place | undefined {
        if (this.reader.metadata.ipVersion === 4 && address.includes(":")) return undefined;
        const entry = this.reader.get(address) as Entry | null;
        return entry ? placeIn(entry) : undefined;
    }

    get tree(): SearchTree {
        const { nodeCount, nodeByteSize, recordSize, searchTreeSize, ipVersion } = this.reader.metadata;
        const walker = makeWalker(this.bytes, recordSize);
        const decoder = new Decoder(this.bytes, searchTreeSize + SEPARATOR_BYTES);
        return {
            nodeCount,
            addressFamily: ipVersion === 4 ? 4 : 6,
            branches: (node) => [walker.left(node * nodeByteSize), walker.right(node * nodeByteSize)],
            placeAt: (entry) => placeIn(decoder.decode(entry - nodeCount + searchTreeSize).value as Entry),
        };
    }
}

function placeIn(entry: Entry): Place {
    const country = entry.country?.iso_code ?? entry.country_code ?? entry.registered_country?.iso_code;
    if (!country) return {};
    // Of subdivisions within each other, the outermost is a state.
    const state = entry.subdivisions?.[0]?.iso_code;
    return state ? { country, state } : { country };
}
