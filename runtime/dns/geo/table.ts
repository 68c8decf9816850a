/** The file that gdnsd asks where clients are, and what it makes of the answers. */
export interface PlaceTable {
    readonly file: string;
    /** By map: the names of the classes of clients, by the number of their place in the file, and of all others. */
    readonly lists: ReadonlyMap<
        string,
        { readonly known: readonly (readonly string[])[]; readonly unknown: readonly string[] }
    >;
}

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
