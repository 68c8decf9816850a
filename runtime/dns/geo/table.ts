/** The file that gdnsd asks where clients are, and what it makes of the answers. */
export interface PlaceTable {
    readonly file: string;
    /** By the number of a place in the file, the names of its class in each division, by the division's id. */
    readonly known: readonly ClassNames[];
    /** The same of all other places. */
    readonly unknown: ClassNames;
}

export type ClassNames = ReadonlyMap<string, readonly string[]>;

/** Those that gdnsd knows. */
const CONTINENTS = ["AF", "AS", "EU", "NA", "OC", "SA", "AN"] as const;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const PER_CONTINENT = LETTERS.length ** 2;

/** How the file writes the number of a place, in the words of GeoIP2. */
export function placeCodes(number: number): { continent: string; country: string } {
    const continent = CONTINENTS[Math.floor(number / PER_CONTINENT)];
    if (continent === undefined) throw new RangeError("the clients' places are too many");
    const rest = number % PER_CONTINENT;
    return { continent, country: LETTERS[Math.floor(rest / LETTERS.length)]! + LETTERS[rest % LETTERS.length]! };
}
